package dev.howdah.type;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a registry and its parents hold at one moment.
 *
 * @param types the registry
 * @param states that of the registry first, then those of its parents
 */
record RegistryScopes(TypeRegistry types, List<RegistryState> states) {

    /** Returns the codecs that were registered for a type, the default first. */
    List<Codec<?>> registered(PgType type) {
        List<Codec<?>> codecs = new ArrayList<>();
        for (RegistryState state : states) {
            for (RegistryState.Registration registration : state.registrations()) {
                if (registration.serves(type)) {
                    codecs.add(registration.codec());
                }
            }
        }
        return codecs;
    }

    /** Returns the converters that count. */
    Converters converters() {
        List<Converter<?, ?>> all = new ArrayList<>();
        for (RegistryState state : states) {
            all.addAll(state.converters());
        }
        return all.isEmpty() ? Converters.NONE : new Converters(all);
    }

    /** Returns what serves the type whose codec was registered last and takes a Java class, null if there is none. */
    @Nullable
    TypeCodecs codecsFor(Class<?> javaType) {
        for (RegistryState state : states) {
            for (RegistryState.Registration registration : state.registrations()) {
                Class<?> taken = registration.codec().javaType();
                if (!(registration.codec() instanceof CasterCodec)
                        && taken != Object.class
                        && taken.isAssignableFrom(javaType)) {
                    return serving(registration);
                }
            }
        }
        return null;
    }

    /** Returns what serves the type that a codec was registered for, known or not. */
    private TypeCodecs serving(RegistryState.Registration registration) {
        String name = registration.typeName();
        if (name == null) {
            return types.codecs(registration.oid());
        }
        for (RegistryState state : states) {
            for (PgType type : state.types().values()) {
                if (registration.serves(type)) {
                    return types.codecs(type.oid());
                }
            }
        }
        for (PgType type : BuiltinTypes.all()) {
            if (registration.serves(type)) {
                return types.codecs(type.oid());
            }
        }
        int dot = name.indexOf('.');
        PgType unknown =
                PgType.of(0, dot < 0 ? null : name.substring(0, dot), name.substring(dot + 1), PgType.Kind.BASE, 0);
        return new TypeCodecs(types, unknown, List.of(registration.codec()), registration.codec(), null, null);
    }
}
