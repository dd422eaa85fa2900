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

/** One JSON object a line for each row, its members in the order of the columns, with values as {@link JsonValues} writes them. */
final class JsonAnswer implements Answer {

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
            JsonValues.scalar(json, type == null ? "" : type.name(), row.getString(index));
        } else {
            JsonValues.array(json, element.name(), row.get(index, PgArray.class));
        }
    }
}
