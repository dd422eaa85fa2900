package dev.howdah.replication;

import static dev.howdah.replication.InsertedIds.ids;
import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.PgConnection;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.TestDatabase;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;

/** What the server knows of a stream that was stopped. */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class StreamStopIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TABLE =
            "create table t (id int primary key, doc text); create publication p for all tables";

    private static void signal(String signal, int pid) {
        try {
            int exit = new ProcessBuilder("kill", "-" + signal, Integer.toString(pid))
                    .inheritIO()
                    .start()
                    .waitFor();
            assertThat(exit).isZero();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("process " + pid + " could not be sent " + signal, e);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no signals that stop a process")
    void whatWasAcknowledgedDoesNotComeAgainThoughTheServerIsHeldUpForAMoment(TestDatabase database) {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            slot.run("insert into t values (1)", "insert into t values (2)");
            TransactionStream stream = slot.stream();
            ReplicatedTransaction first = stream.next();
            first.finish();
            int pid = stream.cursor().connection().info().backendPid();
            signal("STOP", pid);
            Executor later = CompletableFuture.delayedExecutor(1500, TimeUnit.MILLISECONDS);
            CompletableFuture<Void> goesOn = CompletableFuture.runAsync(() -> signal("CONT", pid), later);
            first.acknowledge();

            stream.close();

            goesOn.join();
            Await.until("the slot is free", PATIENCE, () -> !slot.isUsed());
            assertThat(ids(slot.again().next())).containsExactly(2);
        }
    }

    @Test
    void inTheMiddleOfALargeTransactionItIsCancelledAndTheConnectionIsUsable(TestDatabase database) {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            slot.run(FollowedSlot.many("t", 1, 400_000));
            TransactionStream stream = slot.stream(options -> options.streaming(false));
            stream.next();

            stream.close();

            assertThat(stream.cursor().identifySystem().database()).isEqualTo(database.name());
            Await.until("the slot is free", PATIENCE, () -> !slot.isUsed());
        }
    }

    /** Has a stream ended, while somebody reads it, whose server is stopped. */
    private static void assertGivenUp(TransactionStream stream, Runnable end) {
        PgConnection db = stream.cursor().connection();
        FutureTask<Boolean> reads = new FutureTask<>(() -> stream.next() == null);
        FollowedSlot.awaitReading(Thread.ofPlatform().start(reads));
        signal("STOP", db.info().backendPid());
        try {
            CompletableFuture<Void> ending = CompletableFuture.runAsync(end);
            assertThat(reads).succeedsWithin(PATIENCE).isEqualTo(true);
            // Who reads gives way when the end begins, and does not wait for it.
            assertThat(ending).isNotDone();
            assertThat(ending)
                    .failsWithin(PATIENCE)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(ConnectionLostException.class);
            assertThat(db.isOpen()).isFalse();
        } finally {
            signal("CONT", db.info().backendPid());
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no signals that stop a process")
    void aServerThatDoesNotEvenHeedACancelIsGivenUp(TestDatabase database) {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            TransactionStream closed = slot.stream();
            assertGivenUp(closed, closed::close);
            Await.until("the slot is free", PATIENCE, () -> !slot.isUsed());
            TransactionStream reset = slot.again();
            assertGivenUp(reset, reset.cursor().connection()::reset);
        }
    }
}
