package dev.howdah.benchmarks;

import dev.howdah.testkit.AdminSession;
import dev.howdah.testkit.Await;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Holds what a client read and wrote against the server's own answer. Nothing here is measured. */
final class Checks {

    private final AdminSession admin;
    private final Target target;
    private final Sizes sizes;
    private @Nullable String rowSums;
    private @Nullable String largeObject;
    private long sessions;

    Checks(AdminSession admin, Target target, Sizes sizes) {
        this.admin = admin;
        this.target = target;
        this.sizes = sizes;
    }

    /** To be called before each repetition. */
    void before(WorkloadId workload) {
        switch (workload) {
            case W5 -> admin.execute("truncate r_copy");
            case W9 -> admin.execute(LargeObjectTally.FORGET);
            case W10 -> sessions = sessions();
            case W1, W2, W3, W4, W4C, W7, W7S, W9R, W9M -> {
                // They change nothing.
            }
        }
    }

    /** To be called after each repetition. */
    void after(String client, WorkloadId workload, int round, Measure measure) {
        int count = measure.operations();
        String expected = switch (workload) {
            case W1, W3 -> value(Data.selectSums(count, 1, round, sizes.keys()));
            case W2 -> value(Data.selectSums(count / WorkloadId.LANES, WorkloadId.LANES, round, sizes.keys()));
            case W4, W4C -> rowSums();
            case W5, W10 -> String.valueOf(count);
            case W9 -> value(LargeObjectTally.sql("lob_written"));
            case W9R, W9M -> largeObject();
            case W7, W7S -> value(NotificationTally.sql(count));
        };
        if (!expected.equals(measure.tally())) {
            throw new WrongAnswerException(client + " in " + workload + ", repetition " + round + ": the server says "
                    + expected + ", the client says " + measure.tally());
        }
        if (workload == WorkloadId.W5) {
            var wrong = admin.execute(Data.insertedWrongly(count));
            if (!wrong.isEmpty()) {
                throw new WrongAnswerException(client + " in W5 did not insert what it should, as in " + wrong);
            }
        }
        if (workload == WorkloadId.W10) {
            // The server counts a session when its process ends, a moment after the client has closed.
            Await.until(
                    "the server has seen " + count + " sessions of " + client,
                    Duration.ofSeconds(10),
                    () -> sessions() >= sessions + count);
        }
    }

    private String largeObject() {
        if (largeObject == null) {
            largeObject = value(LargeObjectTally.sql("lob_read"));
        }
        return largeObject;
    }

    private String rowSums() {
        if (rowSums == null) {
            rowSums = value(Data.rowSums());
        }
        return rowSums;
    }

    private long sessions() {
        return Long.parseLong(
                value("select sessions from pg_stat_database where datname = '" + target.database() + "'"));
    }

    private String value(String sql) {
        return Objects.requireNonNull(admin.value(sql), sql);
    }
}
