package dev.howdah.cli;

import dev.howdah.sql.Identifier;
import dev.howdah.sql.Literal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the data of a COPY look like, whichever way they go: options of the command that become options of the statement. */
final class CopyForm {

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "${COMPLETION-CANDIDATES}. Default: what FILE's name ends with (.csv; .txt and .tsv for text; .bin"
                            + " and .pgcopy for binary), else csv.")
    private @Nullable CopyFormat format;

    @Option(
            names = "--columns",
            paramLabel = "A,B",
            description = "Copy these columns, in this order; names as in SQL: Price is price, \"Price\" is Price.")
    private @Nullable String columns;

    @Option(
            names = "--delimiter",
            paramLabel = "C",
            description = "What is between values: a comma in csv, a tab in text; \\t is a tab.")
    private @Nullable String delimiter;

    @Option(
            names = "--null",
            paramLabel = "TEXT",
            arity = "1",
            description = "What NULL looks like: nothing in csv, \\N in text.")
    private @Nullable String nullText;

    @Option(names = "--quote", paramLabel = "C", description = "What values are quoted by (csv).")
    private @Nullable String quote;

    @Option(names = "--escape", paramLabel = "C", description = "What stands before a quote in a value (csv).")
    private @Nullable String escape;

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            description = "The encoding of the data, as in LATIN1. Default: UTF8.")
    private @Nullable String encoding;

    /** Returns the format, given or guessed. */
    CopyFormat format(@Nullable String file) {
        return format == null ? CopyFormat.of(file) : format;
    }

    boolean hasColumns() {
        return columns != null;
    }

    /** Returns the columns as they stand behind the name of the table; nothing if none are named. */
    String columnList() {
        return columns == null ? "" : " (" + names(columns) + ")";
    }

    /** Returns the options for the statement. */
    List<String> options(@Nullable String file) {
        List<String> options = new ArrayList<>();
        options.add("FORMAT " + format(file));
        add(options, "DELIMITER", "\\t".equals(delimiter) ? "\t" : delimiter);
        add(options, "NULL", nullText);
        add(options, "QUOTE", quote);
        add(options, "ESCAPE", escape);
        add(options, "ENCODING", encoding);
        return options;
    }

    private static void add(List<String> options, String name, @Nullable String value) {
        if (value != null) {
            options.add(name + " " + Literal.quoted(value));
        }
    }

    /** Makes what counts the rows of such data. */
    RowTally tally(@Nullable String file, boolean header) {
        return switch (format(file)) {
            case text -> RowTally.ofText(header);
            case binary -> RowTally.ofBinary();
            case csv -> {
                byte quoted = first(quote, (byte) '"');
                yield RowTally.ofCsv(header, quoted, first(escape, quoted));
            }
        };
    }

    private static byte first(@Nullable String text, byte otherwise) {
        return text == null || text.isEmpty() ? otherwise : text.getBytes(StandardCharsets.UTF_8)[0];
    }

    /** Reads the name of a table as SQL reads it. */
    static Identifier table(String text) {
        try {
            return Identifier.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException("this is no name of a table: " + e.getMessage(), e);
        }
    }

    /**
     * Returns names of columns as they stand in SQL.
     *
     * @param text as the user typed them, with commas between
     */
    static String names(String text) {
        return split(text).stream().map(CopyForm::column).collect(Collectors.joining(", "));
    }

    private static String column(String text) {
        try {
            Identifier name = Identifier.parse(text.strip());
            if (name.parts().size() == 1) {
                return name.quoted();
            }
        } catch (IllegalArgumentException e) {
            throw new UsageException("this is no name of a column: " + e.getMessage(), e);
        }
        throw new UsageException("this is no name of a column: " + text.strip());
    }

    /** Splits at commas outside of quotes. */
    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            quoted ^= c == '"';
            if (c == ',' && !quoted) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }
}
