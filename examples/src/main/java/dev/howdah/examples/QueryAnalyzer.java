package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.QueryLoggerScope;
import dev.howdah.event.QueryEvent;
import dev.howdah.event.QueryLoggers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Query loggers: a line for each operation, statistics by the kind of statement, and what was slow. */
public final class QueryAnalyzer {

    private QueryAnalyzer() {}

    // @start region=simple
    private static void logSimply(QueryEvent event) {
        System.out.println("query: " + event.sql());
        if (!event.parameters().isEmpty()) {
            System.out.println("  args: " + event.parameters());
        }
    }
    // @end

    // @start region=analyzer
    /** Counts by the first word of the statements. Several threads may use the connection. */
    private static final class Analyzer implements Consumer<QueryEvent> {

        private record Stats(long count, Duration total) {
            Stats plus(Stats other) {
                return new Stats(count + other.count, total.plus(other.total));
            }

            Duration average() {
                return total.dividedBy(count);
            }
        }

        private final Map<String, Stats> byType = new TreeMap<>();

        @Override
        public synchronized void accept(QueryEvent event) {
            String type = event.sql().strip().split("\\s+", 2)[0].toUpperCase(Locale.ROOT);
            byType.merge(type, new Stats(1, event.elapsed()), Stats::plus);
        }

        synchronized void print() {
            byType.forEach((type, stats) -> System.out.println(type + ": " + stats.count() + ", on average "
                    + stats.average().toMillis() + " ms"));
        }
    }
    // @end

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        try (PgConnection db = Howdah.connect(args.length > 0 ? args[0] : "")) {
            // @start region=use
            Consumer<QueryEvent> simple = QueryAnalyzer::logSimply;
            db.addQueryLogger(simple);
            db.query("select $1::int + 1", 41);
            db.removeQueryLogger(simple);

            Analyzer analyzer = new Analyzer();
            List<QueryEvent> slow = new CopyOnWriteArrayList<>();
            db.addQueryLogger(analyzer);
            db.addQueryLogger(QueryLoggers.slow(Duration.ofSeconds(1), slow::add));
            // @end
            work(db);
            analyzer.print();
            for (QueryEvent event : slow) {
                System.out.println("SLOW: " + event.sql() + ", rows: " + event.rows());
            }
            debug(db);
            toTheLog(db);
        }
    }

    private static void work(PgConnection db) {
        db.inTransaction(tx -> {
            db.execute("create temporary table howdah_analyzed (id int) on commit drop");
            db.executeMany("insert into howdah_analyzed values ($1)", List.of(List.of(1), List.of(2)));
            db.query("select * from howdah_analyzed where id = $1", 2);
            return db.query("select * from howdah_analyzed");
        });
        db.execute("select pg_sleep(1.01)");
    }

    private static void debug(PgConnection db) {
        // @start region=scope
        QueryLoggerScope scope =
                db.queryLogger(event -> System.out.println("DEBUG " + event.kind() + " " + event.sql()));
        try (scope) {
            db.query("select 'within'");
        } // removed, also if the body throws
        db.query("select 'behind'");
        // @end
    }

    private static void toTheLog(PgConnection db) {
        // @start region=log
        System.Logger log = System.getLogger("app.sql");
        db.addQueryLogger(QueryLoggers.slow(
                Duration.ofSeconds(1), QueryLoggers.toSystemLogger(log, System.Logger.Level.WARNING)));
        // @end
        System.out.println("fast ones are not logged: " + db.queryValue("select true", Boolean.class));
    }
}
