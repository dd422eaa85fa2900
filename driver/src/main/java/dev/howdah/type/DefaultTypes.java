package dev.howdah.type;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which of PostgreSQL's own types a Java class stands for when nothing else says so. Classes that serve several types, or
 * that codecs take beside their own, are named here; a class that is the own class of codecs of one type only needs no
 * entry. Classes of several types that are not named stand for none.
 */
final class DefaultTypes {

    private static final Map<Class<?>, Integer> NAMED = Map.ofEntries(
            Map.entry(Boolean.class, BuiltinTypes.BOOL),
            Map.entry(Byte.class, BuiltinTypes.INT2),
            Map.entry(Short.class, BuiltinTypes.INT2),
            Map.entry(Integer.class, BuiltinTypes.INT4),
            Map.entry(Long.class, BuiltinTypes.INT8),
            Map.entry(BigInteger.class, BuiltinTypes.NUMERIC),
            Map.entry(BigDecimal.class, BuiltinTypes.NUMERIC),
            Map.entry(Float.class, BuiltinTypes.FLOAT4),
            Map.entry(Double.class, BuiltinTypes.FLOAT8),
            Map.entry(String.class, BuiltinTypes.TEXT),
            Map.entry(Character.class, BuiltinTypes.TEXT),
            Map.entry(CharSequence.class, BuiltinTypes.TEXT),
            Map.entry(Enum.class, BuiltinTypes.TEXT),
            Map.entry(byte[].class, BuiltinTypes.BYTEA),
            Map.entry(ByteBuffer.class, BuiltinTypes.BYTEA),
            Map.entry(UUID.class, BuiltinTypes.UUID),
            Map.entry(LocalDate.class, BuiltinTypes.DATE),
            Map.entry(LocalTime.class, BuiltinTypes.TIME),
            Map.entry(OffsetTime.class, BuiltinTypes.TIMETZ),
            Map.entry(LocalDateTime.class, BuiltinTypes.TIMESTAMP),
            Map.entry(OffsetDateTime.class, BuiltinTypes.TIMESTAMPTZ),
            Map.entry(ZonedDateTime.class, BuiltinTypes.TIMESTAMPTZ),
            Map.entry(Instant.class, BuiltinTypes.TIMESTAMPTZ),
            Map.entry(Duration.class, BuiltinTypes.INTERVAL),
            Map.entry(Period.class, BuiltinTypes.INTERVAL));

    private static final Map<Class<?>, Integer> ALL = all();

    private DefaultTypes() {}

    private static Map<Class<?>, Integer> all() {
        Map<Class<?>, Integer> all = new HashMap<>(NAMED);
        Set<Class<?>> several = new HashSet<>(NAMED.keySet());
        several.add(Object.class);
        BuiltinCodecs.entries().forEach((oid, entry) -> {
            for (Codec<?> codec : entry.all()) {
                Class<?> javaType = codec.javaType();
                @Nullable Integer other = several.contains(javaType) ? null : all.put(javaType, oid);
                if (other != null && !other.equals(oid)) {
                    several.add(javaType);
                    all.remove(javaType);
                }
            }
        });
        return Map.copyOf(all);
    }

    /** Returns the OID of the type that exactly this class stands for, 0 if there is none. */
    static int exact(Class<?> javaType) {
        return ALL.getOrDefault(javaType, 0);
    }

    /** Returns the OID of the type that a class above this one stands for, 0 if there is none. */
    static int inherited(Class<?> javaType) {
        for (Map.Entry<Class<?>, Integer> entry : ALL.entrySet()) {
            if (entry.getKey().isAssignableFrom(javaType)) {
                return entry.getValue();
            }
        }
        return 0;
    }

    /**
     * Returns the narrower type that holds the values of both without loss, null if there is none.
     *
     * @param one an OID
     * @param other an OID
     */
    static @Nullable Integer common(int one, int other) {
        if (one == other) {
            return one;
        }
        int first = rank(one);
        int second = rank(other);
        if (first == 0 || second == 0) {
            return null;
        } else if (floating(one) != floating(other)) {
            return BuiltinTypes.NUMERIC;
        }
        return first > second ? one : other;
    }

    private static boolean floating(int oid) {
        return oid == BuiltinTypes.FLOAT4 || oid == BuiltinTypes.FLOAT8;
    }

    private static int rank(int oid) {
        return switch (oid) {
            case BuiltinTypes.INT2, BuiltinTypes.FLOAT4 -> 1;
            case BuiltinTypes.INT4, BuiltinTypes.FLOAT8 -> 2;
            case BuiltinTypes.INT8 -> 3;
            case BuiltinTypes.NUMERIC -> 4;
            default -> 0;
        };
    }
}
