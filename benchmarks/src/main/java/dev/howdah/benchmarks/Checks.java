package dev.howdah.benchmarks;

import dev.howdah.testkit.AdminSession;
import dev.howdah.testkit.Await;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Holds what a client read and wrote against the server's own answer. Nothing here is measured. */
final class Checks {

    private static final Set<WorkloadId> INSERTING =
            EnumSet.of(WorkloadId.W5, WorkloadId.W6TI, WorkloadId.W6BI, WorkloadId.W6RI);

    private static final Set<WorkloadId> DRAINING = EnumSet.of(WorkloadId.W8, WorkloadId.W8T);

    private final AdminSession admin;
    private final Target target;
    private final Sizes sizes;
    private final ServerChecks server;
    private final Map<String, String> copied = new HashMap<>();
    private @Nullable String rowSums;
    private @Nullable String largeObject;
    private long sessions;
    private boolean changesMade;

    Checks(AdminSession admin, Target target, Sizes sizes) {
        this.admin = admin;
        this.target = target;
        this.sizes = sizes;
        this.server = new ServerChecks(admin, sizes);
    }

    /** To be called before each repetition. */
    void before(WorkloadId workload) {
        if (!DRAINING.contains(workload) && changesMade) {
            // It would keep all that the others write.
            admin.execute(Changes.DROP);
            changesMade = false;
        }
        switch (workload) {
            case W5, W6TI, W6BI, W6RI -> admin.execute("truncate r_copy");
            case W8, W8T -> awaitChanges();
            case W9 -> admin.execute(LargeObjectTally.FORGET);
            case W10 -> sessions = sessions();
            case W11, W11T, W12 -> server.before(workload);
            case W1, W2, W3, W4, W4C, W6TO, W6BO, W6RO, W7, W7S, W9R, W9M -> {
                // They change nothing.
            }
        }
    }

    /** To be called after each repetition. */
    void after(String client, WorkloadId workload, int round, Measure measure) {
        if (workload.isOfServer()) {
            server.after(client, workload, measure);
            return;
        }
        int count = measure.operations();
        String expected = switch (workload) {
            case W1, W3 -> value(Data.selectSums(count, 1, round, sizes.keys()));
            case W2 -> value(Data.selectSums(count / WorkloadId.LANES, WorkloadId.LANES, round, sizes.keys()));
            case W4, W4C, W6RO -> rowSums();
            case W5, W6TI, W6BI, W6RI, W8, W8T, W10 -> String.valueOf(count);
            case W6TO -> copied("text");
            case W6BO -> copied("binary");
            case W9 -> value(LargeObjectTally.sql("lob_written"));
            case W9R, W9M -> largeObject();
            case W7, W7S -> value(NotificationTally.sql(count));
            case W11, W11T, W12 -> throw new IllegalArgumentException(workload + " reads nothing");
        };
        if (!expected.equals(measure.tally())) {
            throw new WrongAnswerException(client + " in " + workload + ", repetition " + round + ": the server says "
                    + expected + ", the client says " + measure.tally());
        }
        if (INSERTING.contains(workload)) {
            var wrong = admin.execute(Data.insertedWrongly(count));
            if (!wrong.isEmpty()) {
                throw new WrongAnswerException(
                        client + " in " + workload + " did not insert what it should, as in " + wrong);
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

    /** Makes what is drained, once, and waits until nobody drains it. */
    private void awaitChanges() {
        if (!changesMade) {
            changesMade = true;
            admin.execute(Changes.CREATE);
            admin.execute(Changes.CREATE_SLOT);
            admin.execute(Changes.CREATE_TEXT_SLOT);
            admin.execute(Changes.insertInTransactions(sizes.changes()));
            admin.execute(Changes.insertAtOnce(sizes.changes()));
        }
        Await.until("the slots are free", Duration.ofSeconds(60), () -> "f".equals(value(Changes.ACTIVE)));
    }

    private String largeObject() {
        if (largeObject == null) {
            largeObject = value(LargeObjectTally.sql("lob_read"));
        }
        return largeObject;
    }

    /** The length and the checksum of what the server itself writes into a file. */
    private String copied(String format) {
        return copied.computeIfAbsent(format, name -> {
            admin.execute("set timezone to 'UTC'; " + CopyTally.writeFile(name));
            return value(CopyTally.sql(name));
        });
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
