package dev.howdah.transport;

import dev.howdah.auth.AuthSettings;
import dev.howdah.password.Secret;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Everything that dialling a server needs to know.
 *
 * @param hosts whom to try, in order
 * @param resolver finds their addresses
 * @param shuffle whether hosts, and the addresses of each, are tried in random order
 * @param target which kind of server is wanted
 * @param tls how TLS is to be done
 * @param sockets how TCP watches over the connection
 * @param user the role
 * @param passwords gives the password for a host, or null; asked once for each attempt
 * @param authentication how we may prove who we are
 * @param protocolVersion the newest protocol version to ask for, as in the startup message
 * @param oldestProtocolVersion the oldest protocol version to accept
 * @param parameters what the startup message says, user included
 * @param timeout how long one attempt may take, or null for no limit
 * @param totalTimeout how long all attempts together may take, or null for no limit
 */
public record DialPlan(
        List<Host> hosts,
        Resolver resolver,
        boolean shuffle,
        SessionTarget target,
        TlsSettings tls,
        SocketSettings sockets,
        String user,
        Function<Host, @Nullable Secret> passwords,
        AuthSettings authentication,
        int protocolVersion,
        int oldestProtocolVersion,
        Map<String, String> parameters,
        @Nullable Duration timeout,
        @Nullable Duration totalTimeout) {

    /** Finds addresses. */
    @FunctionalInterface
    public interface Resolver {

        /**
         * Finds all addresses of a host, in order.
         *
         * @throws UnknownHostException if there is none
         */
        List<Endpoint> resolve(Host host) throws UnknownHostException;
    }

    /**
     * One host to try.
     *
     * @param name a name, an address or the folder of a Unix socket
     * @param address the address to use in place of a look-up, or null
     * @param port its port
     */
    public record Host(String name, @Nullable String address, int port) {

        /** Returns whether its addresses have to be looked up. */
        public boolean isName() {
            return address == null && !Endpoint.isSocketFolder(name) && !TlsHostName.isAddress(name);
        }
    }

    /** Checks and copies. */
    public DialPlan {
        hosts = List.copyOf(hosts);
        parameters = new LinkedHashMap<>(parameters);
    }
}
