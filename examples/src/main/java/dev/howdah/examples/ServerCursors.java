package dev.howdah.examples;

import static java.util.Objects.requireNonNull;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.Row;
import dev.howdah.ScrollMode;
import dev.howdah.ServerCursor;
import dev.howdah.Transaction;

/** Cursors of the server: the code of docs/guide/cursors.md about them, in its order. */
public final class ServerCursors {

    private ServerCursors() {}

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        try (PgConnection db = Howdah.connect(args.length > 0 ? args[0] : "")) {
            db.execute("create temp table reading (id int primary key, value int, doubled int);"
                    + " insert into reading select g, g % 100 from generate_series(1, 20000) g");
            pages(db);
            mixed(db);
            bothWays(db);
            held(db);
            refcursor(db);
            whereCurrentOf(db);
        }
    }

    private static void pages(PgConnection db) {
        // @start region=pages
        long sum = 0;
        try (Transaction tx = db.begin();
                ServerCursor cursor =
                        db.cursor("readings").execute("select value from reading where id > $1", 10_000)) {
            for (Row row : cursor) {
                sum += row.getInt("value");
            }
            tx.commit();
        }
        // @end
        System.out.println("sum " + sum);
    }

    private static void mixed(PgConnection db) {
        // @start region=mixed
        try (Transaction tx = db.begin();
                ServerCursor cursor = db.cursor("readings").fetchSize(500)) {
            cursor.execute("select id from reading order by id");
            Row first = requireNonNull(cursor.fetchOne());
            var ten = cursor.fetchMany(10).values(Integer.class);
            var rest = cursor.fetchAll();
            System.out.println(first.getInt(0) + ", then " + ten.getFirst() + " to " + ten.getLast() + ", then "
                    + rest.size() + " of " + cursor.rowCount());
            tx.commit();
        }
        // @end
    }

    private static void bothWays(PgConnection db) {
        // @start region=scroll
        try (Transaction tx = db.begin();
                ServerCursor cursor = db.cursor("readings").scrollable(true)) {
            cursor.execute("select id from reading order by id");
            cursor.scroll(19_999, ScrollMode.ABSOLUTE); // the row with index 19,999, the last one
            System.out.println("last " + requireNonNull(cursor.fetchOne()).getInt("id"));
            cursor.scroll(-2); // back over that and the one before
            System.out.println(
                    "the one before " + requireNonNull(cursor.fetchOne()).getInt("id"));
            cursor.scroll(0, ScrollMode.ABSOLUTE);
            System.out.println("first " + requireNonNull(cursor.fetchOne()).getInt("id"));
            tx.commit();
        }
        // @end
    }

    private static void held(PgConnection db) {
        // @start region=hold
        try (ServerCursor cursor = db.cursor("kept").withHold(true)) {
            cursor.execute("select id, value from reading where value = 7 order by id");
            int changed = 0;
            for (Row row : cursor) {
                try (Transaction tx = db.begin()) { // one for each row; the cursor outlives them
                    db.execute(
                            "update reading set doubled = $1 where id = $2", 2 * row.getInt("value"), row.getInt("id"));
                    tx.commit();
                    changed++;
                }
            }
            System.out.println("changed " + changed);
        }
        // @end
    }

    private static void refcursor(PgConnection db) {
        db.execute(
                "create function pg_temp.readings_of(wanted int) returns refcursor language plpgsql as $$"
                        + " declare result refcursor := 'readings of one value';"
                        + " begin open result for select id from reading where value = wanted order by id; return result; end $$");
        // @start region=refcursor
        try (Transaction tx = db.begin()) {
            String name = requireNonNull(db.queryValue("select pg_temp.readings_of($1)", String.class, 42));
            try (ServerCursor cursor = db.cursor(name)) {
                System.out.println(name + ": " + cursor.fetchMany(3).values(Integer.class));
            }
            tx.commit();
        }
        // @end
    }

    private static void whereCurrentOf(PgConnection db) {
        // @start region=current
        try (Transaction tx = db.begin();
                ServerCursor cursor = db.cursor("to_clean").fetchSize(1)) {
            cursor.execute("select id from reading where value = 99 for update");
            long deleted = 0;
            while (cursor.fetchOne() != null) {
                deleted += db.execute("delete from reading where current of to_clean")
                        .rowCount();
            }
            System.out.println("deleted " + deleted);
            tx.commit();
        }
        // @end
    }
}
