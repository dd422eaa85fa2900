package dev.howdah.session;

import dev.howdah.message.IntList;
import dev.howdah.message.RowDescription;
import dev.howdah.type.ParameterEncoder;
import dev.howdah.type.TypeRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A statement that the server has described: its parameters, its columns and what encodes and decodes them. Used by one
 * conversation at a time.
 */
public final class ServerStatement {

    private final String name;
    private final String sql;
    private final IntList parameterTypes;
    private final @Nullable List<RowDescription.Field> fields;
    private final TypeRegistry types;
    private final int generation;
    private final List<ServerStatement> scoped = new ArrayList<>();
    private ParameterEncoder[] encoders;
    private int encodersVersion;
    private @Nullable RowShape shape;
    /** At which version of the types all that could be known of its types was, or -1. */
    private int lookedUpVersion = -1;

    ServerStatement(
            String name,
            String sql,
            IntList parameterTypes,
            @Nullable List<RowDescription.Field> fields,
            TypeRegistry types,
            int generation) {
        this.name = name;
        this.sql = sql;
        this.parameterTypes = parameterTypes;
        this.fields = fields;
        this.types = types;
        this.generation = generation;
        this.encodersVersion = types.version();
        this.encoders = makeEncoders();
    }

    /** So many scopes are remembered, the one used longest ago goes first. */
    private static final int MAX_SCOPES = 4;

    /** Returns the same statement as it is encoded and decoded in another scope of types. */
    ServerStatement in(TypeRegistry scope) {
        if (scope == types) {
            return this;
        }
        for (int i = 0; i < scoped.size(); i++) {
            if (scoped.get(i).types == scope) {
                ServerStatement known = scoped.remove(i);
                scoped.add(known);
                return known;
            }
        }
        if (scoped.size() == MAX_SCOPES) {
            scoped.removeFirst();
        }
        ServerStatement made = new ServerStatement(name, sql, parameterTypes, fields, scope, generation);
        scoped.add(made);
        return made;
    }

    /**
     * Returns what a text is to the server that differs from this one in how often a part of it is repeated.
     *
     * @param parameters how many parameters it takes; they have the types of the first ones of this
     */
    ServerStatement shortened(String text, int parameters) {
        IntList fewer = IntList.of(Arrays.copyOf(parameterTypes.toArray(), parameters));
        return new ServerStatement("", text, fewer, fields, types, generation);
    }

    /** Returns a statement with another text that the server does not keep and has not described. */
    ServerStatement unnamed(String text, TypeRegistry scope) {
        return new ServerStatement("", text, parameterTypes, null, scope, generation);
    }

    /** Returns its columns as they are decoded in another scope of types, or null if it has no result set. */
    public @Nullable RowShape shape(TypeRegistry scope) {
        return fields == null ? null : RowShape.ofStatement(fields, scope);
    }

    /** Returns its name on the server; empty if the server does not keep it. */
    public String name() {
        return name;
    }

    /** Returns its text. */
    public String sql() {
        return sql;
    }

    /** Returns whether the server keeps it under a name. */
    public boolean isNamed() {
        return !name.isEmpty();
    }

    /** Returns which {@link StatementCache#generation()} it belongs to. */
    int generation() {
        return generation;
    }

    /** Returns how many parameters it takes. */
    public int parameterCount() {
        return parameterTypes.size();
    }

    /** Returns the OIDs of the types of its parameters. */
    IntList parameterTypes() {
        return parameterTypes;
    }

    /** Returns the OID of the type of a parameter, counted from 0. */
    public int parameterType(int index) {
        return parameterTypes.get(index);
    }

    /** Returns its columns, or null if it has no result set. */
    public @Nullable RowShape shape() {
        if (fields == null) {
            return null;
        }
        RowShape current = shape;
        if (current == null || current.isStale()) {
            current = RowShape.ofStatement(fields, types);
            shape = current;
        }
        return current;
    }

    /** Returns whether the catalog need not be asked about its types, as far as is known. */
    boolean hasLookedUp() {
        return lookedUpVersion == types.version();
    }

    /** Notes that the catalog has said of its types what it can. */
    void lookedUp() {
        lookedUpVersion = types.version();
    }

    /** Returns the OIDs of the types of its parameters and columns. */
    Collection<Integer> typeOids() {
        Set<Integer> oids = new HashSet<>();
        for (int i = 0; i < parameterTypes.size(); i++) {
            oids.add(parameterTypes.get(i));
        }
        if (fields != null) {
            for (RowDescription.Field field : fields) {
                oids.add(field.typeOid());
            }
        }
        return oids;
    }

    /** Returns what encodes each parameter; not to be changed. */
    ParameterEncoder[] encoders() {
        if (encodersVersion != types.version()) {
            encodersVersion = types.version();
            encoders = makeEncoders();
        }
        return encoders;
    }

    TypeRegistry types() {
        return types;
    }

    private ParameterEncoder[] makeEncoders() {
        ParameterEncoder[] made = new ParameterEncoder[parameterTypes.size()];
        for (int i = 0; i < made.length; i++) {
            made[i] = types.encoder(parameterTypes.get(i));
        }
        return made;
    }
}
