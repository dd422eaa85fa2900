package dev.howdah.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.howdah.type.PgArray;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values of the server as JSON. Numbers are numbers with every digit that the server printed (NaN and the infinities, which JSON does not
 * know, are strings), {@code bool} is true or false, {@code json} and {@code jsonb} are what they are, arrays are arrays; dates and times
 * are strings in the form of ISO 8601 if the server prints them so; everything else is a string as the server prints it, {@code bytea} in
 * its hex form. So does PostgreSQL's own to_json.
 *
 * @see <a href="https://www.postgresql.org/docs/current/functions-json.html#FUNCTIONS-JSON-CREATION-TABLE">to_json</a>
 */
final class JsonValues {

    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?");
    private static final Pattern POINT_IN_TIME = Pattern.compile(
            "(\\d{4,}-\\d\\d-\\d\\d) (\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?)([+-]\\d\\d)?(:\\d\\d(?::\\d\\d)?)?");

    private JsonValues() {}

    /** Writes a value that is not an array. */
    static void scalar(JsonGenerator json, String type, @Nullable String text) throws IOException {
        if (text == null) {
            json.writeNull();
            return;
        }
        switch (type) {
            case "bool" -> json.writeBoolean(text.equals("t") || text.equals("true"));
            case "int2", "int4", "int8", "oid", "float4", "float8", "numeric" -> {
                if (NUMBER.matcher(text).matches()) {
                    json.writeRawValue(text);
                } else {
                    json.writeString(text);
                }
            }
            // Inside a JSON text a line can only end between tokens.
            case "json", "jsonb" -> json.writeRawValue(text.replace('\n', ' ').replace('\r', ' '));
            case "timestamp", "timestamptz" -> json.writeString(iso(text));
            default -> json.writeString(text);
        }
    }

    /** Writes an array. */
    static void array(JsonGenerator json, String elementType, @Nullable PgArray<?> array) throws IOException {
        if (array == null) {
            json.writeNull();
        } else if (array.dimensions().length == 0) {
            json.writeStartArray();
            json.writeEndArray();
        } else {
            array(json, elementType, array, 0, 0, array.elements().size());
        }
    }

    private static void array(JsonGenerator json, String type, PgArray<?> array, int dimension, int from, int to)
            throws IOException {
        json.writeStartArray();
        int step = (to - from) / array.dimensions()[dimension];
        for (int i = from; i < to; i += step) {
            if (dimension < array.dimensions().length - 1) {
                array(json, type, array, dimension + 1, i, i + step);
            } else {
                @Nullable Object element = array.elements().get(i);
                scalar(json, type, element == null ? null : element.toString());
            }
        }
        json.writeEndArray();
    }

    /** The text with a T, and an offset with minutes; as it is if it is not in the style ISO, infinite or before our era. */
    static String iso(String text) {
        Matcher matcher = POINT_IN_TIME.matcher(text);
        if (!matcher.matches()) {
            return text;
        }
        String offset = matcher.group(3) == null ? "" : matcher.group(3);
        String minutes = matcher.group(4) == null ? offset.isEmpty() ? "" : ":00" : matcher.group(4);
        return matcher.group(1) + "T" + matcher.group(2) + offset + minutes;
    }
}
