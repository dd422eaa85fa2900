package dev.howdah;

import dev.howdah.error.ConversionException;
import dev.howdah.sql.Identifier;
import dev.howdah.type.PgType;
import dev.howdah.type.SqlQuote;
import dev.howdah.type.TypeCodecs;
import dev.howdah.type.TypeRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** The statement that calls a function or procedure. Immutable. */
final class RoutineCall {

    /** The pseudo-type that stands for each value by itself; a NULL has to have some type there. */
    private static final int ANY = 2276;

    /** Pseudo-types that take their type from the argument: any, anyelement, anyarray, anycompatible and the like. */
    private static final Set<Integer> POLYMORPHIC =
            Set.of(ANY, 2277, 2283, 2776, 3500, 3831, 4537, 4538, 5077, 5078, 5079, 5080);

    private final String sql;
    private final @Nullable Object[] parameters;

    private RoutineCall(String sql, @Nullable Object[] parameters) {
        this.sql = sql;
        this.parameters = parameters;
    }

    String sql() {
        return sql;
    }

    @Nullable
    Object[] parameters() {
        return parameters;
    }

    /**
     * Makes a call with arguments in order.
     *
     * @param found what has that name; if nothing does, the server is to say so
     */
    static RoutineCall positional(Verbs verbs, Identifier name, @Nullable Object[] arguments, List<Routine> found) {
        int count = arguments.length;
        TypeRegistry types = verbs.sqlContext().types();
        List<Routine> fitting = fitting(found, r -> r.takes(count));
        List<String> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int argument = i;
            values.add("$" + (i + 1) + cast(types, arguments[i], fitting, r -> r.typeOid(argument, count)));
        }
        Routine procedure = procedure(found, fitting, r -> exact(types, arguments, r));
        if (procedure != null && !procedure.hasPlacesForOut(count)) {
            insertOuts(values, procedure);
        }
        return make(procedure, name, values, arguments);
    }

    /**
     * Makes a call with named arguments. They stand in the order of their names, so that one statement serves all calls.
     *
     * @param found what has that name; if nothing does, the server is to say so
     */
    static RoutineCall named(Verbs verbs, Identifier name, Map<String, ?> arguments, List<Routine> found) {
        Map<String, @Nullable Object> sorted = new TreeMap<>();
        arguments.forEach((key, value) -> {
            if (key == null) {
                throw new IllegalArgumentException("the name of an argument cannot be null");
            }
            sorted.put(key, value);
        });
        List<Routine> fitting = fitting(found, r -> r.takes(sorted));
        List<String> values = new ArrayList<>();
        sorted.forEach((key, value) -> values.add(Identifier.of(key).quoted() + " => $" + (values.size() + 1)
                + cast(verbs.sqlContext().types(), value, fitting, r -> r.typeOid(key))));
        Routine procedure = procedure(found, fitting, r -> 0);
        if (procedure != null) {
            for (String out : procedure.outsBeside(sorted)) {
                values.add(Identifier.of(out).quoted() + " => NULL");
            }
        }
        return make(procedure, name, values, sorted.values().toArray());
    }

    private static RoutineCall make(
            @Nullable Routine procedure, Identifier name, List<String> values, @Nullable Object[] parameters) {
        String before = procedure == null ? "select * from " : "call ";
        return new RoutineCall(before + name.quoted() + "(" + String.join(", ", values) + ")", parameters);
    }

    /** A function and a procedure may share a name: the function goes first. */
    private static List<Routine> fitting(List<Routine> found, Predicate<Routine> takes) {
        List<Routine> fitting = found.stream().filter(takes).toList();
        List<Routine> functions = fitting.stream().filter(r -> !r.isProcedure()).toList();
        return functions.isEmpty() ? fitting : functions;
    }

    /** Returns the procedure to be called, null if it is a function. */
    private static @Nullable Routine procedure(
            List<Routine> found, List<Routine> fitting, ToIntFunction<Routine> score) {
        Routine best = null;
        for (Routine routine : fitting.isEmpty() ? found : fitting) {
            if (!routine.isProcedure()) {
                return null;
            }
            if (best == null || score.applyAsInt(routine) > score.applyAsInt(best)) {
                best = routine;
            }
        }
        return best;
    }

    /** Puts NULL where the OUT parameters are, as long as there are arguments behind or none are missing. */
    private static void insertOuts(List<String> values, Routine procedure) {
        for (int i = 0; i < procedure.parameters().size() && i <= values.size(); i++) {
            if (procedure.parameters().get(i).isOut()) {
                values.add(i, "NULL");
            }
        }
    }

    /** Returns how many arguments are, by their class, of just the type that the routine wants. */
    private static int exact(TypeRegistry types, @Nullable Object[] arguments, Routine routine) {
        if (!routine.takes(arguments.length)) {
            return 0;
        }
        int exact = 0;
        for (int i = 0; i < arguments.length; i++) {
            PgType own = type(types, arguments[i]);
            exact += own != null && own.oid() == routine.typeOid(i, arguments.length) ? 1 : 0;
        }
        return exact;
    }

    /** Returns a cast to the type of the argument's class if what could be called leaves its type open, else nothing. */
    private static String cast(
            TypeRegistry types, @Nullable Object argument, List<Routine> fitting, ToIntFunction<Routine> typeOid) {
        int[] wanted = fitting.stream().mapToInt(typeOid).distinct().toArray();
        boolean open = wanted.length > 1 || Arrays.stream(wanted).anyMatch(POLYMORPHIC::contains);
        if (argument == null && Arrays.stream(wanted).anyMatch(oid -> oid == ANY)) {
            return "::pg_catalog.text";
        }
        PgType type = open ? type(types, argument) : null;
        if (type == null) {
            return "";
        }
        String schema = type.schema();
        Identifier name = schema == null ? Identifier.of(type.name()) : Identifier.of(schema, type.name());
        return "::" + name.quoted();
    }

    /** Returns the type that a value stands for by its class, null if there is none. */
    private static @Nullable PgType type(TypeRegistry types, @Nullable Object value) {
        try {
            Object adapted = types.adapt(value);
            TypeCodecs codecs = adapted == null || adapted instanceof SqlQuote ? null : types.codecsFor(adapted);
            return codecs == null ? null : codecs.type();
        } catch (ConversionException e) {
            // Running the statement says it better: it knows the parameter.
            return null;
        }
    }
}
