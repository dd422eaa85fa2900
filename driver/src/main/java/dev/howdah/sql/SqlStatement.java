package dev.howdah.sql;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A composed statement as it is sent: text with {@code $1, $2 ...}, and where their values come from. Made by {@link
 * Sql#statement}. Immutable.
 */
public final class SqlStatement {

    /** The most parameters that a statement can have. */
    public static final int MAX_PARAMETERS = 65_535;

    /** Where the value of a parameter comes from. */
    sealed interface Source {
        /** It came with the statement. */
        record Value(@Nullable Object value) implements Source {}

        /** It is the next one given. */
        record Position(int index) implements Source {}

        /** It is given by name. */
        record Name(String name) implements Source {}
    }

    private final String text;
    private final @Nullable List<Source> sources;
    private final int positions;

    /**
     * Makes a statement.
     *
     * @param sources one for each parameter; null if the text has its own numbers, which the server checks
     */
    SqlStatement(String text, @Nullable List<Source> sources) {
        this.text = text;
        this.sources = sources == null ? null : List.copyOf(sources);
        this.positions = sources == null
                ? 0
                : (int) sources.stream()
                        .filter(s -> s instanceof Source.Position)
                        .count();
    }

    /** Returns the text. */
    public String text() {
        return text;
    }

    /**
     * Returns the values of all parameters.
     *
     * @param given one for each placeholder without a name, in their order
     * @throws IllegalArgumentException if their count is another, or a named placeholder has no value
     */
    public @Nullable Object[] parameters(@Nullable Object... given) {
        if (sources == null) {
            return given;
        }
        if (given.length != positions) {
            throw new IllegalArgumentException("the statement has " + positions + " placeholder"
                    + (positions == 1 ? "" : "s") + " without a name, " + given.length
                    + (given.length == 1 ? " value was" : " values were") + " given");
        }
        List<String> missing = names().stream().map(name -> ":" + name).toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("no value was bound for " + String.join(", ", missing));
        }
        return resolve(sources, given, Map.of());
    }

    /**
     * Returns the values of all parameters for one set of a batch.
     *
     * @param set a Collection or an array of objects with one value for each placeholder without a name; or a Map or a
     *     record with the values of those that have one
     * @throws IllegalArgumentException if the values are not those that the statement takes
     */
    public @Nullable Object[] parametersOf(Object set) {
        if (set instanceof Object[] array) {
            return parameters(array);
        } else if (set instanceof Collection<?> collection) {
            return parameters(collection.toArray());
        }
        Map<String, ?> values = NamedValues.of(set, names());
        if (sources == null || positions > 0) {
            throw new IllegalArgumentException("the statement takes values by position, the set has names");
        }
        return resolve(sources, new Object[0], values);
    }

    /**
     * Returns the sets of a batch with the values of all parameters each, made as they are asked for.
     *
     * @param sets as for {@link #parametersOf}
     */
    public Iterable<@Nullable Object[]> parameterSets(Iterable<?> sets) {
        return () -> {
            Iterator<?> given = sets.iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return given.hasNext();
                }

                @Override
                public @Nullable Object[] next() {
                    return parametersOf(given.next());
                }
            };
        };
    }

    /** Returns the names without a value, in the order of their places. */
    private List<String> names() {
        if (sources == null) {
            return List.of();
        }
        return sources.stream()
                .filter(s -> s instanceof Source.Name)
                .map(s -> ((Source.Name) s).name())
                .toList();
    }

    private static @Nullable Object[] resolve(List<Source> sources, @Nullable Object[] given, Map<String, ?> named) {
        @Nullable Object[] values = new @Nullable Object[sources.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (sources.get(i)) {
                case Source.Value value -> value.value();
                case Source.Position position -> given[position.index()];
                case Source.Name name -> named.get(name.name());
            };
        }
        return values;
    }

    /**
     * Returns the values in a form that each parameter of the text has exactly one.
     *
     * @param numbers the numbers that the user wrote in the text
     */
    @Nullable
    Object[] complete(Set<Integer> numbers, @Nullable Object... given) {
        @Nullable Object[] values = parameters(given);
        if (sources == null) {
            Set<Integer> left = new HashSet<>(numbers);
            for (int n = 1; n <= values.length; n++) {
                if (!left.remove(n)) {
                    throw new IllegalArgumentException(
                            values.length + " values were given, but $" + n + " is not in the text");
                }
            }
            if (!left.isEmpty()) {
                int[] missing = left.stream().mapToInt(n -> n).sorted().toArray();
                throw new IllegalArgumentException("no value was given for $" + missing[0]
                        + (missing.length > 1 ? " and " + (missing.length - 1) + " more" : ""));
            }
        }
        return Arrays.copyOf(values, values.length);
    }

    /** Returns the text; no value. */
    @Override
    public String toString() {
        return text;
    }
}
