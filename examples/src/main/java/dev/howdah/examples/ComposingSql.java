package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.Rows;
import dev.howdah.sql.Identifier;
import dev.howdah.sql.Literal;
import dev.howdah.sql.Placeholder;
import dev.howdah.sql.Sql;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** SQL put together from pieces: names, values and conditions that are known only when the program runs. */
public final class ComposingSql {

    private ComposingSql() {}

    // @start region=record
    private record Guest(String name, LocalDate arrived, int visits) {}
    // @end

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        try (PgConnection db = Howdah.connect(args.length > 0 ? args[0] : "")) {
            literals(db);
            inserts(db);
            slots(db);
            names(db);
            conditions(db);
            text(db);
        }
    }

    private static void literals(PgConnection db) {
        // @start region=literal
        String create =
                "create table {table} (name text primary key, arrived date default {day}, visits int default 0)";
        db.execute(Sql.of(create)
                .with("table", Identifier.of("pg_temp", "guest"))
                .with("day", Literal.of(LocalDate.of(2026, 1, 1))));
        // @end
    }

    private static void inserts(PgConnection db) {
        // @start region=records
        Sql insert = Sql.named("insert into guest values (:name, :arrived, :visits)");
        db.executeMany(
                insert,
                List.of(
                        new Guest("O'Hara", LocalDate.of(2026, 5, 1), 3),
                        new Guest("Li", LocalDate.of(2026, 6, 1), 1),
                        new Guest("Ada", LocalDate.of(2026, 7, 1), 7)));
        // @end
        // @start region=join
        List<Identifier> columns = List.of(Identifier.of("name"), Identifier.of("arrived"));
        List<Placeholder> places = Collections.nCopies(columns.size(), Placeholder.of());
        Sql some = Sql.of("insert into guest ({}) values ({})").format(Sql.join(", ", columns), Sql.join(", ", places));
        db.execute(some, "Max", LocalDate.of(2026, 8, 1));
        // @end
    }

    private static void slots(PgConnection db) {
        // @start region=compose
        String table = "guest";
        String column = "visits";
        int least = 3;
        Sql sql = Sql.of("select name from {} where {} >= {} order by name")
                .format(Identifier.of(table), Identifier.of(column), Sql.value(least));
        Rows rows = db.query(sql); // select name from "guest" where "visits" >= $1 order by name
        // @end
        System.out.println(rows.values(String.class));
    }

    private static void names(PgConnection db) {
        // @start region=named
        Sql sql = Sql.named("select name from guest where arrived > :day::date and name = any(:names) order by name")
                .bind("day", LocalDate.of(2026, 5, 15))
                .bind("names", List.of("Ada", "Li", "O'Hara"));
        System.out.println(db.query(sql).values(String.class));
        // @end
    }

    private static void conditions(PgConnection db) {
        // @start region=conditions
        List<Sql> conditions = new ArrayList<>();
        conditions.add(Sql.named("visits > :least").bind("least", 0));
        conditions.add(Sql.named("name like :pattern").bind("pattern", "%a%"));
        Sql sql = Sql.of("select name from guest where ").plus(Sql.join(" and ", conditions));
        System.out.println(db.query(sql).values(String.class));
        // @end
    }

    private static void text(PgConnection db) {
        // @start region=mogrify
        String text = db.mogrify("select * from guest where name = $1 and visits > $2", "O'Hara", -1);
        System.out.println(text); // select * from guest where name = 'O''Hara' and visits > (-1)
        // @end
        System.out.println(db.query(text).size() + " row");
    }
}
