package dev.howdah.type;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Works out what serves one type, and the types that it is made of. PostgreSQL lets no type contain itself; should a
 * catalog say so nevertheless, or nest types deeper than any user does, the innermost is served as text.
 */
final class TypeResolver {

    /** So many types may stand within each other. */
    static final int MAX_DEPTH = 100;

    private final TypeRegistry registry;
    private final Map<Integer, TypeCodecs> known;
    private final Converters converters;
    private final Set<Integer> path = new LinkedHashSet<>();

    /**
     * Begins.
     *
     * @param known what was resolved before, at the same version; grows
     */
    TypeResolver(TypeRegistry registry, Map<Integer, TypeCodecs> known) {
        this.registry = registry;
        this.known = known;
        this.converters = registry.converters();
    }

    TypeCodecs resolve(int oid) {
        @Nullable TypeCodecs before = known.get(oid);
        if (before != null) {
            return before;
        }
        PgType type = registry.describe(oid);
        if (path.size() == MAX_DEPTH || !path.add(oid)) {
            return scalar(type, new ArrayList<>(), BuiltinCodecs.TEXT_ONLY);
        }
        TypeCodecs made = make(type);
        path.remove(oid);
        known.put(oid, made);
        return made;
    }

    private TypeCodecs make(PgType type) {
        List<Codec<?>> codecs = new ArrayList<>();
        for (Codec<?> codec : new RegisteredCodecs(registry).forType(type)) {
            codecs.add(codec instanceof EnumCodec<?> constants ? constants.withLabels(labels(type)) : codec);
        }
        switch (type.kind()) {
            case ARRAY -> {
                return new TypeCodecs(registry, type, codecs, null, resolve(type.elementOid()), null, converters);
            }
            case DOMAIN -> {
                TypeCodecs base = resolve(type.baseOid());
                codecs.addAll(base.codecs());
                return new TypeCodecs(
                        registry, type, codecs, base.general(), base.element(), base.structure(), converters);
            }
            case ENUM -> {
                return scalar(type, codecs, BuiltinCodecs.Entry.of(new TextCodec(true, type.labels())));
            }
            default -> {
                @Nullable Structure structure = structure(type);
                if (structure != null) {
                    return new TypeCodecs(registry, type, codecs, null, null, structure, converters);
                }
                BuiltinCodecs.@Nullable Entry entry = entry(type);
                if (entry == null && writes(codecs)) {
                    return new TypeCodecs(registry, type, codecs, general(codecs), null, null, converters);
                }
                return scalar(type, codecs, entry == null ? BuiltinCodecs.TEXT_ONLY : entry);
            }
        }
    }

    private @Nullable Structure structure(PgType type) {
        switch (type.kind()) {
            case RANGE -> {
                return type.baseOid() == 0 ? null : new RangeStructure(resolve(type.baseOid()));
            }
            case MULTIRANGE -> {
                return type.baseOid() != 0 && resolve(type.baseOid()).structure() instanceof RangeStructure range
                        ? new MultirangeStructure(range)
                        : null;
            }
            case COMPOSITE -> {
                @Nullable List<PgType.Attribute> attributes = type.attributes();
                return attributes == null
                        ? null
                        : new CompositeStructure(
                                type.oid(),
                                attributes,
                                attributes.stream()
                                        .map(attribute -> resolve(attribute.typeOid()))
                                        .toList());
            }
            default -> {
                return type.oid() == BuiltinTypes.RECORD ? new RecordStructure(registry, 0) : null;
            }
        }
    }

    private @Nullable List<String> labels(PgType type) {
        if (type.kind() != PgType.Kind.DOMAIN) {
            return type.labels();
        }
        return resolve(type.baseOid()).general() instanceof TextCodec text ? text.labels() : null;
    }

    private BuiltinCodecs.@Nullable Entry entry(PgType type) {
        if (type.oid() == BuiltinTypes.JSON) {
            return BuiltinCodecs.Entry.of(new JsonCodec(new TextCodec(true), registry.json()));
        } else if (type.oid() == BuiltinTypes.JSONB) {
            return BuiltinCodecs.Entry.of(new JsonCodec(new JsonbCodec(), registry.json()));
        }
        BuiltinCodecs.@Nullable Entry own = BuiltinCodecs.find(type.oid());
        @Nullable String receiver = type.receiver();
        return own == null && receiver != null ? ExtensionCodecs.find(receiver) : own;
    }

    private static boolean writes(List<Codec<?>> codecs) {
        return codecs.stream().anyMatch(codec -> !(codec instanceof CasterCodec));
    }

    private static Codec<?> general(List<Codec<?>> codecs) {
        return codecs.stream()
                .filter(codec -> !(codec instanceof CasterCodec))
                .findFirst()
                .orElseThrow();
    }

    private TypeCodecs scalar(PgType type, List<Codec<?>> codecs, BuiltinCodecs.Entry entry) {
        codecs.addAll(entry.all());
        return new TypeCodecs(registry, type, codecs, entry.general(), null, null, converters);
    }
}
