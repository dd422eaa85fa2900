package dev.howdah.cli;

import dev.howdah.Column;
import dev.howdah.Row;
import dev.howdah.type.TypeRegistry;
import java.io.PrintWriter;
import java.util.List;

/**
 * Comma-separated values with a header line. NULL is nothing at all between the commas, an empty text is {@code ""}. Results of several
 * statements are separated by an empty line.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>
 */
final class CsvAnswer implements Answer {

    private static final String LINE_END = "\r\n";

    private final PrintWriter out;
    private boolean first = true;

    CsvAnswer(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void begin(List<Column> columns, TypeRegistry types) {
        if (!first) {
            out.print(LINE_END);
        }
        first = false;
        for (int i = 0; i < columns.size(); i++) {
            out.print(i == 0 ? "" : ",");
            out.print(quoted(columns.get(i).name()));
        }
        out.print(LINE_END);
    }

    @Override
    public void row(Row row) {
        for (int i = 0; i < row.size(); i++) {
            out.print(i == 0 ? "" : ",");
            String value = row.getString(i);
            if (value != null) {
                out.print(quoted(value));
            }
        }
        out.print(LINE_END);
    }

    @Override
    public void end() {
        out.flush();
    }

    @Override
    public void done(String commandTag) {
        // There is nothing in it for a program that reads rows.
    }

    static String quoted(String value) {
        boolean plain = !value.isEmpty();
        for (int i = 0; plain && i < value.length(); i++) {
            char c = value.charAt(i);
            plain = c != ',' && c != '"' && c != '\r' && c != '\n';
        }
        return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
    }
}
