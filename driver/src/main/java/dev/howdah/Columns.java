package dev.howdah;

import dev.howdah.message.RowDescription;
import dev.howdah.session.ColumnValues;
import dev.howdah.session.RowShape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Describes shapes to users. */
final class Columns {

    private Columns() {}

    static List<Column> of(@Nullable RowShape shape) {
        if (shape == null) {
            return List.of();
        }
        List<Column> columns = new ArrayList<>(shape.size());
        for (int i = 0; i < shape.size(); i++) {
            RowDescription.Field field = shape.field(i);
            columns.add(new Column(
                    field.name(),
                    Integer.toUnsignedLong(field.typeOid()),
                    ColumnValues.typeName(shape, field.typeOid()),
                    field.typeSize(),
                    field.typeModifier(),
                    Integer.toUnsignedLong(field.tableOid()),
                    field.columnNumber()));
        }
        return List.copyOf(columns);
    }

    static List<String> names(RowShape shape) {
        List<String> names = new ArrayList<>(shape.size());
        for (int i = 0; i < shape.size(); i++) {
            names.add(shape.field(i).name());
        }
        return List.copyOf(names);
    }
}
