package dev.howdah.type;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Knows which {@link Codec} serves which PostgreSQL type. Registries form scopes: {@link #global()}, a child of it for
 * each connection, a child of that for a cursor. What is registered in a child goes before what its parent knows; what
 * was registered last goes first.
 *
 * <p>Safe for several threads. A registration takes effect on everything resolved after it; {@link #version()} tells
 * whether something resolved earlier may be out of date.
 *
 * @see <a href="https://www.postgresql.org/docs/current/datatype.html">Data types</a>
 */
public final class TypeRegistry {

    private static final TypeRegistry GLOBAL = new TypeRegistry(null);

    private final @Nullable TypeRegistry parent;
    private final AtomicReference<RegistryState> state = new AtomicReference<>(RegistryState.EMPTY);
    private volatile Cache cache = new Cache(0, new ConcurrentHashMap<>());

    private TypeRegistry(@Nullable TypeRegistry parent) {
        this.parent = parent;
    }

    /** What was resolved at one version. */
    private record Cache(int version, ConcurrentHashMap<Integer, TypeCodecs> codecs) {}

    /** {@return the registry of the whole process, the ancestor of all others} */
    public static TypeRegistry global() {
        return GLOBAL;
    }

    /**
     * Makes a registry that begins with all that this one knows, now and later.
     *
     * @return never null
     */
    public TypeRegistry child() {
        return new TypeRegistry(this);
    }

    /** {@return a number that changes with every registration here or in a parent} */
    public int version() {
        int own = state().version();
        return parent == null ? own : own + parent.version();
    }

    /**
     * Makes a codec the default for the type with an OID; those before it stay for their own Java classes.
     *
     * @param oid the type's OID
     * @param codec the codec; it has no state of its own
     */
    public void registerCodec(int oid, Codec<?> codec) {
        register(new RegistryState.Registration(oid, null, Objects.requireNonNull(codec, "codec")));
    }

    /**
     * Makes a codec the default for the type with a name.
     *
     * @param codec the codec; it has no state of its own
     * @param typeName the name in the catalog, such as {@code int4} or {@code point}, or with its schema, such as
     *     {@code public.mood}; the type need not be known yet
     */
    public void registerCodec(String typeName, Codec<?> codec) {
        Objects.requireNonNull(typeName, "typeName");
        register(new RegistryState.Registration(0, typeName, Objects.requireNonNull(codec, "codec")));
    }

    /**
     * Makes a Java enum the default class of an enum type, alone and in arrays, ranges and row types; the type can
     * still be read as {@link String}. Which label belongs to which constant: see {@link Label}.
     *
     * @param typeName the name in the catalog, such as {@code mood}, or with its schema, such as {@code public.mood};
     *     the type need not be known yet
     * @param constants the Java enum
     * @throws IllegalArgumentException if two constants carry the same {@link Label}
     */
    public <E extends Enum<E>> void registerEnum(String typeName, Class<E> constants) {
        registerCodec(typeName, new EnumCodec<>(constants));
    }

    /**
     * Makes a typecaster the default way to read types, alone and in arrays, ranges and row types, and domains over them.
     * Their columns are then asked for in the text form; parameters are written as before. A domain's own typecaster serves
     * it within other types only: of a column the server says the type below the domain.
     *
     * @param <T> the class of the values that it makes
     * @param javaType that class
     * @param caster the typecaster
     * @param oids the OIDs of the types, as a column tells them
     */
    public <T> void registerType(Class<T> javaType, TypeCaster<? extends T> caster, long... oids) {
        CasterCodec<?> codec = casting(javaType, caster);
        for (long oid : oids) {
            register(new RegistryState.Registration((int) oid, null, codec));
        }
    }

    /**
     * Makes a typecaster the default way to read a type, as {@link #registerType(Class, TypeCaster, long...)} does.
     *
     * @param <T> the class of the values that it makes
     * @param javaType that class
     * @param caster the typecaster
     * @param typeName the name in the catalog, such as {@code point}, or with its schema, such as {@code public.mood}; the
     *     type need not be known yet
     */
    public <T> void registerType(Class<T> javaType, TypeCaster<? extends T> caster, String typeName) {
        registerCodec(typeName, casting(javaType, caster));
    }

    @SuppressWarnings("unchecked") // the class of a primitive and its wrapper stand for the same values
    private static <T> CasterCodec<T> casting(Class<T> javaType, TypeCaster<? extends T> caster) {
        return new CasterCodec<>((Class<T>) Readers.boxed(javaType), Objects.requireNonNull(caster, "caster"));
    }

    /**
     * Takes back all registrations of a typecaster in this scope; does nothing if there are none.
     *
     * @param caster the typecaster
     */
    public void unregisterType(TypeCaster<?> caster) {
        change(old -> old.with(old.registrations().stream()
                .filter(r -> !(r.codec() instanceof CasterCodec<?> casting) || casting.caster() != caster)
                .toList()));
    }

    /**
     * Says what parameters of a Java class are to PostgreSQL, alone and within arrays, row types and ranges; it takes the
     * place of one registered for that class in this scope before. The innermost scope that has an adapter for the value's
     * class is asked, in it the adapter of the class itself, then of the nearest class above it, then of an interface.
     *
     * @param <T> the Java class
     * @param javaType that class or interface
     * @param adapter the adapter
     */
    public <T> void registerAdapter(Class<T> javaType, Adapter<? super T> adapter) {
        Objects.requireNonNull(adapter, "adapter");
        change(old -> old.with(old.adapters().with(Readers.boxed(javaType), adapter)));
    }

    /**
     * Takes back the adapter for a Java class in this scope; does nothing if there is none.
     *
     * @param javaType the class it was registered for
     */
    public void unregisterAdapter(Class<?> javaType) {
        change(old -> old.with(old.adapters().without(Readers.boxed(javaType))));
    }

    /**
     * Sets what reads and writes the documents of {@code json} and {@code jsonb} columns and parameters as other classes
     * than String and byte[]; those two stay the text of the document.
     *
     * @param mapper the mapper; it takes the place of the one before in this scope
     */
    public void registerJson(JsonMapper mapper) {
        Objects.requireNonNull(mapper, "mapper");
        change(old -> old.withJson(mapper));
    }

    /** Takes back the mapper of this scope; that of the parent counts again. */
    public void unregisterJson() {
        change(old -> old.withJson(null));
    }

    /** Returns the mapper of the innermost scope that has one, or null. */
    @Nullable
    JsonMapper json() {
        @Nullable JsonMapper own = state().json();
        return own != null || parent == null ? own : parent.json();
    }

    /**
     * {@return whether values of a class are bound as they are: there is no adapter for it, and it is neither Optional nor
     * a {@link SqlQuote}}
     *
     * @param javaType the value's class
     */
    public boolean isPlain(Class<?> javaType) {
        return javaType != Optional.class && !SqlQuote.class.isAssignableFrom(javaType) && adapter(javaType) == null;
    }

    /**
     * Applies the adapters to a value, not to what is in it.
     *
     * @param value null for NULL
     * @return what is to be bound in its place: a value without an adapter, maybe a {@link SqlQuote}; null for NULL
     * @throws dev.howdah.error.ConversionException if an adapter fails, or they lead to each other without end
     */
    public @Nullable Object adapt(@Nullable Object value) {
        return value == null || isPlain(value.getClass()) ? value : Adapters.apply(value, this);
    }

    /** Returns the adapter for a class, or null. */
    @Nullable
    Adapter<?> adapter(Class<?> javaType) {
        for (@Nullable TypeRegistry scope = this; scope != null; scope = scope.parent) {
            Adapters adapters = scope.state().adapters();
            @Nullable Adapter<?> found = adapters.isEmpty() ? null : adapters.find(javaType);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /**
     * {@return whether this is the other registry or one of its descendants}
     *
     * @param other a registry
     */
    public boolean isWithin(TypeRegistry other) {
        return this == other || parent != null && parent.isWithin(other);
    }

    private void register(RegistryState.Registration registration) {
        change(old -> old.adding(registration));
    }

    /**
     * Takes back all registrations of a codec in this scope; does nothing if there are none.
     *
     * @param codec the codec; it has no state of its own
     */
    public void unregisterCodec(Codec<?> codec) {
        change(old -> old.with(
                old.registrations().stream().filter(r -> r.codec() != codec).toList()));
    }

    /**
     * Has a Java class read, but not sent, by way of one that is known.
     *
     * @param target the class of your own
     * @param source the class that values are read as
     * @param forth makes the one of the other
     * @see #registerConverter(Class, Class, Function, Function)
     */
    public <T, S> void registerConverter(Class<T> target, Class<S> source, Function<S, T> forth) {
        register(new Converter<>(target, source, forth, null));
    }

    /**
     * Has a Java class read and sent by way of one that is known: as a column and a parameter, and within arrays,
     * records, ranges and row types. The converter registered last counts, one in a child before one in its parent.
     *
     * <p>A record with one component is no exception: it is a value of its own only if it has a converter, as in {@code
     * registerConverter(Email.class, String.class, Email::new, Email::value)}.
     *
     * @param <S> the class that values are read and sent as
     * @param <T> the class of your own
     * @param target the class of your own; a codec that a type has for just this class goes before
     * @param source the class that values are read and sent as; it may have a converter itself
     * @param forth makes a value of your own; never gets null, since SQL NULL stays null, and never returns it. Has no
     *     state and is safe for several threads. What it throws is the cause of a ConversionException
     * @param back the other way, under the same conditions
     */
    public <T, S> void registerConverter(Class<T> target, Class<S> source, Function<S, T> forth, Function<T, S> back) {
        register(new Converter<>(target, source, forth, Objects.requireNonNull(back, "back")));
    }

    /**
     * Takes back all converters for a class in this scope; does nothing if there are none.
     *
     * @param target the class that they were registered for
     */
    public void unregisterConverter(Class<?> target) {
        change(old -> old.withConverters(
                old.converters().stream().filter(c -> c.target() != target).toList()));
    }

    /** {@return whether a converter is registered for a class, here or in a parent} */
    public boolean hasConverter(Class<?> target) {
        return converters().knows(target);
    }

    private void register(Converter<?, ?> converter) {
        change(old -> old.adding(converter));
    }

    /** Returns the converters that count here. */
    Converters converters() {
        return new RegisteredCodecs(this).converters();
    }

    /**
     * Adds types that were found in a database's catalog; a type with a known OID replaces the one before.
     *
     * @param types the types
     */
    public void addTypes(Collection<PgType> types) {
        change(old -> {
            Map<Integer, PgType> all = new HashMap<>(old.types());
            for (PgType type : types) {
                all.put(type.oid(), type);
            }
            return old.with(all);
        });
    }

    /** Forgets the types added in this scope, as after ALTER TYPE; PostgreSQL's own stay known. */
    public void forgetTypes() {
        change(old -> old.types().isEmpty() ? old : old.with(Map.of()));
    }

    private RegistryState state() {
        return Objects.requireNonNull(state.get());
    }

    private void change(UnaryOperator<RegistryState> change) {
        state.updateAndGet(change);
    }

    /**
     * {@return the type with an OID, null if it is neither PostgreSQL's own nor was added}
     *
     * @param oid the type's OID
     */
    public @Nullable PgType type(int oid) {
        @Nullable PgType type = state().types().get(oid);
        if (type != null) {
            return type;
        }
        return parent == null ? BuiltinTypes.find(oid) : parent.type(oid);
    }

    /**
     * Finds out what the database's catalog has to be asked about before values of some types can be translated: types
     * that are not known, and row types whose attributes are not, whether named here or what those named are made of.
     *
     * @param oids the OIDs of the types; 0 is left out
     * @return OIDs, empty if all is known
     */
    public Set<Integer> missing(Collection<Integer> oids) {
        return MissingTypes.of(oids, this);
    }

    /**
     * Finds out whether reading failed because what is known about some types does not fit what the server sent, as
     * after ALTER TYPE, or because a value held a type that was never asked about. Then it helps to
     * {@linkplain #addTypes add} these types as the catalog has them now, and to read once more.
     *
     * @param failure what reading threw; its causes are searched
     * @return the OIDs of the types to ask the catalog about, empty if it failed for another reason
     */
    public static Set<Integer> outdated(Throwable failure) {
        return MissingTypes.outdated(failure);
    }

    /**
     * {@return what serves the type with an OID; a type that is not known is served as text}
     *
     * @param oid the type's OID
     */
    public TypeCodecs codecs(int oid) {
        int now = version();
        Cache current = cache;
        if (current.version != now) {
            current = new Cache(now, new ConcurrentHashMap<>());
            cache = current;
        }
        @Nullable TypeCodecs known = current.codecs.get(oid);
        return known != null ? known : new TypeResolver(this, current.codecs).resolve(oid);
    }

    /** Returns a type, or what stands for one that is not known. */
    PgType describe(int oid) {
        @Nullable PgType type = type(oid);
        return type != null
                ? type
                : PgType.of(oid, null, "the type with OID " + Integer.toUnsignedString(oid), PgType.Kind.BASE, 0);
    }

    /**
     * {@return whether the binary form is to be asked for and sent for a type}
     *
     * @param oid the type's OID
     */
    public boolean binary(int oid) {
        return codecs(oid).binary();
    }

    /**
     * Reads a value as its default Java class. For many values of one column take a {@link #decoder(int, boolean)}.
     *
     * @param oid the type's OID
     * @param binary whether the value is in the binary form, else in text
     * @param bytes an array that holds the value and more; not kept or changed
     * @param offset where the value begins
     * @param length how many bytes it has
     * @return never null
     * @throws dev.howdah.error.ConversionException if the value cannot be read so
     */
    public Object decode(int oid, boolean binary, byte[] bytes, int offset, int length) {
        return codecs(oid).decoder(binary).decode(bytes, offset, length);
    }

    /**
     * Reads a value as the class asked for. For many values of one column take a {@link #decoder(int, boolean, Class)}.
     *
     * @param <T> the class of the values
     * @param oid the type's OID
     * @param binary whether the value is in the binary form, else in text
     * @param bytes an array that holds the value and more; not kept or changed
     * @param offset where the value begins
     * @param length how many bytes it has
     * @param target a class; that of a primitive stands for its wrapper
     * @return never null
     * @throws dev.howdah.error.ConversionException if the value or the type cannot be read so
     */
    public <T> T decode(int oid, boolean binary, byte[] bytes, int offset, int length, Class<T> target) {
        return decoder(oid, binary, target).decode(bytes, offset, length);
    }

    /**
     * {@return what reads a column of a type as its default Java class}
     *
     * @param oid the type's OID
     * @param binary whether the value is in the binary form, else in text
     */
    public Decoder<?> decoder(int oid, boolean binary) {
        return codecs(oid).decoder(binary);
    }

    /**
     * {@return what reads a column of a type as a Java class}
     *
     * @param <T> the class of the values
     * @param oid the type's OID
     * @param binary whether the value is in the binary form, else in text
     * @param target a class; that of a primitive stands for its wrapper
     * @throws dev.howdah.error.ConversionException if the type is never read as that class
     */
    public <T> Decoder<T> decoder(int oid, boolean binary, Class<T> target) {
        return codecs(oid).decoder(binary, target);
    }

    /**
     * {@return what reads a column of a type as a Java type with type arguments}
     *
     * @param oid the type's OID
     * @param binary whether the value is in the binary form, else in text
     * @param target a class, or a type with type arguments as {@link TypeRef} describes them
     * @throws dev.howdah.error.ConversionException if the type is never read as that
     */
    public Decoder<?> decoder(int oid, boolean binary, Type target) {
        return codecs(oid).decoder(binary, target);
    }

    /**
     * {@return what writes parameters of a type; 0 and unknown OIDs take text}
     *
     * @param oid the type's OID
     */
    public ParameterEncoder encoder(int oid) {
        return codecs(oid).encoder();
    }

    /**
     * {@return what writes a Java value for which no type is given, null if there is nothing} The type is that of the
     * value's class: of PostgreSQL's own types the one that is read as that class by default; else the one whose codec was
     * registered last and takes the class, codecs for {@link Object} left aside; else jsonb for the
     * {@linkplain JsonMapper#defaultType default class} of the JSON mapper; else that of the class a converter makes of it;
     * else text for enums and CharSequence.
     * Collections, Java arrays and {@link PgArray} are arrays of what their elements are, text if there are none to tell.
     *
     * @param value never null
     * @throws dev.howdah.error.ConversionException if the elements of an array have no type in common
     */
    public @Nullable TypeCodecs codecsFor(Object value) {
        return new DefaultCodecs(this, new RegisteredCodecs(this)::forClass).of(value);
    }

    /** Returns what was registered here and in the parents, the innermost first. */
    List<RegistryState> states() {
        List<RegistryState> states = new ArrayList<>();
        for (@Nullable TypeRegistry scope = this; scope != null; scope = scope.parent) {
            states.add(scope.state());
        }
        return states;
    }
}
