package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.howdah.error.PgException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.error.ServerException;
import dev.howdah.error.UniqueViolationException;
import dev.howdah.event.QueryEvent;
import dev.howdah.event.QueryEvent.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** How query loggers are called; what of is in {@link QueryLoggerKindsIT}. */
class QueryLoggerIT extends DriverContract {

    private final List<QueryEvent> events = Collections.synchronizedList(new ArrayList<>());

    private QueryEvent only() {
        assertThat(events).hasSize(1);
        return events.getFirst();
    }

    @Test
    void anEventSaysWhatWasRun() {
        Instant before = Instant.now().minusSeconds(1);
        db.addQueryLogger(events::add);
        db.withTimeout(Duration.ofSeconds(30)).query("select $1::int + n from generate_series(1, 3) n", 4);
        QueryEvent event = only();
        assertThat(event.kind()).isEqualTo(Kind.QUERY);
        assertThat(event.sql()).isEqualTo("select $1::int + n from generate_series(1, 3) n");
        assertThat(event.parameters()).containsExactly(4);
        assertThat(event.timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(event.started()).isAfter(before);
        assertThat(event.elapsed()).isPositive();
        assertThat(event.rows()).isEqualTo(3);
        assertThat(event.sets()).isZero();
        assertThat(event.exception()).isNull();
    }

    @Test
    void withoutATimeoutThereIsNone() {
        db.addQueryLogger(events::add);
        db.execute("select 1");
        assertThat(only().timeout()).isNull();
        assertThat(only().kind()).isEqualTo(Kind.SCRIPT);
    }

    @Test
    void theParametersAreThoseGivenAndCannotBeChanged() {
        Object[] given = {null, "x"};
        db.addQueryLogger(events::add);
        db.query("select $1::int, $2::text", given);
        given[1] = "changed";
        assertThat(only().parameters()).containsExactly(null, "x");
        assertThatThrownBy(() -> only().parameters().set(0, 1)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aFailureHasTheExceptionThatTheCallerGets() {
        db.addQueryLogger(events::add);
        ServerException refused = thrown(ServerException.class, () -> db.query("select 1 / $1::int", 0));
        assertThat(only().exception()).isSameAs(refused);
        assertThat(only().rows()).isEqualTo(-1);
        assertThat(only().isFailed()).isTrue();
        events.clear();
        PgException unfit = thrown(PgException.class, () -> db.query("select $1::int", "no number"));
        assertThat(only().exception()).isSameAs(unfit);
    }

    @Test
    void aTimeoutIsAFailure() {
        db.addQueryLogger(events::add);
        QueryTimeoutException late = thrown(
                QueryTimeoutException.class,
                () -> db.withTimeout(Duration.ofMillis(50)).query("select pg_sleep(60)"));
        assertThat(only().exception()).isSameAs(late);
        assertThat(only().elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(50));
    }

    @Test
    void theFailureOfABatchSaysAlreadyWhichSetItWas() {
        db.execute("create temporary table logged_batch (id int primary key)");
        List<Integer> sets = new ArrayList<>();
        Consumer<QueryEvent> logger =
                event -> sets.add(((PgException) Objects.requireNonNull(event.exception())).batchSet());
        db.addQueryLogger(logger);
        thrown(
                UniqueViolationException.class,
                () -> db.executeMany(
                        "insert into logged_batch values ($1)", List.of(List.of(1), List.of(2), List.of(1))));
        assertThat(sets).containsExactly(2);
    }

    @Test
    void aLoggerMayUseTheConnectionAndIsNotToldOfThat() {
        List<Integer> found = new ArrayList<>();
        db.addQueryLogger(event -> {
            events.add(event);
            found.add(db.queryValue("select 7", Integer.class));
        });
        db.query("select 1");
        assertThat(only().sql()).isEqualTo("select 1");
        try (Transaction tx = db.begin()) {
            db.savepoint("inside");
            tx.commit();
        }
        assertThat(events)
                .extracting(QueryEvent::sql)
                .containsExactly("select 1", "BEGIN", "SAVEPOINT \"inside\"", "COMMIT");
        assertThat(found).hasSize(4).containsOnly(7);
    }

    @Test
    void itIsCalledOnTheThreadThatCallsAndHasNoTurn() throws Exception {
        List<Thread> threads = new ArrayList<>();
        db.addQueryLogger(event -> {
            threads.add(Thread.currentThread());
            try {
                // Another thread gets the turn meanwhile.
                assertThat(result(elsewhere(() -> db.info().transactionStatus())))
                        .isNotNull();
                events.add(event);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        db.query("select 1");
        db.setSession(TransactionMode.of(Isolation.SERIALIZABLE));
        assertThat(events).hasSize(2);
        assertThat(threads).containsOnly(Thread.currentThread());
    }

    @Test
    void anotherThreadMayRunWhileALoggerDoes() throws Exception {
        CountDownLatch other = new CountDownLatch(1);
        db.addQueryLogger(event -> {
            if (event.sql().equals("select 'first'")) {
                await(other);
            }
            events.add(event);
        });
        var first = elsewhere(() -> db.query("select 'first'"));
        db.query("select 'second'");
        other.countDown();
        result(first);
        assertThat(events).extracting(QueryEvent::sql).containsExactlyInAnyOrder("select 'first'", "select 'second'");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whatALoggerThrowsHidesNothingAndStopsNoOther() {
        db.addQueryLogger(event -> {
            throw new AssertionError("from a logger");
        });
        db.addQueryLogger(events::add);
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
        thrown(ServerException.class, () -> db.query("select 1 / 0"));
        assertThat(events).hasSize(2);
    }

    @Test
    void anInterruptIsKeptFromLoggers() {
        List<Integer> found = new ArrayList<>();
        db.addQueryLogger(event -> {
            events.add(event);
            found.add(db.queryValue("select 7", Integer.class));
        });
        Thread.currentThread().interrupt();
        thrown(PgException.class, () -> db.query("select 1"));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(only().exception()).isNotNull();
        assertThat(found).containsExactly(7);
    }

    @Test
    void aRemovedLoggerIsNotCalled() {
        Consumer<QueryEvent> logger = events::add;
        db.addQueryLogger(logger);
        db.addQueryLogger(logger);
        db.removeQueryLogger(logger);
        db.query("select 1");
        assertThat(events).hasSize(1);
        db.removeQueryLogger(logger);
        db.removeQueryLogger(logger);
        db.query("select 1");
        assertThat(events).hasSize(1);
    }

    @Test
    void aScopeRemovesItsLoggerAlsoIfTheBodyThrows() {
        assertThatThrownBy(() -> {
                    try (QueryLoggerScope scope = db.queryLogger(events::add)) {
                        assertThat(scope).isNotNull();
                        db.query("select 1");
                        throw new IllegalStateException("the body");
                    }
                })
                .hasMessage("the body");
        db.query("select 2");
        assertThat(only().sql()).isEqualTo("select 1");
    }

    @Test
    void nothingIsWatchedWhileNobodyLooks() {
        QueryLog log = db.verbs().core().log();
        assertThat(log.watch()).isNull();
        try (QueryLoggerScope scope = db.queryLogger(events::add)) {
            assertThat(scope).isNotNull();
            assertThat(log.watch()).isNotNull();
        }
        assertThat(log.watch()).isNull();
    }

    @Test
    void aScopeThatIsClosedTwiceRemovesOnce() {
        Consumer<QueryEvent> logger = events::add;
        QueryLoggerScope scope = db.queryLogger(logger);
        scope.close();
        db.addQueryLogger(logger);
        scope.close();
        db.query("select 1");
        assertThat(events).hasSize(1);
    }

    @Test
    void aResetIsLoggedAndTakesTheLoggersAway() {
        db.addQueryLogger(events::add);
        db.reset();
        assertThat(events).extracting(QueryEvent::sql, QueryEvent::kind).contains(tuple("DISCARD ALL", Kind.SESSION));
        events.clear();
        db.query("select 'of the next user'");
        assertThat(events).isEmpty();
    }

    @Test
    void noPasswordIsTold() {
        db.addQueryLogger(events::add);
        thrown(ServerException.class, () -> db.execute("alter role nobody_of_this_name password 'S3cret'"));
        db.query("select $1::text as password", "S3cret");
        assertThat(events).hasSize(2);
        assertThat(events.toString()).doesNotContain("S3cret");
        assertThat(events.get(1).parameters()).containsExactly(QueryEvent.HIDDEN);
    }

    @Test
    void aMaskedEventSaysHowManyParametersThereWere() {
        db.addQueryLogger(events::add);
        db.query("select $1::text, $2::text", "private", null);
        QueryEvent masked = only().masked();
        assertThat(masked.parameters()).isEqualTo(Arrays.asList("***", "***"));
        assertThat(only().toString()).doesNotContain("private").contains("1 row", "2 parameters");
    }

    @Test
    void aLostConnectionIsToldAsTheCallerIs() {
        db.addQueryLogger(events::add);
        expectLost(db);
        PgException lost = thrown(PgException.class, () -> db.execute("select pg_terminate_backend(pg_backend_pid())"));
        assertThat(only().exception()).isSameAs(lost);
        events.clear();
        PgException gone = thrown(PgException.class, () -> db.query("select 1"));
        assertThat(only().exception()).isSameAs(gone);
    }
}
