package dev.howdah.replication;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.testkit.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Stores changes in another database, in one transaction with the token. Of the table {@code log} it stores each row without looking whether
 * it is there, so that nothing that comes twice goes unseen; {@code state} it changes as the source does.
 */
final class StoringSink implements ResumableSink, AutoCloseable {

    static final String TABLES =
            "create table log (id bigint not null, note text not null); create table state (id int primary key, n bigint not null)";

    final List<FollowerEvent> events = new CopyOnWriteArrayList<>();
    private final PgConnection db;

    StoringSink(TestDatabase database) {
        this.db = Howdah.connect(database.dsn());
        db.script(TABLES + "; create table position (token text not null)");
    }

    @Override
    public @Nullable ResumeToken position() {
        return db.query("select token from position").stream()
                .map(row -> ResumeToken.parse(String.valueOf(row.getString(0))))
                .findAny()
                .orElse(null);
    }

    @Override
    public void snapshotBegins() {
        db.script("truncate log; truncate state; truncate position");
    }

    @Override
    public void snapshotRow(ChangedRow row) {
        store(row);
    }

    @Override
    public void snapshotEnds(ResumeToken token) {
        db.query("insert into position values ($1)", token.toString());
    }

    @Override
    public void transaction(ReplicatedTransaction transaction) {
        List<Long> ids = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        db.inTransaction(tx -> {
            for (Change change : transaction) {
                switch (change) {
                    case Change.Insert insert
                    when insert.relation().name().equals("log") -> {
                        ids.add(insert.newRow().getLong("id"));
                        notes.add(String.valueOf(insert.newRow().getString("note")));
                    }
                    case Change.Insert insert -> store(insert.newRow());
                    case Change.Update update ->
                        db.query(
                                "update state set n = $2 where id = $1",
                                update.newRow().getInt("id"),
                                update.newRow().getLong("n"));
                    case Change.Delete delete ->
                        db.query(
                                "delete from state where id = $1",
                                delete.oldRow().getInt("id"));
                    case Change.Truncate truncate -> throw new IllegalStateException("nobody truncates");
                    case Change.LogicalMessage message -> throw new IllegalStateException("nobody sends messages");
                    case Change.RelationChanged news -> {}
                }
            }
            db.query("insert into log select * from unnest($1::bigint[], $2::text[])", ids, notes);
            db.query("delete from position");
            db.query("insert into position values ($1)", transaction.token().toString());
            return true;
        });
        transaction.acknowledge();
    }

    private void store(ChangedRow row) {
        if (row.relation().name().equals("log")) {
            db.query("insert into log values ($1, $2)", row.getLong("id"), row.getString("note"));
        } else {
            db.query("insert into state values ($1, $2)", row.getInt("id"), row.getLong("n"));
        }
    }

    @Override
    public void event(FollowerEvent event) {
        events.add(event);
    }

    /** Returns what the tables hold, in few words, of this one or of the source. */
    static String sums(PgConnection of) {
        return of.query("select (select count(*) || ' ' || coalesce(sum(id), 0) || ' '"
                                + " || coalesce(sum(hashtext(note)), 0) from log)"
                                + " || ', ' || (select count(*) || ' ' || coalesce(sum(id::bigint * n), 0) from state)")
                        .one()
                        .getString(0)
                + "";
    }

    String sums() {
        return sums(db);
    }

    /** Returns how many rows of {@code log} are there more than once. */
    long doubled() {
        return db.queryValue("select count(*) - count(distinct id) from log", Long.class);
    }

    @Override
    public void close() {
        db.close();
    }
}
