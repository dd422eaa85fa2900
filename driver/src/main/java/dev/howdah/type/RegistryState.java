package dev.howdah.type;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that changes in a {@link TypeRegistry}, in one piece.
 *
 * @param registrations the latest first
 * @param types those found in a catalog, by OID
 */
record RegistryState(
        int version,
        List<Registration> registrations,
        Map<Integer, PgType> types,
        List<Converter<?, ?>> converters,
        Adapters adapters,
        @Nullable JsonMapper json) {

    static final RegistryState EMPTY = new RegistryState(0, List.of(), Map.of(), List.of(), Adapters.NONE, null);

    /** A codec for one OID, or for a type name if that is not null. */
    record Registration(int oid, @Nullable String typeName, Codec<?> codec) {

        boolean serves(PgType type) {
            if (typeName == null) {
                return oid == type.oid();
            }
            return typeName.equals(type.name()) || typeName.equals(type.schema() + "." + type.name());
        }
    }

    RegistryState adding(Registration registration) {
        List<Registration> all = new ArrayList<>(registrations.size() + 1);
        all.add(registration);
        all.addAll(registrations);
        return with(all);
    }

    RegistryState adding(Converter<?, ?> converter) {
        List<Converter<?, ?>> all = new ArrayList<>(converters.size() + 1);
        all.add(converter);
        all.addAll(converters);
        return withConverters(all);
    }

    RegistryState with(List<Registration> changed) {
        return new RegistryState(version + 1, List.copyOf(changed), types, converters, adapters, json);
    }

    RegistryState with(Map<Integer, PgType> changed) {
        return new RegistryState(version + 1, registrations, Map.copyOf(changed), converters, adapters, json);
    }

    RegistryState with(Adapters changed) {
        return new RegistryState(version + 1, registrations, types, converters, changed, json);
    }

    RegistryState withConverters(List<Converter<?, ?>> changed) {
        return new RegistryState(version + 1, registrations, types, List.copyOf(changed), adapters, json);
    }

    RegistryState withJson(@Nullable JsonMapper changed) {
        return new RegistryState(version + 1, registrations, types, converters, adapters, changed);
    }
}
