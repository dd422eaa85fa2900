package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.PreparedTransaction;
import dev.howdah.Xid;
import java.util.List;

/**
 * Two-phase commit: two sessions, which could be two servers, commit together or not at all, also when the program goes
 * down in between. The server has to allow it, with {@code max_prepared_transactions} above 0.
 */
public final class TwoPhaseCommit {

    /** Tells our transactions from those of others. */
    private static final int FORMAT = 7717;

    private TwoPhaseCommit() {}

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        String conninfo = args.length > 0 ? args[0] : "";
        try (PgConnection admin = Howdah.connect(conninfo)) {
            admin.execute("drop table if exists howdah_example_money");
            admin.execute("create table howdah_example_money (bank text primary key, amount int check (amount >= 0))");
            try {
                admin.execute("insert into howdah_example_money values ('north', 100), ('south', 0)");
                try (PgConnection north = Howdah.connect(conninfo);
                        PgConnection south = Howdah.connect(conninfo)) {
                    transfer(north, south);
                }
                System.out.println("moved: " + amounts(admin));
                goDown(conninfo);
                recover(admin);
                System.out.println("recovered: " + amounts(admin));
            } finally {
                admin.execute("drop table howdah_example_money");
            }
        }
    }

    private static void transfer(PgConnection north, PgConnection south) {
        // @start region=transfer
        north.twoPhase().begin(Xid.of(FORMAT, "transfer 1", "north"));
        north.execute("update howdah_example_money set amount = amount - 60 where bank = 'north'");
        south.twoPhase().begin(Xid.of(FORMAT, "transfer 1", "south"));
        south.execute("update howdah_example_money set amount = amount + 60 where bank = 'south'");

        north.twoPhase().prepare(); // when one of these fails, roll both back
        south.twoPhase().prepare();
        // Here a real program writes down, where it stays, that "transfer 1" is to be committed.
        north.twoPhase().commit(); // from here on both can only succeed, if need be later
        south.twoPhase().commit();
        // @end
    }

    /** Two transfers, and the program ends in the middle of both. */
    private static void goDown(String conninfo) {
        try (PgConnection north = Howdah.connect(conninfo);
                PgConnection south = Howdah.connect(conninfo)) {
            north.twoPhase().begin(Xid.of(FORMAT, "transfer 2", "north"));
            north.execute("update howdah_example_money set amount = amount - 5 where bank = 'north'");
            north.twoPhase().prepare();
            south.twoPhase().begin(Xid.of(FORMAT, "transfer 2", "south"));
            south.execute("update howdah_example_money set amount = amount + 5 where bank = 'south'");
            south.twoPhase().prepare();
            north.twoPhase().commit();
            // Gone: what south has prepared waits on the server.
        }
        try (PgConnection south = Howdah.connect(conninfo)) {
            south.twoPhase().begin(Xid.of(FORMAT, "transfer 3", "south"));
            south.execute("insert into howdah_example_money values ('east', 1)");
            south.twoPhase().prepare();
        }
    }

    private static void recover(PgConnection db) {
        List<String> decided = List.of("transfer 2"); // what was written down before the second phase
        // @start region=recover
        for (PreparedTransaction found : db.twoPhase().recover()) {
            Xid xid = found.xid();
            if (!Integer.valueOf(FORMAT).equals(xid.formatId())
                    || !found.database().equals(db.info().dbname())) {
                continue; // somebody else's, or to be ended by a session in its database
            }
            if (decided.contains(xid.globalId())) {
                db.twoPhase().commit(xid);
                System.out.println("committed " + xid.globalId() + " of " + xid.branchQualifier());
            } else {
                db.twoPhase().rollback(xid);
                System.out.println("rolled back " + xid.globalId() + " of " + xid.branchQualifier());
            }
        }
        // @end
    }

    private static List<String> amounts(PgConnection db) {
        return db.query("select bank || ' ' || amount from howdah_example_money order by bank")
                .values(String.class);
    }
}
