package dev.howdah.type;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which labels of PostgreSQL's enums the constants of one Java enum stand for; see {@link Label}. */
final class EnumLabels {

    private static final ClassValue<EnumLabels> KNOWN = new ClassValue<>() {
        @Override
        protected EnumLabels computeValue(Class<?> type) {
            return new EnumLabels(type);
        }
    };

    private final Class<?> type;
    private final List<Enum<?>> constants;
    /** By the label that a constant carries, else its name. */
    private final Map<String, Enum<?>> exact = new HashMap<>();

    private final Map<Enum<?>, String> annotated = new HashMap<>();

    private EnumLabels(Class<?> type) {
        this.type = type;
        this.constants = List.of((Enum<?>[]) type.getEnumConstants());
        for (Enum<?> constant : constants) {
            @Nullable Label label = annotation(constant);
            if (label != null) {
                annotated.put(constant, label.value());
            }
            @Nullable Enum<?> other = exact.put(label == null ? constant.name() : label.value(), constant);
            if (other != null) {
                throw new IllegalArgumentException("the constants " + other.name() + " and " + constant.name() + " of "
                        + type.getTypeName() + " stand for the same label");
            }
        }
    }

    private static @Nullable Label annotation(Enum<?> constant) {
        try {
            return constant.getDeclaringClass().getField(constant.name()).getAnnotation(Label.class);
        } catch (NoSuchFieldException e) {
            throw new IllegalArgumentException(
                    constant.getDeclaringClass().getTypeName() + " has no field for its constant " + constant.name(),
                    e);
        }
    }

    /**
     * Returns the labels of a Java enum.
     *
     * @throws IllegalArgumentException if two constants stand for the same label
     */
    static EnumLabels of(Class<?> type) {
        return KNOWN.get(type);
    }

    /**
     * Returns the constant that stands for a label.
     *
     * @param name whether the label may be named in an exception
     */
    Enum<?> constant(String label, boolean name) {
        @Nullable Enum<?> known = exact.get(label);
        if (known != null) {
            return known;
        }
        @Nullable Enum<?> found = null;
        String folded = fold(label);
        for (Enum<?> constant : constants) {
            @Nullable String own = annotated.get(constant);
            if (folded.equals(fold(constant.name())) || own != null && folded.equals(fold(own))) {
                if (found != null) {
                    throw Refusal.reading("both constants " + found.name() + " and " + constant.name() + " could be "
                            + named(label, name) + "; say which with @Label");
                }
                found = constant;
            }
        }
        if (found == null) {
            throw Refusal.reading("no constant of " + type.getTypeName() + " stands for " + named(label, name));
        }
        return found;
    }

    private static String named(String label, boolean name) {
        return name ? "the label \"" + label + "\"" : "the text";
    }

    /**
     * Returns the label that a constant stands for.
     *
     * @param labels what labels the type has, null if that is not known
     */
    static String label(Enum<?> constant, @Nullable List<String> labels) {
        @Nullable String own = of(constant.getDeclaringClass()).annotated.get(constant);
        if (own != null) {
            return own;
        }
        String name = constant.name();
        if (labels == null || labels.contains(name)) {
            return name;
        }
        String folded = fold(name);
        List<String> fitting =
                labels.stream().filter(label -> fold(label).equals(folded)).toList();
        if (fitting.size() > 1) {
            throw Refusal.writing(
                    "the constant " + name + " could be any of the labels " + fitting + "; say which with @Label");
        }
        return fitting.isEmpty() ? name : fitting.getFirst();
    }

    private static String fold(String text) {
        return text.toLowerCase(Locale.ROOT).replace(' ', '_').replace('-', '_');
    }
}
