package dev.howdah.type;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds what writes a Java value for which no PostgreSQL type is given, arrays included. */
final class DefaultCodecs {

    private final TypeRegistry types;
    private final Function<Class<?>, @Nullable TypeCodecs> registered;

    /**
     * Makes a finder.
     *
     * @param registered finds what the user registered for a class
     */
    DefaultCodecs(TypeRegistry types, Function<Class<?>, @Nullable TypeCodecs> registered) {
        this.types = types;
        this.registered = registered;
    }

    @Nullable
    TypeCodecs of(Object value) {
        if (ArrayShape.isContainer(value) || value instanceof PgArray<?>) {
            @Nullable TypeCodecs element = element(value);
            return element == null ? null : array(element);
        }
        return of(value.getClass());
    }

    private @Nullable TypeCodecs of(Class<?> javaType) {
        int exact = DefaultTypes.exact(javaType);
        if (exact != 0) {
            return types.codecs(exact);
        }
        @Nullable TypeCodecs own = registered.apply(javaType);
        if (own != null) {
            return own;
        }
        @Nullable Class<?> source = types.converters().source(javaType);
        if (source != null) {
            return of(source);
        }
        int inherited = DefaultTypes.inherited(javaType);
        return inherited == 0 ? null : types.codecs(inherited);
    }

    /** Finds what serves all elements; text, which the server takes as anything, if there are none to tell. */
    private @Nullable TypeCodecs element(Object value) {
        @Nullable TypeCodecs common = null;
        @Nullable Class<?> last = null;
        for (@Nullable
        Object element : Adapters.elements(ArrayShape.of(value), types).elements()) {
            if (element == null || element.getClass() == last || element instanceof TextForm) {
                continue;
            }
            last = element.getClass();
            @Nullable TypeCodecs codecs = of(last);
            if (codecs == null) {
                throw Refusal.writing(
                        "there is no type to write an array with elements of " + last.getTypeName() + " as");
            }
            common = common == null ? codecs : common(common, codecs);
        }
        if (common != null) {
            return common;
        }
        Class<?> component = value.getClass();
        while (component.isArray() && component != byte[].class) {
            component = component.getComponentType();
        }
        @Nullable TypeCodecs declared = component.isPrimitive() ? of(ArrayShape.wrapper(component)) : of(component);
        return declared == null ? types.codecs(BuiltinTypes.TEXT) : declared;
    }

    private TypeCodecs common(TypeCodecs one, TypeCodecs other) {
        if (one.type().equals(other.type())) {
            return one;
        }
        @Nullable
        Integer oid = DefaultTypes.common(one.type().oid(), other.type().oid());
        if (oid == null) {
            throw Refusal.writing("an array cannot have elements of both "
                    + one.type().displayName() + " and " + other.type().displayName());
        }
        return types.codecs(oid);
    }

    private TypeCodecs array(TypeCodecs element) {
        PgType type = element.type();
        if (type.arrayOid() != 0) {
            return types.codecs(type.arrayOid());
        }
        PgType array =
                new PgType(0, type.schema(), "_" + type.name(), PgType.Kind.ARRAY, type.oid(), 0, 0, type.delimiter());
        return new TypeCodecs(types, array, List.of(), null, element, null, types.converters());
    }
}
