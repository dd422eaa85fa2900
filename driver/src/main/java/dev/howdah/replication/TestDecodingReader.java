package dev.howdah.replication;

import dev.howdah.replication.PrintedChanges.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the lines of {@code test_decoding} that tell of tables. Not safe for several threads. */
final class TestDecodingReader {

    private static final String NO_TUPLE = " (no-tuple-data)";
    private static final String NEW_TUPLE = " new-tuple:";
    private static final Set<String> NO_DIGITS = Set.of("NaN", "Infinity", "-Infinity");

    private final PrintedChanges changes;

    TestDecodingReader(PrintedChanges changes) {
        this.changes = changes;
    }

    /** Reads a line behind {@code table}. */
    void table(PluginText in, Consumer<? super PgOutputMessage> to) {
        List<TableName> names = new ArrayList<>();
        do {
            String schema = identifier(in);
            in.expect(".");
            names.add(new TableName(schema, identifier(in)));
        } while (in.skip(", "));
        in.expect(":");
        if (in.skip(" TRUNCATE:")) {
            truncate(in, names, to);
        } else if (names.size() > 1) {
            throw in.refused("several tables are named of which the rows are not truncated");
        } else if (in.skip(" INSERT:")) {
            changes.insert(names.getFirst(), row(in), Set.of(), to);
        } else if (in.skip(" UPDATE:")) {
            update(in, names.getFirst(), to);
        } else if (in.skip(" DELETE:")) {
            changes.delete(names.getFirst(), row(in), Set.of(), to);
        } else {
            throw in.refused("neither INSERT, UPDATE, DELETE nor TRUNCATE is said");
        }
    }

    private void truncate(PluginText in, List<TableName> names, Consumer<? super PgOutputMessage> to) {
        boolean none = in.skip(" (no-flags)");
        boolean restart = in.skip(" restart_seqs");
        boolean cascade = in.skip(" cascade");
        if (none == (restart || cascade)) {
            throw in.refused("a flag of TRUNCATE is missing or wrong");
        }
        end(in);
        changes.truncate(names, cascade, restart, to);
    }

    private void update(PluginText in, TableName name, Consumer<? super PgOutputMessage> to) {
        @Nullable PrintedRow old = null;
        if (in.skip(" old-key:")) {
            old = columns(in);
            in.expect(NEW_TUPLE);
        }
        changes.update(name, old, row(in), true, Set.of(), to);
    }

    /** Says that a line is complete. */
    static void end(PluginText in) {
        if (!in.isAtEnd() && in.peek() != '\n') {
            throw in.refused("the line goes on where it should end");
        }
    }

    private static @Nullable PrintedRow row(PluginText in) {
        @Nullable PrintedRow row = in.skip(NO_TUPLE) ? null : columns(in);
        end(in);
        return row;
    }

    private static PrintedRow columns(PluginText in) {
        PrintedRow row = new PrintedRow();
        while (in.peek() == ' ' && !in.startsWith(NEW_TUPLE)) {
            in.next();
            String name = identifier(in);
            in.expect("[");
            String type = type(in);
            in.expect("]:");
            row.add(new PrintedRow.Column(name, type, 0), value(in));
        }
        return row;
    }

    private static String identifier(PluginText in) {
        String name;
        if (in.skip("\"")) {
            name = in.quoted('"');
        } else {
            name = in.take(next -> next >= 'a' && next <= 'z' || next >= '0' && next <= '9' || next == '_');
        }
        if (name.isEmpty()) {
            throw in.refused("a name is missing");
        }
        return name;
    }

    /** Reads up to the closing bracket, beside those of an array and those within quotes. */
    private static String type(PluginText in) {
        int from = in.position();
        while (in.peek() != ']') {
            if (in.skip("\"")) {
                in.quoted('"');
            } else if (!in.skip("[]") && in.next() < 0) {
                throw in.refused("the ] after the name of a type is missing");
            }
        }
        return in.string(from, in.position());
    }

    private static PrintedRow.Value value(PluginText in) {
        if (in.skip("'") || in.skip("B'")) {
            return PrintedRow.Value.of(in.quoted('\''));
        }
        String word = in.take(next -> next != ' ' && next != '\n');
        return switch (word) {
            case "null" -> PrintedRow.Value.NULL;
            case "unchanged-toast-datum" -> PrintedRow.Value.UNCHANGED;
            case "true" -> PrintedRow.Value.of(true);
            case "false" -> PrintedRow.Value.of(false);
            default -> {
                if (!isNumber(word)) {
                    throw in.refused("no value of the plugin's is written so");
                }
                yield PrintedRow.Value.of(word);
            }
        };
    }

    private static boolean isNumber(String word) {
        return NO_DIGITS.contains(word)
                || !word.isEmpty()
                        && Character.isDigit(word.charAt(word.length() - 1))
                        && word.chars().allMatch(next -> "0123456789+-.e".indexOf(next) >= 0);
    }
}
