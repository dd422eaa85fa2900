package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.replication.Change;
import dev.howdah.replication.ChangedRow;
import dev.howdah.replication.Follower;
import dev.howdah.replication.FollowerEvent;
import dev.howdah.replication.FollowerOptions;
import dev.howdah.replication.FollowerStatus;
import dev.howdah.replication.ReplicatedTransaction;
import dev.howdah.replication.ResumableSink;
import dev.howdah.replication.ResumeToken;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Keeps a copy of a table in step, each transaction exactly once, whichever side fails when. */
public final class FollowingChanges {

    private FollowingChanges() {}

    /** Runs against the server of the connection string given, or of the environment; the copy is in the same database. */
    public static void main(String[] args) throws Exception {
        String conninfo = args.length > 0 ? args[0] : "";
        try (PgConnection db = Howdah.connect(conninfo)) {
            db.script("create table account (id int primary key, owner text, balance numeric);"
                    + "insert into account values (1, 'Ann', 10), (2, 'Bob', 20);"
                    + "create table account_copy (like account including all);"
                    + "create table copy_position (token text not null)");
            String slot = "howdah_following_changes";
            try {
                follow(conninfo, db, slot);
            } finally {
                db.query("select pg_drop_replication_slot($1)", slot);
                db.script("drop publication account_changes; drop table account, account_copy, copy_position");
            }
        }
    }

    private static void follow(String conninfo, PgConnection db, String slot) throws Exception {
        CountDownLatch changed = new CountDownLatch(1);
        try (PgConnection target = Howdah.connect(conninfo)) {
            AccountCopy copy = new AccountCopy(target, changed);
            // @start region=start
            FollowerOptions options = FollowerOptions.of(slot, "account_changes")
                    .createPublication("public.account")
                    .snapshot(2); // the rows that are there, read by two connections, and the slot made where they end
            try (Follower follower = Follower.start(conninfo, options, copy)) {
                // @end
                copy.filled.await();
                db.script("begin; update account set balance = balance - 5 where id = 1;"
                        + " update account set balance = balance + 5 where id = 2; commit");
                changed.await();
                report(follower);
            }
            db.query("select id, owner, balance from account_copy order by id").forEach(System.out::println);
        }
    }

    // @start region=sink
    private static final class AccountCopy implements ResumableSink {
        private final PgConnection target;
        // @end
        private final CountDownLatch filled = new CountDownLatch(1);
        private final CountDownLatch changed;

        AccountCopy(PgConnection target, CountDownLatch changed) {
            this.target = target;
            this.changed = changed;
        }

        // @start region=position
        @Override
        public @Nullable ResumeToken position() {
            return target.query("select token from copy_position").stream()
                    .map(row -> ResumeToken.parse(String.valueOf(row.getString(0))))
                    .findAny()
                    .orElse(null);
        }

        private void store(ResumeToken token) {
            target.execute("delete from copy_position");
            target.query("insert into copy_position values ($1)", token.toString());
        }
        // @end

        // @start region=snapshot
        @Override
        public void snapshotBegins() {
            target.script("truncate account_copy; truncate copy_position");
        }

        @Override
        public void snapshotRow(ChangedRow row) {
            insert(row);
        }

        @Override
        public void snapshotEnds(ResumeToken token) {
            store(token);
            filled.countDown();
        }
        // @end

        // @start region=transaction
        @Override
        public void transaction(ReplicatedTransaction transaction) {
            target.inTransaction(tx -> {
                transaction.forEach(this::apply);
                store(transaction.token());
                return true;
            });
            transaction.acknowledge();
        }

        private void apply(Change change) {
            switch (change) {
                case Change.Insert insert -> insert(insert.newRow());
                case Change.Update update -> {
                    ChangedRow row = update.filledRow();
                    target.query(
                            "update account_copy set owner = $2, balance = $3 where id = $1",
                            row.getInt("id"),
                            row.getString("owner"),
                            row.getBigDecimal("balance"));
                    changed.countDown();
                }
                case Change.Delete delete ->
                    target.query(
                            "delete from account_copy where id = $1",
                            delete.oldRow().getInt("id"));
                case Change.Truncate truncate -> target.execute("truncate account_copy");
                case Change.LogicalMessage message -> {}
                case Change.RelationChanged table -> {} // columns came or went: the place to alter the copy
            }
        }
        // @end

        private void insert(ChangedRow row) {
            target.query(
                    "insert into account_copy values ($1, $2, $3)",
                    row.getInt("id"),
                    row.getString("owner"),
                    row.getBigDecimal("balance"));
        }

        // @start region=events
        @Override
        public void event(FollowerEvent event) {
            switch (event) {
                case FollowerEvent.Checked checked ->
                    checked.findings().forEach(finding -> System.out.println("note: " + finding.message()));
                case FollowerEvent.Streaming begun -> System.out.println("following from " + begun.from());
                case FollowerEvent.Interrupted lost ->
                    System.out.println("lost: " + lost.cause().getMessage() + ", again in " + lost.pause());
                case FollowerEvent.SnapshotBegun begun -> System.out.println("copying " + begun.tables() + " table");
                case FollowerEvent.TableCopied copied ->
                    System.out.println(copied.table() + ": " + copied.rows() + " rows");
                case FollowerEvent.SnapshotEnded ended -> {}
            }
        }
        // @end
    }

    // @start region=status
    private static void report(Follower follower) {
        FollowerStatus status = follower.status();
        System.out.println(status.transactions() + " transaction, " + status.changes() + " changes, oldest waits for "
                + status.lag().toSeconds() + " s, " + status.unacknowledged() + " not acknowledged");
    }
    // @end
}
