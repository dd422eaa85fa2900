package dev.howdah;

import dev.howdah.sql.Identifier;
import dev.howdah.type.TypeRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A function or procedure of the catalog, as far as calling it needs.
 *
 * @param isProcedure whether it is called by CALL
 * @param parameters all that it has, OUT ones included, but not the columns of a table that it returns
 * @param defaults how many of the last ones that take something may be left out
 * @param variadicOid the OID of what the last one takes any number of, 0 if it takes one
 * @see <a href="https://www.postgresql.org/docs/current/catalog-pg-proc.html">pg_proc</a>
 */
record Routine(boolean isProcedure, List<Parameter> parameters, int defaults, int variadicOid) {

    /**
     * A parameter.
     *
     * @param name empty if it has none
     * @param isOut whether it only gives something back
     * @param typeOid the OID of its type
     */
    record Parameter(String name, boolean isOut, int typeOid) {}

    /**
     * Names are cut to what the server stores of them, as it does itself. The schema of temporary things has another name
     * in the catalog, one for each session.
     */
    private static final String LOOK_UP = """
            SELECT p.prokind::pg_catalog.text, p.pronargdefaults, p.provariadic::pg_catalog.int8,
                pg_catalog.array_to_string(coalesce(p.proallargtypes, p.proargtypes::pg_catalog.oid[]), ','),
                pg_catalog.array_to_string(p.proargmodes, ''), p.proargnames
            FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
            WHERE p.proname = $1::pg_catalog.text::pg_catalog.name
                AND CASE WHEN $2::pg_catalog.text = '' THEN pg_catalog.pg_function_is_visible(p.oid)
                    WHEN $2::pg_catalog.text = 'pg_temp' THEN n.oid = pg_catalog.pg_my_temp_schema()
                    ELSE n.nspname = $2::pg_catalog.text::pg_catalog.name END
            ORDER BY p.oid
            """.replace(" = ", " OPERATOR(pg_catalog.=) ");

    private static final TypeRef<List<String>> NAMES = new TypeRef<>() {};

    /** Returns all that have this name; if it has no schema, those that the search path leads to. */
    static List<Routine> find(Verbs verbs, Identifier name) {
        List<String> parts = name.parts();
        String schema = parts.size() > 1 ? parts.get(parts.size() - 2) : "";
        List<Routine> found = new ArrayList<>();
        for (Row row : verbs.own(LOOK_UP, parts.getLast(), schema)) {
            found.add(of(row));
        }
        return found;
    }

    private static Routine of(Row row) {
        String oids = Objects.requireNonNull(row.getString(3));
        String modes = row.getString(4);
        List<String> names = row.get(5, NAMES);
        String[] types = oids.isEmpty() ? new String[0] : oids.split(",", -1);
        List<Parameter> parameters = new ArrayList<>(types.length);
        for (int i = 0; i < types.length; i++) {
            char mode = modes == null ? 'i' : modes.charAt(i);
            if (mode != 't') {
                String name = names == null ? "" : names.get(i);
                parameters.add(new Parameter(name, mode == 'o', Integer.parseUnsignedInt(types[i])));
            }
        }
        return new Routine("p".equals(row.getString(0)), parameters, row.getInt(1), (int) row.getLong(2));
    }

    private List<Parameter> taken() {
        return parameters.stream().filter(p -> !p.isOut()).toList();
    }

    /** Returns whether OUT parameters are given places: only in a CALL, if there are as many arguments as parameters. */
    boolean hasPlacesForOut(int arguments) {
        return isProcedure && arguments == parameters.size() && arguments != taken().size();
    }

    /** Returns whether it can be called with so many arguments. */
    boolean takes(int arguments) {
        int most = taken().size();
        int least = most - defaults - (variadicOid == 0 ? 0 : 1);
        return arguments >= least && (arguments <= most || variadicOid != 0) || hasPlacesForOut(arguments);
    }

    /** Returns whether it can be called with arguments of these names. */
    boolean takes(Map<String, ?> named) {
        int missing = 0;
        int known = 0;
        for (Parameter parameter : parameters) {
            boolean given = named.containsKey(parameter.name());
            known += given && (isProcedure || !parameter.isOut()) ? 1 : 0;
            missing += given || parameter.isOut() ? 0 : 1;
        }
        return known == named.size() && missing <= defaults;
    }

    /** Returns the OID of the type that an argument, counted from 0, has to have. */
    int typeOid(int argument, int arguments) {
        if (hasPlacesForOut(arguments)) {
            return parameters.get(argument).typeOid();
        }
        List<Parameter> taken = taken();
        return variadicOid != 0 && argument >= taken.size() - 1
                ? variadicOid
                : taken.get(argument).typeOid();
    }

    /** Returns the OID of the type of the parameter of that name, 0 if there is none. */
    int typeOid(String name) {
        for (Parameter parameter : parameters) {
            if (parameter.name().equals(name)) {
                return parameter.typeOid();
            }
        }
        return 0;
    }

    /** Returns the OUT parameters that have a name which is not among these. */
    List<String> outsBeside(Map<String, ?> named) {
        return parameters.stream()
                .filter(p -> p.isOut() && !p.name().isEmpty() && !named.containsKey(p.name()))
                .map(Parameter::name)
                .toList();
    }
}
