package dev.howdah.session;

import dev.howdah.message.RowDescription;
import dev.howdah.type.Decoder;
import dev.howdah.type.TypeRegistry;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the columns of a result are: their description, the format they come in, how each is decoded and where each name
 * stands. Made once for each statement and shared by all its results; safe for several threads.
 */
public final class RowShape {

    /** So many plans are kept. */
    private static final int MAX_PLANS = 8;

    private final List<RowDescription.Field> fields;
    private final boolean[] binary;
    private final TypeRegistry types;
    private final int typesVersion;
    private final @Nullable Decoder<?>[] decoders;
    private final @Nullable Targeted<?>[] targeted;
    private final Map<String, Integer> names;
    private volatile Plan[] plans = {};

    private RowShape(List<RowDescription.Field> fields, boolean[] binary, TypeRegistry types) {
        this.fields = fields;
        this.binary = binary;
        this.types = types;
        this.typesVersion = types.version();
        this.decoders = new Decoder<?>[binary.length];
        this.targeted = new Targeted<?>[binary.length];
        this.names = HashMap.newHashMap(binary.length);
        for (int i = binary.length - 1; i >= 0; i--) {
            names.put(fields.get(i).name(), i);
        }
    }

    /** Makes the shape of a prepared statement's result: binary wherever the type has such a form. */
    static RowShape ofStatement(List<RowDescription.Field> fields, TypeRegistry types) {
        boolean[] binary = new boolean[fields.size()];
        for (int i = 0; i < binary.length; i++) {
            binary[i] = types.binary(fields.get(i).typeOid());
        }
        return new RowShape(fields, binary, types);
    }

    /** Makes the shape of a result, or of a row within one, whose formats the server has said. */
    public static RowShape ofResult(List<RowDescription.Field> fields, TypeRegistry types) {
        boolean[] binary = new boolean[fields.size()];
        for (int i = 0; i < binary.length; i++) {
            binary[i] = fields.get(i).format() != 0;
        }
        return new RowShape(fields, binary, types);
    }

    /** Returns how many columns there are. */
    public int size() {
        return binary.length;
    }

    /** Returns the description of a column. */
    public RowDescription.Field field(int column) {
        return fields.get(column);
    }

    /** Returns whether a column comes in binary. */
    public boolean binary(int column) {
        return binary[column];
    }

    /** Returns the first column of that name, or -1. */
    public int indexOf(String name) {
        Integer index = names.get(name);
        return index == null ? -1 : index;
    }

    /** Returns the types that the columns are decoded with. */
    public TypeRegistry types() {
        return types;
    }

    /** Returns whether types have been registered since this shape was made. */
    boolean isStale() {
        return typesVersion != types.version();
    }

    /** Returns the same columns as they came, decoded with the types as they are known now. */
    static @Nullable RowShape renewed(@Nullable RowShape shape) {
        return shape == null || !shape.isStale() ? shape : new RowShape(shape.fields, shape.binary, shape.types);
    }

    /** Returns what decodes a column into its default Java value. */
    public Decoder<?> decoder(int column) {
        Decoder<?> decoder = decoders[column];
        if (decoder == null) {
            decoder = types.decoder(fields.get(column).typeOid(), binary[column]);
            decoders[column] = decoder;
        }
        return decoder;
    }

    /** Returns what decodes a column into a class of the caller's choice. */
    @SuppressWarnings("unchecked")
    public <T> Decoder<T> decoder(int column, Class<T> target) {
        Targeted<?> last = targeted[column];
        if (last != null && last.target == target) {
            return (Decoder<T>) last.decoder;
        }
        Decoder<T> decoder = types.decoder(fields.get(column).typeOid(), binary[column], target);
        targeted[column] = new Targeted<>(target, decoder);
        return decoder;
    }

    /** Returns what decodes a column into a Java type with type arguments. */
    public Decoder<?> decoder(int column, Type target) {
        Targeted<?> last = targeted[column];
        if (last != null && last.target.equals(target)) {
            return last.decoder;
        }
        Decoder<?> decoder = types.decoder(fields.get(column).typeOid(), binary[column], target);
        targeted[column] = new Targeted<>(target, decoder);
        return decoder;
    }

    /** The decoder that a column was asked for last; immutable, so that threads may race for its place. */
    private static final class Targeted<T> {
        private final Type target;
        private final Decoder<T> decoder;

        Targeted(Type target, Decoder<T> decoder) {
            this.target = target;
            this.decoder = decoder;
        }
    }

    private record Plan(Class<?> target, Object plan) {}

    /** Returns what {@link #plan(Class, Object)} kept for a class, or null. */
    public @Nullable Object plan(Class<?> target) {
        for (Plan plan : plans) {
            if (plan.target == target) {
                return plan.plan;
            }
        }
        return null;
    }

    /**
     * Keeps something made for this shape, such as a plan that maps its rows to a class. The last few are kept; of two
     * threads that keep one at the same time, one may lose its, which is then made again.
     */
    public void plan(Class<?> target, Object plan) {
        Plan[] before = plans;
        int kept = Math.min(before.length, MAX_PLANS - 1);
        Plan[] all = new Plan[kept + 1];
        all[0] = new Plan(target, plan);
        System.arraycopy(before, 0, all, 1, kept);
        plans = all;
    }
}
