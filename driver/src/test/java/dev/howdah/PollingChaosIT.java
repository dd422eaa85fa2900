package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.ConnectFailedException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.PgException;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.FaultyWire;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** All kinds of verbs on many connections that one thread polls, while they are cancelled, closed and cut. */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class PollingChaosIT {

    private static final int CONNECTIONS = 16;
    private static final int ROUNDS = 25;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ChaosRows rows = new ChaosRows();
    private final List<Chaos.Deed<PgConnection>> deeds = new ChaosDeeds(rows).all();
    private final Random random = new Random();
    /** Counted where the work runs. */
    private final AtomicInteger underWay = new AtomicInteger();

    private int failed;

    /** A connection, as often made anew as it ends, that does one thing after the other. */
    private final class Line {
        private final String dsn;
        private PollingConnection db;
        private @Nullable Polled<?> deed;
        private int round;

        Line(String dsn) {
            this.dsn = dsn;
            db = Howdah.connectPolling(dsn);
        }

        /** Goes on as far as it gets; returns what to wait for, null if all is done. */
        @Nullable
        PollState goOn(Predicate<Throwable> explains) {
            while (true) {
                try {
                    PollState state = db.poll();
                    if (state != PollState.OK) {
                        return state;
                    }
                } catch (PgException | IllegalStateException e) {
                    ended(e, explains);
                    continue;
                }
                if (deed != null) {
                    assertThat(deed.isDone()).isTrue();
                }
                if (round == ROUNDS) {
                    assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
                    db.close();
                    return null;
                }
                round++;
                deed = begin();
            }
        }

        private Polled<?> begin() {
            Chaos.Deed<PgConnection> next = deeds.get(random.nextInt(deeds.size()));
            Random own = new Random(random.nextLong());
            return db.call(blocking -> {
                underWay.incrementAndGet();
                try {
                    next.run(blocking, own);
                    return true;
                } catch (RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new AssertionError(e);
                } finally {
                    underWay.decrementAndGet();
                }
            });
        }

        private void ended(Exception e, Predicate<Throwable> explains) {
            if (!explains.test(e)) {
                throw new AssertionError("in round " + round, e);
            }
            failed++;
            deed = null;
            if (!db.isOpen()) {
                db.close();
                anew();
            }
        }

        private void anew() {
            db = Howdah.connectPolling(dsn);
        }

        /** Closes it in the middle of what it does, whatever that is. */
        void abandon() {
            db.close();
            if (deed != null) {
                deed = null;
                failed++;
            }
            anew();
        }
    }

    private void drive(List<Line> lines, Predicate<Throwable> explains, Consumer<Line> between) throws IOException {
        List<Line> busy = new ArrayList<>(lines);
        while (!busy.isEmpty()) {
            try (Selector selector = Selector.open()) {
                long wait = 1000;
                for (Line line : List.copyOf(busy)) {
                    PollState state = line.goOn(explains);
                    if (state == null) {
                        busy.remove(line);
                        continue;
                    }
                    SelectableChannel channel = line.db.channel();
                    channel.register(selector, state.interestOps(), line);
                    Duration limit = line.db.nextDeadline();
                    wait = limit == null ? wait : Math.min(wait, Math.max(1, limit.toMillis()));
                }
                if (busy.isEmpty()) {
                    return;
                }
                selector.select(wait);
            }
            between.accept(busy.get(random.nextInt(busy.size())));
        }
    }

    private void run(TestDatabase database, String dsn, Predicate<Throwable> explains, Consumer<Line> disturber)
            throws IOException {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            lines.add(new Line(dsn));
        }
        try {
            drive(lines, explains, disturber);
        } finally {
            lines.forEach(line -> line.db.close());
        }
        Await.until("what was left in the middle has ended", PATIENCE, () -> underWay.get() == 0);
        rows.compare(database);
    }

    /** What is thrown when a connection is cut, while it is made and later. */
    private static boolean isCut(Throwable failure) {
        return failure instanceof ConnectionLostException || failure instanceof ConnectFailedException;
    }

    @BeforeEach
    void makeTable(TestDatabase database) {
        rows.makeTable(database);
    }

    @Test
    void undisturbed(TestDatabase database) throws IOException {
        run(database, database.dsn(), failure -> false, line -> {});
    }

    @Test
    void whileSomebodyCancels(TestDatabase database) throws IOException {
        run(database, database.dsn(), QueryCanceledException.class::isInstance, line -> {
            if (random.nextInt(2) == 0) {
                line.db.cancel();
            }
        });
        assertThat(failed).isPositive();
    }

    @Test
    void whileTheyAreClosedInTheMiddle(TestDatabase database) throws IOException {
        run(database, database.dsn(), failure -> false, line -> {
            if (random.nextInt(20) == 0) {
                line.abandon();
            }
        });
        assertThat(failed).isPositive();
    }

    @Test
    void whileTheyAreCut(TestDatabase database) throws IOException {
        try (FaultyWire wire = FaultyWire.to(database.server())) {
            run(database, wire.dsn(database.name(), Roles.TRUST), PollingChaosIT::isCut, line -> {
                if (random.nextInt(50) == 0) {
                    wire.resetAll();
                }
            });
        }
        assertThat(failed).isPositive();
    }
}
