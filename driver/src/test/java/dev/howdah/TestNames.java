package dev.howdah;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The name server of the tests: knows the names that they make up, and asks the system for all that are not its own. */
public final class TestNames extends InetAddressResolverProvider {

    private static final String OWN = ".howdah.test";
    private static final Map<String, Entry> NAMES = new ConcurrentHashMap<>();
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** What a look-up gives, after what it does first. */
    private record Entry(List<String> addresses, Runnable first) {}

    /** Made by the JDK. */
    public TestNames() {}

    /** A name that no test has had before, with these addresses in this order; with none of them it is unknown. */
    static String of(String... addresses) {
        return of(() -> {}, addresses);
    }

    /** The same, where something happens before the answer comes. */
    static String of(Runnable first, String... addresses) {
        String name = "name" + COUNT.incrementAndGet() + OWN;
        NAMES.put(name, new Entry(List.of(addresses), first));
        return name;
    }

    @Override
    public String name() {
        return "names of tests";
    }

    @Override
    public InetAddressResolver get(Configuration configuration) {
        InetAddressResolver system = configuration.builtinResolver();
        return new InetAddressResolver() {
            @Override
            public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
                return host.endsWith(OWN) ? own(host) : system.lookupByName(host, policy);
            }

            @Override
            public String lookupByAddress(byte[] address) throws UnknownHostException {
                return system.lookupByAddress(address);
            }
        };
    }

    private static Stream<InetAddress> own(String host) throws UnknownHostException {
        Entry entry = NAMES.get(host);
        if (entry == null) {
            throw new UnknownHostException(host + ": no test has made this name");
        }
        entry.first().run();
        List<InetAddress> found = new ArrayList<>();
        for (String address : entry.addresses()) {
            found.add(InetAddress.getByAddress(
                    host, InetAddress.getByName(address).getAddress()));
        }
        if (found.isEmpty()) {
            throw new UnknownHostException(host + ": Name or service not known");
        }
        return found.stream();
    }
}
