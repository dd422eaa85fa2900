package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.Row;
import dev.howdah.replication.Change.Delete;
import dev.howdah.replication.Change.Insert;
import dev.howdah.replication.Change.Truncate;
import dev.howdah.replication.Change.Update;
import dev.howdah.replication.ChangedRow;
import dev.howdah.replication.ColumnState;
import dev.howdah.replication.PgOutputDecoder;
import dev.howdah.replication.PgOutputMessage;
import dev.howdah.replication.PgOutputMessage.Begin;
import dev.howdah.replication.PgOutputMessage.Commit;
import dev.howdah.replication.PgOutputMessage.RelationMessage;
import dev.howdah.replication.Relation;
import java.nio.ByteBuffer;
import java.util.Objects;

/** What changed in a table, as logical decoding tells it, read by SQL from a slot. Needs the right to replicate. */
public final class DecodedChanges {

    private static final String SLOT = "decoded_changes";

    private DecodedChanges() {}

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        try (PgConnection db = Howdah.connect(args.length > 0 ? args[0] : "")) {
            db.script("""
                    create table article (id int primary key, price numeric, text text);
                    alter table article alter text set storage external;
                    create publication articles for table article
                    """);
            try {
                db.query("select pg_create_logical_replication_slot($1, 'pgoutput', true)", SLOT);
                db.execute("insert into article values (1, 2.50, repeat('long ', 2000))");
                db.execute("update article set price = 3 where id = 1");
                db.execute("update article set id = 2, text = null where id = 1");
                db.execute("alter table article replica identity full");
                db.execute("delete from article");
                db.execute("truncate article");
                read(db);
                db.query("select pg_drop_replication_slot($1)", SLOT);
            } finally {
                db.script("drop publication articles; drop table article");
            }
        }
    }

    private static void read(PgConnection db) {
        // @start region=decode
        PgOutputDecoder decoder = new PgOutputDecoder(db.types());
        String changes = "select data from pg_logical_slot_get_binary_changes("
                + "$1, null, null, 'proto_version', '1', 'publication_names', 'articles')";
        for (Row row : db.query(changes, SLOT)) {
            byte[] data = Objects.requireNonNull(row.getBytes("data"));
            print(decoder.decode(ByteBuffer.wrap(data)));
        }
        // @end
    }

    // @start region=messages
    private static void print(PgOutputMessage message) {
        switch (message) {
            case Begin begin -> System.out.println("begin");
            case Insert insert ->
                System.out.println("new article " + insert.newRow().getInt("id"));
            case Update update -> {
                ChangedRow before = update.oldRow();
                int id = (before == null ? update.newRow() : before).getInt("id");
                System.out.println("article " + id + " is now " + known(update.filledRow()));
            }
            case Delete delete -> System.out.println("gone: " + known(delete.oldRow()));
            case Truncate truncate -> System.out.println("emptied: " + truncate.relations());
            case RelationMessage table -> System.out.println("about " + table.relation());
            case Commit commit -> System.out.println("commit");
            default -> throw new IllegalStateException("not asked for: " + message);
        }
    }
    // @end

    // @start region=states
    private static String known(ChangedRow row) {
        StringBuilder text = new StringBuilder();
        for (Relation.Column column : row.relation().columns()) {
            ColumnState state = row.state(column.name());
            text.append(column.name()).append(": ");
            text.append(state == ColumnState.VALUE ? row.getString(column.name()) : state);
            text.append("; ");
        }
        return text.toString();
    }
    // @end
}
