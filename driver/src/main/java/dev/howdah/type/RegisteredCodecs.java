package dev.howdah.type;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds what the user registered for a Java class, in a registry and its parents. */
final class RegisteredCodecs {

    private final TypeRegistry types;

    RegisteredCodecs(TypeRegistry types) {
        this.types = types;
    }

    /** Returns the codecs that were registered for a type, the default first. */
    List<Codec<?>> forType(PgType type) {
        List<Codec<?>> codecs = new ArrayList<>();
        for (RegistryState scope : types.states()) {
            for (RegistryState.Registration registration : scope.registrations()) {
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
        types.states().forEach(scope -> all.addAll(scope.converters()));
        return all.isEmpty() ? Converters.NONE : new Converters(all);
    }

    @Nullable
    TypeCodecs forClass(Class<?> javaType) {
        for (RegistryState scope : types.states()) {
            for (RegistryState.Registration registration : scope.registrations()) {
                Class<?> taken = registration.codec().javaType();
                if (!(registration.codec() instanceof CasterCodec)
                        && taken != Object.class
                        && taken.isAssignableFrom(javaType)) {
                    return serving(registration);
                }
            }
        }
        @Nullable JsonMapper mapper = types.json();
        Class<?> documents = mapper == null ? String.class : mapper.defaultType();
        boolean document =
                documents != Object.class && documents != String.class && documents.isAssignableFrom(javaType);
        return document ? types.codecs(BuiltinTypes.JSONB) : null;
    }

    /** Returns what serves the type that a codec was registered for, known or not. */
    private TypeCodecs serving(RegistryState.Registration registration) {
        String name = registration.typeName();
        if (name == null) {
            return types.codecs(registration.oid());
        }
        for (RegistryState scope : types.states()) {
            for (PgType type : scope.types().values()) {
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
        return new TypeCodecs(
                types, unknown, List.of(registration.codec()), registration.codec(), null, null, types.converters());
    }
}
