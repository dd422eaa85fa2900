package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.PgException;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Many threads that do all kinds of things on one connection, while somebody disturbs: each gets its own answers or a reason, what was said
 * to be committed is there, and what was said not to be is not.
 *
 * @param <C> a connection
 */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
abstract class Chaos<C> {

    static final int THREADS = 24;
    static final int ROUNDS = 40;
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Something that a user does, and looks at what comes of it. */
    interface Deed<C> {
        void run(C db, Random random) throws Exception;
    }

    final ChaosRows rows = new ChaosRows();
    private final AtomicLong attempts = new AtomicLong();
    private final AtomicLong disturbed = new AtomicLong();

    /** Returns what is done, each as often as it is there. */
    abstract List<Deed<C>> deeds();

    abstract C connect(TestDatabase database) throws Exception;

    /** Looks whether it can be used as before. */
    abstract void assertUsable(C db) throws Exception;

    abstract void close(C db) throws Exception;

    @BeforeEach
    final void makeTable(TestDatabase database) {
        rows.makeTable(database);
    }

    /**
     * Does things on many threads while somebody disturbs again and again, until all are done.
     *
     * @param explains which failures come of that
     */
    final void disturbedBy(TestDatabase database, Deed<C> disturber, Predicate<Exception> explains) throws Exception {
        C db = connect(database);
        try {
            run(db, disturber, explains);
            assertUsable(db);
        } finally {
            close(db);
        }
        rows.compare(database);
    }

    /** Does things on many threads until somebody ends the connection, and goes on. */
    final void endedBy(TestDatabase database, Deed<C> ending) throws Exception {
        C db = connect(database);
        AtomicBoolean ended = new AtomicBoolean();
        Deed<C> once = (connection, random) -> {
            if (ended.compareAndSet(false, true)) {
                ending.run(connection, random);
            }
        };
        try {
            run(db, after(200, once), failure -> ended.get());
        } finally {
            close(db);
        }
        assertThat(disturbed).hasPositiveValue();
        rows.compare(database);
    }

    @Test
    void undisturbed(TestDatabase database) throws Exception {
        disturbedBy(database, after(100, (db, random) -> {}), failure -> false);
    }

    private void run(C db, Deed<C> disturber, Predicate<Exception> explains) throws Exception {
        List<FutureTask<Boolean>> all = new ArrayList<>();
        AtomicBoolean over = new AtomicBoolean();
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random();
            FutureTask<Boolean> task = new FutureTask<>(() -> {
                for (int round = 0; round < ROUNDS; round++) {
                    attempt(db, random, explains);
                }
                return true;
            });
            all.add(task);
            (i % 2 == 0 ? Thread.ofVirtual() : Thread.ofPlatform()).start(task);
        }
        FutureTask<Boolean> disturbs = new FutureTask<>(() -> {
            Random random = new Random();
            while (!over.get()) {
                disturber.run(db, random);
            }
            return true;
        });
        Thread.ofVirtual().start(disturbs);
        for (FutureTask<Boolean> task : all) {
            assertThat(task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        over.set(true);
        assertThat(disturbs.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    private void attempt(C db, Random random, Predicate<Exception> explains) throws Exception {
        List<Deed<C>> deeds = deeds();
        Deed<C> deed = deeds.get(random.nextInt(deeds.size()));
        attempts.incrementAndGet();
        try {
            deed.run(db, random);
        } catch (PgException | IllegalStateException e) {
            if (!explains.test(e)) {
                throw e;
            }
            disturbed.incrementAndGet();
        }
    }

    /** Waits until so many things more have been begun, or all is over, and does something then. */
    final Deed<C> after(int more, Deed<C> disturber) {
        return (db, random) -> {
            long goal = Math.min(attempts.get() + more, THREADS * ROUNDS);
            Await.until("things are done", PATIENCE, () -> attempts.get() >= goal);
            disturber.run(db, random);
        };
    }

    /** Returns how often something failed because it was disturbed. */
    final long disturbed() {
        return disturbed.get();
    }
}
