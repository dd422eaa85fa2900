package dev.howdah.cli;

import dev.howdah.Column;
import dev.howdah.Row;
import dev.howdah.type.TypeRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A table for people. */
final class TableAnswer implements Answer {

    private static final Set<String> NUMBERS =
            Set.of("int2", "int4", "int8", "oid", "float4", "float8", "numeric", "money");

    private final Style style;
    private final Consumer<String> line;
    private @Nullable TextTable table;
    private long rows;

    TableAnswer(Style style, Consumer<String> line) {
        this.style = style;
        this.line = line;
    }

    @Override
    public void begin(List<Column> columns, TypeRegistry types) {
        boolean[] toTheRight = new boolean[columns.size()];
        List<String> titles = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            toTheRight[i] = NUMBERS.contains(columns.get(i).typeName());
            titles.add(columns.get(i).name());
        }
        table = new TextTable(titles, toTheRight);
        rows = 0;
    }

    @Override
    public void row(Row row) {
        List<@Nullable String> values = new ArrayList<>(row.size());
        for (int i = 0; i < row.size(); i++) {
            values.add(row.getString(i));
        }
        Objects.requireNonNull(table).add(values);
        rows++;
    }

    @Override
    public void end() {
        Objects.requireNonNull(table).print(style, line);
        line.accept(style.dim(rows == 1 ? "(1 row)" : "(" + rows + " rows)"));
    }

    @Override
    public void done(String commandTag) {
        line.accept(commandTag);
    }
}
