package dev.howdah.type;

import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link TypeRegistry} knows about translating one type. Immutable, safe for several threads. */
public final class TypeCodecs {

    private final PgType type;
    private final List<Codec<?>> codecs;
    private final @Nullable Codec<?> general;
    private final @Nullable TypeCodecs element;
    private final @Nullable Structure structure;
    private final Converters converters;
    private final boolean binary;
    private final boolean writesBinary;
    private final PartEncoding part;
    private final ParameterEncoder encoder;
    private final ValueReader<?> standard;
    private final Decoder<?> binaryDecoder;
    private final Decoder<?> textDecoder;

    /**
     * Collects what serves a type.
     *
     * @param types what adapts values before they are written
     * @param codecs the default first; may be empty for an array or a structure only
     * @param general the codec that can read every value; null for an array or a structure, whose parts know how
     * @param element what serves the elements of an array, null for other types
     * @param structure how a range, multirange or row type is put together, null for other types
     * @param converters what makes other Java classes of those that codecs know
     */
    TypeCodecs(
            TypeRegistry types,
            PgType type,
            List<Codec<?>> codecs,
            @Nullable Codec<?> general,
            @Nullable TypeCodecs element,
            @Nullable Structure structure,
            Converters converters) {
        this.type = type;
        this.codecs = List.copyOf(codecs);
        this.general = general;
        this.element = element;
        this.structure = structure;
        this.converters = converters;
        List<Codec<?>> writing =
                codecs.stream().filter(codec -> !(codec instanceof CasterCodec)).toList();
        this.binary = (element == null || element.binary)
                && (structure == null || structure.binary())
                && codecs.stream().allMatch(Codec::binary);
        this.writesBinary = (element == null || element.writesBinary)
                && (structure == null || structure.writesBinary())
                && writing.stream().allMatch(Codec::binary);
        this.part = new PartEncoding(types, makeEncoding(writing));
        this.encoder = new ValueParameterEncoder(type, part, writesBinary);
        this.standard = Readers.standard(this);
        String javaType = defaultType().getTypeName();
        this.binaryDecoder = new ValueDecoder<>(type, javaType, standard, true);
        this.textDecoder = new ValueDecoder<>(type, javaType, standard, false);
    }

    private ValueEncoding makeEncoding(List<Codec<?>> writing) {
        ValueEncoding own = ownEncoding(writing);
        return !converters.write() ? own : new ConvertedEncoding(writing, converters, own);
    }

    private ValueEncoding ownEncoding(List<Codec<?>> writing) {
        @Nullable ValueEncoding parts = null;
        if (element != null) {
            parts = new ArrayEncoding(element.part, element.type.oid(), element.type.delimiter());
        } else if (structure != null) {
            parts = structure.encoding();
        }
        if (parts == null) {
            return new ScalarEncoding(writing);
        }
        return writing.isEmpty() ? parts : new OverriddenEncoding(writing, parts);
    }

    /** {@return the type} */
    public PgType type() {
        return type;
    }

    /** {@return the type's own codecs, the default first; empty for a type that is read by way of what it is made of} */
    public List<Codec<?>> codecs() {
        return codecs;
    }

    /** {@return what serves the elements if this is an array, else null} */
    public @Nullable TypeCodecs element() {
        return element;
    }

    /** {@return whether values are asked for in the binary form} */
    public boolean binary() {
        return binary;
    }

    /** Returns whether values are written in the binary form; a typecaster has no say in that. */
    boolean writesBinary() {
        return writesBinary;
    }

    /** {@return the class of the values that are read unless another is asked for} */
    public Class<?> defaultType() {
        if (!codecs.isEmpty()) {
            if (codecs.getFirst() instanceof JsonCodec json) {
                return json.defaultType();
            }
            return codecs.getFirst().javaType();
        }
        return structure == null ? List.class : structure.defaultType();
    }

    /** Returns how a range, multirange or row type is put together, null for other types. */
    @Nullable
    Structure structure() {
        return structure;
    }

    /** Returns whether anonymous records are part of it, of which each value says anew what it is made of. */
    boolean open() {
        return element != null && element.open() || structure != null && structure.open();
    }

    /** Returns whether there is a codec for just this class. */
    boolean hasCodec(Class<?> javaType) {
        for (Codec<?> codec : codecs) {
            if (codec.javaType() == javaType) {
                return true;
            }
        }
        return false;
    }

    Converters converters() {
        return converters;
    }

    /**
     * {@return whether a codec or a converter makes just this class of values of this type}
     *
     * @param javaType a class that is no primitive's
     */
    public boolean convertsTo(Class<?> javaType) {
        return hasCodec(javaType) || converters.knows(javaType);
    }

    /**
     * Returns whether one value of this type can be read as a record: a row type as any, JSON as any if there is a mapper,
     * other types as one that has a codec or a converter.
     */
    boolean holds(Class<?> type) {
        return structure instanceof CompositeStructure
                || structure instanceof RecordStructure
                || general instanceof JsonCodec json && json.hasMapper()
                || convertsTo(type);
    }

    ValueReader<?> standard() {
        return standard;
    }

    PartEncoding part() {
        return part;
    }

    /**
     * {@return the text form of a value, as {@link ParameterEncoder#encode} would write it if it were to write text}
     *
     * @param value never null: SQL NULL is the caller's matter
     * @throws dev.howdah.error.ConversionException if the value does not fit the type; it names both types, never the
     *     value
     */
    public String text(Object value) {
        try {
            return Utf8.checked(part.text(value));
        } catch (RuntimeException e) {
            throw Refusal.writing(type, value, e);
        }
    }

    @Nullable
    Codec<?> general() {
        return general;
    }

    Codec<?> generalCodec() {
        return general != null ? general : codecs.getFirst();
    }

    TypeCodecs elementCodecs() {
        if (element == null) {
            throw new IllegalStateException(type.displayName() + " is no array");
        }
        return element;
    }

    ParameterEncoder encoder() {
        return encoder;
    }

    Decoder<?> decoder(boolean asBinary) {
        return asBinary ? binaryDecoder : textDecoder;
    }

    <T> Decoder<T> decoder(boolean asBinary, Class<T> target) {
        @SuppressWarnings("unchecked") // the reader was chosen for that class
        ValueReader<T> reader = (ValueReader<T>) Readers.of(this, target);
        return new ValueDecoder<>(type, target.getTypeName(), reader, asBinary);
    }

    Decoder<?> decoder(boolean asBinary, Type target) {
        return new ValueDecoder<>(type, target.getTypeName(), TypeTargets.of(this, target), asBinary);
    }
}
