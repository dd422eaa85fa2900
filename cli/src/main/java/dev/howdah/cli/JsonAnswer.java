package dev.howdah.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.howdah.Column;
import dev.howdah.Row;
import dev.howdah.type.PgArray;
import dev.howdah.type.PgType;
import dev.howdah.type.TypeRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object a line for each row, its members in the order of the columns. Numbers are numbers with every digit that the server
 * printed (NaN and the infinities, which JSON does not know, are strings), {@code bool} is true or false, {@code json} and {@code jsonb}
 * are what they are, arrays are arrays; dates and times are strings in the form of ISO 8601 if the server prints them so; everything else
 * is a string as the server prints it, {@code bytea} in its hex form. So does PostgreSQL's own to_json.
 *
 * @see <a href="https://www.postgresql.org/docs/current/functions-json.html#FUNCTIONS-JSON-CREATION-TABLE">to_json</a>
 */
final class JsonAnswer implements Answer {

    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?");
    private static final Pattern POINT_IN_TIME = Pattern.compile(
            "(\\d{4,}-\\d\\d-\\d\\d) (\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?)([+-]\\d\\d)?(:\\d\\d(?::\\d\\d)?)?");

    private final PrintWriter out;
    private List<Column> columns = List.of();
    private TypeRegistry types = TypeRegistry.global();

    JsonAnswer(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void begin(List<Column> columns, TypeRegistry types) {
        this.columns = columns;
        this.types = types;
    }

    @Override
    public void row(Row row) {
        out.println(JsonLine.of(json -> {
            for (int i = 0; i < row.size(); i++) {
                json.writeFieldName(columns.get(i).name());
                value(json, row, i);
            }
        }));
    }

    @Override
    public void end() {
        out.flush();
    }

    @Override
    public void done(String commandTag) {
        // There is nothing in it for a program that reads rows.
    }

    private void value(JsonGenerator json, Row row, int index) throws IOException {
        PgType type = types.type((int) columns.get(index).typeOid());
        PgType element = type != null && type.kind() == PgType.Kind.ARRAY ? types.type(type.elementOid()) : null;
        if (element == null) {
            String text = row.getString(index);
            if (text == null) {
                json.writeNull();
            } else {
                scalar(json, type == null ? "" : type.name(), text);
            }
            return;
        }
        PgArray<?> array = row.get(index, PgArray.class);
        if (array == null) {
            json.writeNull();
        } else if (array.dimensions().length == 0) {
            json.writeStartArray();
            json.writeEndArray();
        } else {
            array(json, element.name(), array, 0, 0, array.elements().size());
        }
    }

    private static void array(JsonGenerator json, String type, PgArray<?> array, int dimension, int from, int to)
            throws IOException {
        json.writeStartArray();
        int step = (to - from) / array.dimensions()[dimension];
        for (int i = from; i < to; i += step) {
            if (dimension < array.dimensions().length - 1) {
                array(json, type, array, dimension + 1, i, i + step);
                continue;
            }
            @Nullable Object element = array.elements().get(i);
            if (element == null) {
                json.writeNull();
            } else {
                scalar(json, type, element.toString());
            }
        }
        json.writeEndArray();
    }

    private static void scalar(JsonGenerator json, String type, String text) throws IOException {
        switch (type) {
            case "bool" -> json.writeBoolean(text.equals("t"));
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
