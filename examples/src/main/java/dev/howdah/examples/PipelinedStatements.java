package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.Pipeline;
import dev.howdah.PipelineAnswer;
import dev.howdah.PipelineMode;
import dev.howdah.Result;
import dev.howdah.error.PipelineAbortedException;
import dev.howdah.error.UniqueViolationException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Statements sent one behind the other without waiting for the answers. */
public final class PipelinedStatements {

    private PipelinedStatements() {}

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        try (PgConnection db = Howdah.connect(args.length > 0 ? args[0] : "")) {
            db.execute("create temp table item (id int primary key, sold int not null default 0)");
            db.execute("insert into item values (7), (8)");
            answers(db);
            failure(db);
            each(db);
        }
    }

    private static void answers(PgConnection db) {
        // @start region=answers
        try (Pipeline pipeline = db.pipeline()) {
            PipelineAnswer<Result> sold = pipeline.execute("update item set sold = sold + 1 where id = $1", 7);
            List<PipelineAnswer<@Nullable Integer>> counts = new ArrayList<>();
            for (int id = 7; id < 9; id++) {
                counts.add(pipeline.queryValue("select sold from item where id = $1", Integer.class, id));
            }
            PipelineAnswer<?> lasting = pipeline.sync(); // all of it is one transaction
            System.out.println("changed " + sold.get().rowCount() + ", sold "
                    + counts.stream().map(PipelineAnswer::get).toList());
            lasting.get(); // now it has been committed
        }
        // @end
    }

    private static void failure(PgConnection db) {
        // @start region=failure
        try (Pipeline pipeline = db.pipeline()) {
            PipelineAnswer<Result> first = pipeline.execute("insert into item values ($1)", 9);
            PipelineAnswer<Result> second = pipeline.execute("insert into item values ($1)", 7);
            PipelineAnswer<Result> third = pipeline.execute("insert into item values ($1)", 10);
            pipeline.sync();
            PipelineAnswer<Result> after = pipeline.execute("insert into item values ($1)", 11);
            pipeline.sync();
            try {
                second.get();
            } catch (UniqueViolationException e) {
                System.out.println("refused: " + e.diagnostics().messageDetail());
            }
            try {
                third.get();
            } catch (PipelineAbortedException e) {
                System.out.println("skipped because of that: " + (e.getCause() instanceof UniqueViolationException));
            }
            after.get();
            System.out.println(
                    first.outcome() + " " + second.outcome() + " " + third.outcome() + " " + after.outcome());
        }
        // @end
    }

    private static void each(PgConnection db) {
        // @start region=each
        try (Pipeline pipeline = db.pipeline(PipelineMode.SYNC_EACH)) {
            PipelineAnswer<Result> refused = pipeline.execute("insert into item values ($1)", 7);
            PipelineAnswer<Result> inserted = pipeline.execute("insert into item values ($1)", 12);
            System.out.println("inserted " + inserted.get().rowCount());
            try {
                refused.get();
            } catch (UniqueViolationException e) {
                System.out.println(refused.outcome() + " " + inserted.outcome());
            }
        }
        // @end
    }
}
