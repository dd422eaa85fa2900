package dev.howdah;

import dev.howdah.ConnectOptions.Host;
import dev.howdah.password.Secret;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The values that hold after all sources were asked, secrets apart from the others. Immutable. */
final class EffectiveOptions {
    private static final Set<Keyword> ALWAYS_PRINTED =
            EnumSet.of(Keyword.HOST, Keyword.PORT, Keyword.USER, Keyword.DBNAME);
    private static final Set<Keyword> WAYS_TO_VALUES =
            EnumSet.of(Keyword.HOST, Keyword.HOSTADDR, Keyword.PORT, Keyword.SERVICE, Keyword.SERVICEFILE);
    private static final int NANO_DIGITS = 9;

    private final Set<Keyword> given;
    private final Map<Keyword, String> open = new EnumMap<>(Keyword.class);
    private final Map<Keyword, Secret> secrets = new EnumMap<>(Keyword.class);
    private final Map<String, String> parameters;
    private final List<Host> hosts;

    /**
     * Keeps the values.
     *
     * @param given what somebody gave
     * @param complete the same with defaults
     * @param hosts what the values of host, hostaddr and port mean
     */
    EffectiveOptions(GivenOptions given, Map<Keyword, String> complete, List<Host> hosts) {
        this.given = EnumSet.noneOf(Keyword.class);
        this.given.addAll(given.keywords());
        complete.forEach((keyword, value) -> {
            if (keyword.isSecret()) {
                secrets.put(keyword, Secret.of(value));
            } else {
                open.put(keyword, value);
            }
        });
        this.parameters = Collections.unmodifiableMap(new TreeMap<>(given.parameters()));
        this.hosts = List.copyOf(hosts);
    }

    List<Host> hosts() {
        return hosts;
    }

    Map<String, String> parameters() {
        return parameters;
    }

    /** The value, maybe empty, of a keyword that is no secret; null if there is none. */
    @Nullable
    String raw(Keyword keyword) {
        return open.get(keyword);
    }

    /** The value of a keyword that is no secret; null if there is none or it is empty. */
    @Nullable
    String value(Keyword keyword) {
        String value = open.get(keyword);
        return value == null || value.isEmpty() ? null : value;
    }

    /** The value of a keyword that has always one. */
    String required(Keyword keyword) {
        return Objects.requireNonNull(open.get(keyword), keyword.text());
    }

    /** A secret; null if there is none or it is empty. */
    @Nullable
    Secret secret(Keyword keyword) {
        Secret secret = secrets.get(keyword);
        return secret == null || secret.isEmpty() ? null : secret;
    }

    int integer(Keyword keyword) {
        String value = value(keyword);
        return value == null ? 0 : KeywordCheck.parseInt(keyword.text(), value);
    }

    /** A number of seconds; null for 0. */
    @Nullable
    Duration duration(Keyword keyword) {
        return positive(Duration.ofNanos(KeywordCheck.parseSeconds(keyword.text(), required(keyword))
                .movePointRight(NANO_DIGITS)
                .longValue()));
    }

    static @Nullable Duration positive(Duration duration) {
        return duration.isPositive() ? duration : null;
    }

    /** The usual spelling of a TLS version; null for no limit. */
    @Nullable
    String tlsVersion(Keyword keyword) {
        String value = value(keyword);
        return value == null ? null : KeywordCheck.TLS_VERSIONS.get(KeywordCheck.tlsRank(keyword.text(), value));
    }

    String protocolVersion(Keyword keyword) {
        String value = required(keyword);
        return value.equals("latest") ? "3.2" : value;
    }

    /** Everything as given again: given keywords with their values, hosts as found, the user, the parameters. */
    GivenOptions asGiven() {
        GivenOptions all = new GivenOptions();
        for (Keyword keyword : given) {
            Secret secret = secrets.get(keyword);
            all.put(keyword, secret == null ? open.getOrDefault(keyword, "") : secret.reveal());
        }
        all.put(Keyword.HOST, hostNames());
        all.put(Keyword.PORT, hostPorts());
        all.put(Keyword.USER, required(Keyword.USER));
        all.put(Keyword.PASSFILE, required(Keyword.PASSFILE));
        parameters.forEach(all::putParameter);
        return all;
    }

    /**
     * The values by keyword, secrets masked.
     *
     * @param passwordElsewhere whether a supplier has the password
     * @param onlyGiven whether to leave out defaults (but for the first four)
     */
    Map<String, String> masked(boolean passwordElsewhere, boolean onlyGiven) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("host", hostNames());
        all.put("port", hostPorts());
        all.put("user", required(Keyword.USER));
        if (passwordElsewhere) {
            all.put("password", Keyword.MASK);
        }
        for (Keyword keyword : Keyword.values()) {
            String value = secrets.containsKey(keyword) ? Keyword.MASK : open.get(keyword);
            if (value != null && (!onlyGiven || given.contains(keyword) || ALWAYS_PRINTED.contains(keyword))) {
                all.putIfAbsent(keyword.text(), value);
            }
        }
        parameters.forEach((name, value) -> all.put(GivenOptions.PARAMETER_PREFIX + name, value));
        return all;
    }

    private String hostNames() {
        return hosts.stream().map(Host::name).collect(Collectors.joining(","));
    }

    private String hostPorts() {
        return hosts.stream().map(h -> Integer.toString(h.port())).collect(Collectors.joining(","));
    }

    /** Whether the values are the same, wherever they come from. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EffectiveOptions that
                && hosts.equals(that.hosts)
                && compared().equals(that.compared())
                && secrets.equals(that.secrets)
                && parameters.equals(that.parameters);
    }

    @Override
    public int hashCode() {
        return Objects.hash(hosts, compared());
    }

    private Map<Keyword, String> compared() {
        Map<Keyword, String> values = new EnumMap<>(Keyword.class);
        values.putAll(open);
        values.keySet().removeAll(WAYS_TO_VALUES);
        return values;
    }
}
