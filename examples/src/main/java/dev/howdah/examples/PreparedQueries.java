package dev.howdah.examples;

import dev.howdah.Column;
import dev.howdah.ExplainOption;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.Plan;
import dev.howdah.PreparedQuery;
import dev.howdah.Row;
import dev.howdah.sql.Sql;
import dev.howdah.type.PgType;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;

/** Statements held by hand: what they are, what they cost, and what happens when a table changes. */
public final class PreparedQueries {

    private PreparedQueries() {}

    // @start region=record
    private record Reading(int station, double value) {}
    // @end

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        try (PgConnection db = Howdah.connect(args.length > 0 ? args[0] : "")) {
            db.execute("create temp table reading (station int, value float8)");
            verbs(db);
            plans(db);
            names(db);
            composed(db);
            healing(db);
        }
    }

    private static void verbs(PgConnection db) {
        // @start region=verbs
        try (PreparedQuery insert = db.prepare("insert into reading values ($1, $2)");
                PreparedQuery hottest =
                        db.prepare("select * from reading where value > $1 order by value desc limit 1");
                PreparedQuery all = db.prepare("select station, value from reading where station = $1")) {
            System.out.println(
                    insert.parameterTypes().stream().map(PgType::name).toList() + " "
                            + all.columns().stream().map(Column::name).toList());
            insert.executeMany(List.of(List.of(1, 20.5), List.of(1, 21.5), List.of(2, 19.0)));
            System.out.println(hottest.queryOne(Reading.class, 10.0));
            try (Stream<Row> rows = all.stream(100, 1)) {
                System.out.println(
                        rows.mapToDouble(row -> row.getDouble("value")).sum());
            }
        }
        // @end
    }

    private static void plans(PgConnection db) {
        // @start region=plans
        try (PreparedQuery delete = db.prepare("delete from reading where station = $1")) {
            Plan plan = delete.explain(1);
            System.out.println(plan.json().contains("\"Seq Scan\""));
            Plan run = delete.explainAnalyze(1);
            System.out.println(run.json().contains("\"Execution Time\""));
            delete.explain(EnumSet.of(ExplainOption.ANALYZE, ExplainOption.BUFFERS, ExplainOption.WAL), 1);
        }
        System.out.println("still " + db.queryValue("select count(*) from reading", Long.class));
        // @end
    }

    private static void names(PgConnection db) {
        // @start region=names
        try (PreparedQuery count = db.prepare("select count(*) from reading where station = $1", "station_count")) {
            System.out.println(count.queryValue(Long.class, 1) + " "
                    + db.query("execute station_count(2)").one().getLong(0));
        }
        // @end
    }

    private static void composed(PgConnection db) {
        // @start region=composed
        Sql sql = Sql.named("select count(*) from reading where station = :station and value > :least")
                .bind("station", 1)
                .bind("least", 21);
        try (PreparedQuery count = db.prepare(sql)) {
            System.out.println(count.queryValue(Long.class));
        }
        // @end
    }

    private static void healing(PgConnection db) {
        // @start region=healing
        try (PreparedQuery all = db.prepare("select * from reading")) {
            System.out.println(all.query().columns().size());
            db.execute("alter table reading add taken timestamptz");
            System.out.println(all.query().columns().size());
            System.out.println(all.columns().getLast().typeName());
        }
        // @end
    }
}
