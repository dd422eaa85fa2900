package dev.howdah;

import dev.howdah.error.ConfigException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The URI form of a connection string:
 * {@code postgresql://[user[:password]@][host[:port]][,...][/dbname][?keyword=value[&...]]}. Messages never quote the
 * URI: a password whose special characters are not percent-encoded can end up in any part of it.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS">Connection URIs</a>
 */
final class ConninfoUri {
    private static final List<String> SCHEMES = List.of("postgresql://", "postgres://");
    private static final String PASSWORD_HINT =
            " (do special characters of a user name or password stand as percent codes, for example %40 for @?)";

    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final String text;
    private final BiConsumer<String, String> sink;
    private int at;

    private ConninfoUri(String text, int start, BiConsumer<String, String> sink) {
        this.text = text;
        this.at = start;
        this.sink = sink;
    }

    /** Whether a connection string has this form. */
    static boolean isUri(String text) {
        return SCHEMES.stream().anyMatch(text::startsWith);
    }

    /** Hands each pair to the sink, in order: later ones win. */
    static void parse(String text, BiConsumer<String, String> sink) {
        String scheme = SCHEMES.stream().filter(text::startsWith).findFirst().orElseThrow();
        ConninfoUri uri = new ConninfoUri(text, scheme.length(), sink);
        uri.credentials();
        uri.hosts();
        if (uri.take('/')) {
            uri.database();
        }
        if (uri.take('?')) {
            uri.query();
        }
    }

    private void credentials() {
        int end = at;
        while (end < text.length() && text.charAt(end) != '@' && text.charAt(end) != '/') {
            end++;
        }
        if (end == text.length() || text.charAt(end) == '/') {
            return;
        }
        store("user", until(":@"));
        if (take(':')) {
            store("password", until("@"));
        }
        at = end + 1;
    }

    private void hosts() {
        StringBuilder hosts = new StringBuilder();
        StringBuilder ports = new StringBuilder();
        boolean more;
        do {
            hosts.append(take('[') ? bracketed() : until(":/?,"));
            if (take(':')) {
                ports.append(until("/?,"));
            }
            more = take(',');
            if (more) {
                hosts.append(',');
                ports.append(',');
            }
        } while (more);
        store("host", hosts.toString());
        store("port", ports.toString());
    }

    private String bracketed() {
        String address = until("]");
        if (!take(']')) {
            throw new ConfigException("host", "a \"[\" has no \"]\" in the connection URI");
        }
        if (address.isEmpty()) {
            throw new ConfigException("host", "an address in brackets is empty in the connection URI");
        }
        if (at < text.length() && ":/?,".indexOf(text.charAt(at)) < 0) {
            throw new ConfigException(
                    "host", "after \"]\" there must be \":\", \"/\", \"?\" or \",\" in the connection URI");
        }
        return address;
    }

    private void database() {
        String name = until("?");
        if (name.indexOf('@') >= 0) {
            throw new ConfigException("dbname", "in the connection URI, an @ must be written as %40" + PASSWORD_HINT);
        }
        store("dbname", name);
    }

    private void query() {
        while (at < text.length()) {
            String pair = until("&");
            take('&');
            int equal = pair.indexOf('=');
            if (equal < 0) {
                throw new ConfigException(null, "A parameter of the connection URI has no \"=\"" + PASSWORD_HINT);
            }
            String keyword = decode(null, pair.substring(0, equal));
            String raw = pair.substring(equal + 1);
            if (raw.indexOf('=') >= 0) {
                throw new ConfigException(
                        Keyword.find(keyword) == null ? null : keyword,
                        "a parameter of the connection URI has more than one \"=\"; write %3D for others");
            }
            if (Keyword.find(keyword) == null && raw.indexOf('@') >= 0) {
                throw new ConfigException(null, "A parameter of the connection URI is unknown" + PASSWORD_HINT);
            }
            String value = decode(Keyword.find(keyword) == null ? null : keyword, raw);
            if (keyword.equals("ssl") && value.equals("true")) {
                sink.accept("sslmode", "require");
            } else {
                sink.accept(keyword, value);
            }
        }
    }

    private void store(String keyword, String raw) {
        if (!raw.isEmpty()) {
            sink.accept(keyword, decode(keyword, raw));
        }
    }

    private boolean take(char c) {
        boolean found = at < text.length() && text.charAt(at) == c;
        if (found) {
            at++;
        }
        return found;
    }

    private String until(String stops) {
        int start = at;
        while (at < text.length() && stops.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    /** Blanks around a part are dropped, blanks inside are refused, as libpq 18 does it. */
    private static String decode(@Nullable String keyword, String encoded) {
        String raw = encoded.strip();
        if (raw.chars().anyMatch(Character::isWhitespace)) {
            throw new ConfigException(keyword, "there is a blank in the connection URI; write %20");
        }
        if (raw.indexOf('%') < 0) {
            return raw;
        }
        byte[] in = raw.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(in.length);
        for (int i = 0; i < in.length; i++) {
            if (in[i] != '%') {
                out.put(in[i]);
                continue;
            }
            int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = i + 2 < in.length ? Character.digit(in[i + 2], 16) : -1;
            if (high < 0 || low < 0 || (high == 0 && low == 0)) {
                throw new ConfigException(
                        keyword, "after \"%\" in the connection URI there must be two hexadecimal digits, not 00");
            }
            out.put((byte) (high << 4 | low));
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(out.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new ConfigException(keyword, "the percent codes in the connection URI are not UTF-8", e);
        }
    }

    /** Writes masked options as a URI that {@link #parse} reads back. */
    static String print(List<ConnectOptions.Host> hosts, Map<String, String> masked) {
        Map<String, String> others = new LinkedHashMap<>(masked);
        StringBuilder out = new StringBuilder(SCHEMES.get(0)).append(encode(masked.getOrDefault("user", "")));
        String password = others.remove("password");
        if (password != null) {
            out.append(':').append(encode(password));
        }
        String separator = "@";
        for (ConnectOptions.Host host : hosts) {
            boolean brackets = host.name().indexOf(':') >= 0 && !host.isSocket();
            String name = encode(host.name());
            out.append(separator)
                    .append(brackets ? "[" + name.replace("%3A", ":") + "]" : name)
                    .append(':')
                    .append(host.port());
            separator = ",";
        }
        out.append('/').append(encode(masked.getOrDefault("dbname", "")));
        others.keySet().removeAll(List.of("user", "host", "port", "dbname"));
        char before = '?';
        for (Map.Entry<String, String> other : others.entrySet()) {
            out.append(before).append(other.getKey()).append('=').append(encode(other.getValue()));
            before = '&';
        }
        return out.toString();
    }

    private static String encode(String text) {
        if (text.equals(Keyword.MASK)) {
            // Asterisks may stand in a URI as they are; encoded ones would not look like a mask.
            return text;
        }
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (UNRESERVED.indexOf(b) >= 0) {
                out.append((char) b);
            } else {
                out.append('%').append(HEX.toHexDigits(b));
            }
        }
        return out.toString();
    }
}
