package dev.howdah.type;

import java.lang.reflect.Type;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns JSON into Java objects and back: two functions of the JSON library of your choice.
 *
 * <pre>{@code
 * ObjectMapper jackson = new ObjectMapper();
 * db.types().registerJson(JsonMapper.of(
 *         (json, type) -> jackson.readValue(json, jackson.constructType(type)), jackson::writeValueAsString));
 *
 * Gson gson = new Gson();
 * db.types().registerJson(JsonMapper.of(gson::fromJson, gson::toJson));
 * }</pre>
 *
 * <p>Used by several threads at once if they share its scope. What it throws is the cause of a {@link
 * dev.howdah.error.ConversionException}; the connection stays usable.
 *
 * @see TypeRegistry#registerJson
 * @see <a href="https://www.postgresql.org/docs/current/datatype-json.html">JSON types</a>
 */
public interface JsonMapper {

    /** Reads JSON. */
    @FunctionalInterface
    interface Reader {

        /**
         * Reads JSON.
         *
         * @param json the document
         * @param target the type that was asked for
         * @return an object of that type; null may stand for the JSON {@code null}
         * @throws Exception if the document does not fit
         */
        @Nullable
        Object read(String json, Type target) throws Exception;
    }

    /** Writes JSON. */
    @FunctionalInterface
    interface Writer {

        /**
         * Writes JSON.
         *
         * @param value never null
         * @return the document
         * @throws Exception if there is none for the value
         */
        String write(Object value) throws Exception;
    }

    /**
     * Reads JSON.
     *
     * @param json the document
     * @param target the type that was asked for
     * @return an object of that type; null may stand for the JSON {@code null}
     * @throws Exception if the document does not fit
     */
    @Nullable
    Object read(String json, Type target) throws Exception;

    /**
     * Writes JSON.
     *
     * @param value never null
     * @return the document
     * @throws Exception if there is none for the value
     */
    String write(Object value) throws Exception;

    /** {@return the class that columns are read as if none is asked for; {@link String}, the document itself, by default} */
    default Class<?> defaultType() {
        return String.class;
    }

    /**
     * Makes a mapper of two functions.
     *
     * @param reader reads
     * @param writer writes
     * @return never null
     */
    static JsonMapper of(Reader reader, Writer writer) {
        return of(reader, writer, String.class);
    }

    /**
     * Makes a mapper of two functions.
     *
     * @param reader reads
     * @param writer writes
     * @param defaultType the class that columns are read as if none is asked for
     * @return never null
     */
    static JsonMapper of(Reader reader, Writer writer, Class<?> defaultType) {
        Objects.requireNonNull(reader, "reader");
        Objects.requireNonNull(writer, "writer");
        Objects.requireNonNull(defaultType, "defaultType");
        return new JsonMapper() {
            @Override
            public @Nullable Object read(String json, Type target) throws Exception {
                return reader.read(json, target);
            }

            @Override
            public String write(Object value) throws Exception {
                return writer.write(value);
            }

            @Override
            public Class<?> defaultType() {
                return defaultType;
            }
        };
    }
}
