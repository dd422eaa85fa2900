package dev.howdah.cli;

import dev.howdah.PgConnection;
import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.PgException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.sql.Identifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The slot and the publications that a tail has for itself, under a random name. They are removed at the end, as a slot that nobody reads
 * keeps the server's log until the disk is full.
 */
final class TailObjects {

    /** How all names begin. */
    static final String PREFIX = "howdah_tail_";

    private static final int RANDOM_LENGTH = 12;
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    /** After that the process that still has the slot is ended: its connection may be dead. */
    private static final Duration POLITE = Duration.ofSeconds(2);

    private static final long PAUSE_MILLIS = 50;

    private final String name =
            PREFIX + UUID.randomUUID().toString().replace("-", "").substring(0, RANDOM_LENGTH);
    private final List<String> publications = new ArrayList<>();
    private boolean slot;

    /** Returns the name of the slot, which will be removed if there is one then. */
    String slot() {
        slot = true;
        return name;
    }

    /** Returns the names of the publications that were made. */
    List<String> publications() {
        return List.copyOf(publications);
    }

    /**
     * Makes publications with all operations of the tables that this is possible for, and without UPDATE and DELETE of the others.
     *
     * @param everything whether tables that are made later are published, too, with INSERT and TRUNCATE
     */
    void publish(PgConnection db, TailTables tables, boolean everything) {
        try {
            if (!tables.identified().isEmpty()) {
                create(db, name, "table " + String.join(", ", tables.identified()));
            }
            if (everything || !tables.others().isEmpty()) {
                create(
                        db,
                        name + "_inserts",
                        (everything ? "all tables" : "table " + String.join(", ", tables.others()))
                                + " with (publish = 'insert, truncate')");
            }
        } catch (ServerException e) {
            if (e.sqlState().equals(SqlState.INSUFFICIENT_PRIVILEGE)) {
                e.remark(
                        "A publication is made by the owner of its tables, who needs CREATE on the database, too. Or have one made,"
                                + " and name it with --publication.");
            }
            throw e;
        }
    }

    private void create(PgConnection db, String publication, String what) {
        publications.add(publication);
        db.execute("create publication " + Identifier.of(publication).quoted() + " for " + what);
    }

    /**
     * Removes all that is there.
     *
     * @param remark is told what is left behind if it cannot be removed
     */
    void remove(Supplier<PgConnection> connect, Consumer<String> remark) {
        if (!slot && publications.isEmpty()) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        List<String> left = new ArrayList<>();
        try (PgConnection db = connect.get()) {
            db.execute("set lock_timeout = '5s'");
            if (slot && !drop(db)) {
                left.add("howdah slots drop " + name);
            }
            for (String publication : publications) {
                String sql = "drop publication if exists "
                        + Identifier.of(publication).quoted();
                try {
                    db.execute(sql);
                } catch (ServerException e) {
                    left.add(sql);
                }
            }
        } catch (PgException e) {
            left.clear();
            if (slot) {
                left.add("howdah slots drop " + name);
            }
            publications.forEach(publication -> left.add(
                    "drop publication if exists " + Identifier.of(publication).quoted()));
        }
        if (!left.isEmpty()) {
            remark.accept("what it made could not be removed, and the slot keeps the server's log; remove it with: "
                    + String.join("; ", left));
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Drops the slot when nobody uses it any more; returns false if that does not come about. */
    private boolean drop(PgConnection db) {
        long start = System.nanoTime();
        boolean ended = false;
        while (System.nanoTime() - start < PATIENCE.toNanos()) {
            try {
                db.query(
                        "select pg_catalog.pg_drop_replication_slot(slot_name) from pg_catalog.pg_replication_slots"
                                + " where slot_name = $1",
                        name);
                return true;
            } catch (ServerException e) {
                if (e.sqlState().equals(SqlState.UNDEFINED_OBJECT)) {
                    return true;
                } else if (!e.sqlState().equals(SqlState.OBJECT_IN_USE)) {
                    return false;
                }
            }
            if (!ended && System.nanoTime() - start > POLITE.toNanos()) {
                db.query(
                        "select pg_catalog.pg_terminate_backend(active_pid) from pg_catalog.pg_replication_slots"
                                + " where slot_name = $1 and active",
                        name);
                ended = true;
            }
            pause();
        }
        return false;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedWaitException(Delivery.COMPLETED, e);
        }
    }
}
