package dev.howdah;

import dev.howdah.error.ConfigException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Options as somebody gave them, before defaults. Mutable, for one thread; holds secrets in the clear. */
final class GivenOptions {
    /** In text, {@code parameter.NAME=value} gives any startup parameter. */
    static final String PARAMETER_PREFIX = "parameter.";

    private static final Pattern KEYWORD_LIKE = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]{0,62}");

    /** Startup parameters that have a keyword of their own. */
    private static final Map<String, Keyword> PARAMETERS_WITH_KEYWORD = Map.of(
            "user", Keyword.USER,
            "database", Keyword.DBNAME,
            "options", Keyword.OPTIONS,
            "replication", Keyword.REPLICATION,
            "application_name", Keyword.APPLICATION_NAME,
            "client_encoding", Keyword.CLIENT_ENCODING);

    private final EnumMap<Keyword, String> values = new EnumMap<>(Keyword.class);
    private final TreeMap<String, String> parameters = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    /** The value given, or null. */
    @Nullable
    String get(Keyword keyword) {
        return values.get(keyword);
    }

    /** Whether something other than an empty text is given. */
    boolean has(Keyword keyword) {
        String value = values.get(keyword);
        return value != null && !value.isEmpty();
    }

    Map<String, String> parameters() {
        return parameters;
    }

    Set<Keyword> keywords() {
        return values.keySet();
    }

    void remove(Keyword keyword) {
        values.remove(keyword);
    }

    /** Checks and stores; the last value wins. */
    void put(Keyword keyword, String value) {
        keyword.check(value);
        values.put(keyword, value);
    }

    /** Checks and stores, by the text of the keyword. */
    void put(String keyword, String value) {
        if (keyword.startsWith(PARAMETER_PREFIX)) {
            putParameter(keyword.substring(PARAMETER_PREFIX.length()), value);
        } else if (keyword.equals("requiressl")) {
            put(Keyword.SSLMODE, value.startsWith("1") ? "require" : "prefer");
        } else {
            put(known(keyword), value);
        }
    }

    /** Checks and stores a startup parameter. */
    void putParameter(String name, String value) {
        String keyword = PARAMETER_PREFIX + name;
        if (!KEYWORD_LIKE.matcher(name).matches() || name.startsWith("_pq_.")) {
            throw new ConfigException(PARAMETER_PREFIX + "*", "there is a name that is not one of a server setting");
        }
        Keyword own = PARAMETERS_WITH_KEYWORD.get(name.toLowerCase(Locale.ROOT));
        if (own != null) {
            throw new ConfigException(keyword, "use the option " + own.text());
        }
        if (value.indexOf('\0') >= 0) {
            throw new ConfigException(keyword, "a value may not hold the character NUL");
        }
        parameters.put(name, value);
    }

    /** Takes from a source of lower rank what is not given here. */
    void fillFrom(GivenOptions lower) {
        lower.values.forEach(values::putIfAbsent);
        lower.parameters.forEach(parameters::putIfAbsent);
    }

    GivenOptions copy() {
        GivenOptions copy = new GivenOptions();
        copy.values.putAll(values);
        copy.parameters.putAll(parameters);
        return copy;
    }

    private static Keyword known(String text) {
        Keyword keyword = Keyword.find(text);
        if (keyword != null) {
            return keyword;
        }
        if (KEYWORD_LIKE.matcher(text).matches()) {
            throw new ConfigException(text, "there is no such option");
        }
        throw new ConfigException(null, "There is a word before a \"=\" that is no connection option");
    }
}
