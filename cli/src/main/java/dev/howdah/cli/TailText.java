package dev.howdah.cli;

import dev.howdah.replication.Change;
import dev.howdah.replication.ChangedRow;
import dev.howdah.replication.ColumnState;
import dev.howdah.replication.Relation;
import dev.howdah.replication.ReplicaIdentity;
import dev.howdah.replication.ReplicatedTransaction;
import dev.howdah.replication.ReplicatedTransaction.Kind;
import dev.howdah.replication.ResumeToken;
import dev.howdah.sql.Identifier;
import dev.howdah.type.Lsn;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Changes for people, one a line. On a terminal long values are shortened, and it cuts off what is wider than itself.
 *
 * @see <a href="https://www.ecma-international.org/publications-and-standards/standards/ecma-48/">ECMA-48</a>
 */
final class TailText implements TailPrinter {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
    private static final Pattern PLAIN_NAME = Pattern.compile("[a-z_][a-z0-9_$]*");
    private static final Pattern BARE = Pattern.compile("-?[0-9][0-9.]*(?:[eE][+-]?[0-9]+)?");
    private static final String CUT = "\u001b[?7l";
    private static final String WRAP = "\u001b[?7h";
    private static final int LONG = 60;
    private static final int OPERATION_WIDTH = 8;
    private static final String TIME_WIDTH = " ".repeat("00:00:00.000".length());

    private final Style style;
    private final boolean cuts;

    TailText(Style style, boolean cuts) {
        this.style = style;
        this.cuts = cuts;
    }

    @Override
    public String snapshotBegins(int tables, Lsn at) {
        return line(style.dim("── snapshot of " + (tables == 1 ? "1 table" : tables + " tables") + " at " + at));
    }

    @Override
    public String snapshotRow(ChangedRow row) {
        return line(TIME_WIDTH + "  " + operation("row", style.cyan("row")) + table(row.relation())
                + values(row, true, true));
    }

    @Override
    public String snapshotEnds(ResumeToken token, long rows) {
        return line(style.dim("── " + (rows == 1 ? "1 row" : rows + " rows") + ", changes follow"));
    }

    @Override
    public String begins(ReplicatedTransaction transaction) {
        String origin = transaction.origin();
        return transaction.kind() == Kind.MESSAGE
                ? ""
                : line(style.dim("── transaction " + transaction.xid() + "  " + transaction.commitLsn()
                        + (origin == null ? "" : "  from " + TextTable.visible(origin))));
    }

    @Override
    public String ends(ReplicatedTransaction transaction, int changes) {
        return "";
    }

    @Override
    public String change(ReplicatedTransaction transaction, int number, Change change) {
        String time = time(transaction);
        return switch (change) {
            case Change.RelationChanged told -> told.before() == null ? "" : line(time + altered(told.relation()));
            case Change.Insert insert ->
                line(time
                        + operation("insert", style.green("insert"))
                        + table(insert.relation())
                        + values(insert.newRow(), true, true));
            case Change.Update update ->
                line(time + operation("update", style.yellow("update")) + table(update.relation()) + updated(update));
            case Change.Delete delete ->
                line(time
                        + operation("delete", style.red("delete"))
                        + table(delete.relation())
                        + values(delete.oldRow(), true, true));
            case Change.Truncate truncate -> line(time + truncated(truncate));
            case Change.LogicalMessage message ->
                line(time + operation("message", style.cyan("message"))
                        + style.bold(TextTable.visible(message.prefix())) + "  "
                        + shortened(TextTable.visible(message.text())));
        };
    }

    private String time(ReplicatedTransaction transaction) {
        // A message outside of a transaction has no time.
        Instant time = transaction.kind() == Kind.MESSAGE ? Instant.now() : transaction.time();
        return style.dim(TIME.format(time.atZone(ZoneId.systemDefault()))) + "  ";
    }

    private String line(String text) {
        return cuts ? CUT + text + WRAP : text;
    }

    private static String operation(String plain, String styled) {
        return styled + " ".repeat(OPERATION_WIDTH - plain.length());
    }

    private String altered(Relation relation) {
        List<String> columns = new ArrayList<>();
        relation.columns().forEach(column -> columns.add(name(column.name())));
        return operation("altered", style.cyan("altered"))
                + table(relation)
                + style.dim("  now (" + String.join(", ", columns) + ")");
    }

    private String truncated(Change.Truncate truncate) {
        List<String> tables = new ArrayList<>();
        truncate.relations().forEach(relation -> tables.add(table(relation)));
        return style.red("truncate") + " " + String.join(", ", tables)
                + (truncate.cascade() ? "  cascade" : "")
                + (truncate.restartIdentity() ? "  restart identity" : "");
    }

    private String table(Relation relation) {
        String schema = relation.schema().isEmpty() ? "" : name(relation.schema()) + ".";
        return style.bold(schema + name(relation.name()));
    }

    private static String name(String name) {
        return PLAIN_NAME.matcher(name).matches()
                ? name
                : TextTable.visible(Identifier.of(name).quoted());
    }

    /** The values that are known: the key's, and others. With the whole row as its identity nothing stands out. */
    private String values(ChangedRow row, boolean keys, boolean others) {
        StringBuilder text = new StringBuilder();
        boolean whole = row.relation().replicaIdentity() == ReplicaIdentity.FULL;
        for (int i = 0; i < row.size(); i++) {
            Relation.Column column = row.relation().columns().get(i);
            boolean key = column.key() && !whole;
            if (row.state(i) != ColumnState.ABSENT && (key ? keys : others)) {
                String name = name(column.name());
                text.append("  ").append(key ? style.bold(name) : name).append('=');
                text.append(value(row, i));
            }
        }
        return text.toString();
    }

    private String updated(Change.Update update) {
        ChangedRow old = update.oldRow();
        ChangedRow row = update.filledRow();
        if (old == null) {
            // What has changed is not known.
            return values(row, true, false) + values(row, false, true);
        }
        boolean whole = old.kind() == ChangedRow.Kind.FULL;
        StringBuilder changed = new StringBuilder();
        StringBuilder same = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String name = name(row.relation().columns().get(i).name());
            if (old.state(i) == ColumnState.ABSENT) {
                changed.append("  ").append(name).append('=').append(value(row, i));
            } else if (Objects.equals(text(old, i), text(row, i))) {
                same.append("  ")
                        .append(whole ? style.dim(name) : style.bold(name))
                        .append('=')
                        .append(value(row, i));
            } else {
                changed.append("  ").append(name).append(": ");
                changed.append(value(old, i)).append(style.yellow(" → ")).append(value(row, i));
            }
        }
        // With the whole row before, what has changed comes first; else the key.
        return whole ? changed + (same.isEmpty() ? "" : style.dim("  of") + same) : same.toString() + changed;
    }

    private String value(ChangedRow row, int index) {
        return switch (row.state(index)) {
            case NULL -> style.dim("null");
            case UNCHANGED -> style.dim("(unchanged)");
            case ABSENT -> style.dim("(not known)");
            case VALUE -> {
                String text = shortened(TextTable.visible(String.valueOf(row.getString(index))));
                yield style.cyan(BARE.matcher(text).matches() ? text : "'" + text + "'");
            }
        };
    }

    private static @Nullable String text(ChangedRow row, int index) {
        return switch (row.state(index)) {
            case VALUE -> row.getString(index);
            case NULL, UNCHANGED, ABSENT -> null;
        };
    }

    private String shortened(String text) {
        return cuts && text.codePointCount(0, text.length()) > LONG
                ? text.substring(0, text.offsetByCodePoints(0, LONG - 1)) + "…"
                : text;
    }
}
