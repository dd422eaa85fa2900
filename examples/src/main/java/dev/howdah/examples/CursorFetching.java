package dev.howdah.examples;

import static java.util.Objects.requireNonNull;

import dev.howdah.Cursor;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.Result;
import dev.howdah.Row;
import dev.howdah.ScrollMode;
import java.math.BigDecimal;
import java.util.Map;

/** A cursor: rows one by one, many or all, a script's results, functions and procedures. */
public final class CursorFetching {

    private CursorFetching() {}

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        try (PgConnection db = Howdah.connect(args.length > 0 ? args[0] : "")) {
            db.execute("""
                    create temp table item (id int primary key, name text);
                    insert into item values (1, 'pen'), (2, 'ink'), (3, 'cap'), (4, 'mug'), (5, 'bag')""");
            fetch(db);
            scripts(db);
            call(db);
        }
    }

    private static void fetch(PgConnection db) {
        // @start region=fetch
        try (Cursor cursor = db.cursor()) {
            cursor.execute("select id, name from item where id < $1 order by id", 10);
            Row first = requireNonNull(cursor.fetchOne());
            System.out.println(cursor.rowCount() + " rows of "
                    + cursor.columns().stream().map(c -> c.name()).toList() + ", the first is "
                    + first.getString("name"));
            System.out.println("then "
                    + cursor.fetchMany(2).stream().map(r -> r.getString("name")).toList());
            for (Row row : cursor) { // goes on where fetchMany stopped
                System.out.println("then " + row.getString("name"));
            }
            System.out.println(cursor.fetchAll().size() + " rows are left");
            cursor.scroll(1, ScrollMode.ABSOLUTE);
            System.out.println(
                    "the second again: " + requireNonNull(cursor.fetchOne()).getString("name"));
        }
        // @end
    }

    private static void scripts(PgConnection db) {
        // @start region=scripts
        Cursor cursor = db.cursor().execute("select 1; insert into item values (6, 'map'); select max(id) from item");
        for (Result result : cursor.results().subList(0, 2)) {
            System.out.println(result.commandTag());
        }
        System.out.println(requireNonNull(cursor.fetchOne()).asMap()); // the last statement's row
        // @end
    }

    private static void call(PgConnection db) {
        db.execute("""
                create function pg_temp.discount(price numeric, percent int default 10) returns numeric
                language sql as $$ select round(price * (100 - percent) / 100, 2) $$;
                create procedure pg_temp.stock(out items bigint, inout cheapest numeric)
                language plpgsql as $$ begin select count(*) into items from item; end $$""");
        // @start region=call
        Cursor cursor = db.cursor();
        cursor.call("pg_temp.discount", new BigDecimal("2.00"));
        System.out.println("discounted: " + requireNonNull(cursor.fetchOne()).getBigDecimal(0));
        cursor.call("pg_temp.discount", Map.of("price", 2, "percent", 25));
        System.out.println("discounted: " + requireNonNull(cursor.fetchOne()).getBigDecimal(0));
        cursor.call("pg_temp.stock", new BigDecimal("0.50")); // a procedure; its OUT parameters are left out
        System.out.println(requireNonNull(cursor.fetchOne()).asMap());
        // @end
    }
}
