package dev.howdah.cli;

import dev.howdah.error.Diagnostics;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that a server said about an error, field by field. */
public final class DiagnosticsTable {

    private DiagnosticsTable() {}

    /** The fields that are there, in the order of PostgreSQL's documentation. */
    public static TextTable of(Diagnostics said) {
        TextTable table = new TextTable(List.of("field", "value"), false, false);
        row(table, "severity", said.severity());
        row(table, "sqlState", said.sqlState().toString());
        row(table, "messagePrimary", said.messagePrimary());
        row(table, "messageDetail", said.messageDetail());
        row(table, "messageHint", said.messageHint());
        row(table, "statementPosition", number(said.statementPosition()));
        row(table, "internalPosition", number(said.internalPosition()));
        row(table, "internalQuery", said.internalQuery());
        row(table, "context", said.context());
        row(table, "schemaName", said.schemaName());
        row(table, "tableName", said.tableName());
        row(table, "columnName", said.columnName());
        row(table, "datatypeName", said.datatypeName());
        row(table, "constraintName", said.constraintName());
        row(table, "sourceFile", said.sourceFile());
        row(table, "sourceLine", number(said.sourceLine()));
        row(table, "sourceFunction", said.sourceFunction());
        return table;
    }

    private static @Nullable String number(int value) {
        return value == 0 ? null : Integer.toString(value);
    }

    private static void row(TextTable table, String name, @Nullable String value) {
        if (value != null) {
            table.add(Arrays.asList(name, value));
        }
    }
}
