package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.SqlState;
import dev.howdah.testkit.Await;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A server that ends the connection: its last words are kept, and the connection says for good what became of it. */
class LastWordsIT extends DriverContract {

    private static final Duration PATIENCE = Duration.ofSeconds(PATIENCE_SECONDS);

    private void askToEnd(PgConnection connection) {
        database()
                .server()
                .execute("select pg_terminate_backend(" + connection.info().backendPid() + ")");
    }

    private void terminate(PgConnection connection) {
        askToEnd(connection);
        Await.until(
                "the backend ends",
                PATIENCE,
                () -> activity(connection, "state").equals("gone"));
    }

    private ConnectionLostException lost(SqlState lastWords, Throwable thrown) {
        assertThat(thrown).isInstanceOf(ConnectionLostException.class);
        ConnectionLostException lost = (ConnectionLostException) thrown;
        assertThat(lost.lastWords()).isNotNull();
        assertThat(lost.lastWords().sqlState()).isEqualTo(lastWords);
        assertThat(lost.lastWords().isFatal()).isTrue();
        assertThat(lost).hasMessageContaining(lastWords.code());
        return lost;
    }

    /** A lost connection says so, whatever is asked of it. */
    private void staysLost(PgConnection connection, SqlState lastWords) {
        staysLost(connection);
        for (int again = 0; again < 2; again++) {
            lost(lastWords, thrown(ConnectionLostException.class, () -> connection.query("select 1")));
        }
    }

    private void staysLost(PgConnection connection) {
        expectLost(connection);
        assertThat(connection.isOpen()).isFalse();
        assertThat(connection.info().status()).isEqualTo(ConnectionStatus.LOST);
        for (int again = 0; again < 2; again++) {
            ConnectionLostException later = thrown(ConnectionLostException.class, () -> connection.query("select 1"));
            assertThat(later.delivery()).isEqualTo(Delivery.NOT_SENT);
            assertThat(later.isSafeToRetry()).isTrue();
        }
        assertThatThrownBy(() -> connection.execute("select 1")).isInstanceOf(ConnectionLostException.class);
        assertThatThrownBy(() -> connection.script("select 1")).isInstanceOf(ConnectionLostException.class);
        assertThatThrownBy(() -> connection.stream("select 1", 1)).isInstanceOf(ConnectionLostException.class);
        assertThatThrownBy(() -> connection.prepare("select 1")).isInstanceOf(ConnectionLostException.class);
        assertThatThrownBy(() -> connection.executeMany("select $1::int", List.of(List.of(1))))
                .isInstanceOf(ConnectionLostException.class);
        assertThatThrownBy(connection::begin).isInstanceOf(ConnectionLostException.class);
        assertThat(connection.cancel()).isFalse();
        connection.close();
    }

    @Test
    void terminatedWhileAQueryRuns() throws Exception {
        PgConnection doomed = connect();
        Future<?> sleeping = elsewhere(() -> doomed.query("select pg_sleep(600)"));
        Await.until("it sleeps", PATIENCE, () -> activity(doomed, "wait_event").equals("PgSleep"));
        terminate(doomed);
        ExecutionException failed = thrown(ExecutionException.class, () -> result(sleeping));
        ConnectionLostException lost = lost(SqlState.ADMIN_SHUTDOWN, failed.getCause());
        assertThat(lost.delivery()).isEqualTo(Delivery.UNKNOWN);
        assertThat(lost.isSafeToRetry()).isFalse();
        staysLost(doomed, SqlState.ADMIN_SHUTDOWN);
    }

    @Test
    void terminatedWhileAScriptRuns() throws Exception {
        PgConnection doomed = connect();
        Future<?> sleeping = elsewhere(() -> doomed.script("select 1; select pg_sleep(600); select 2"));
        Await.until("it sleeps", PATIENCE, () -> activity(doomed, "wait_event").equals("PgSleep"));
        terminate(doomed);
        ExecutionException failed = thrown(ExecutionException.class, () -> result(sleeping));
        lost(SqlState.ADMIN_SHUTDOWN, failed.getCause());
        staysLost(doomed, SqlState.ADMIN_SHUTDOWN);
    }

    @Test
    void terminatedWhileIdle() {
        PgConnection doomed = connect();
        terminate(doomed);
        lost(SqlState.ADMIN_SHUTDOWN, thrown(ConnectionLostException.class, () -> doomed.query("select 1")));
        staysLost(doomed, SqlState.ADMIN_SHUTDOWN);
    }

    @Test
    void terminatedInATransaction() {
        PgConnection doomed = connect();
        Transaction tx = doomed.begin();
        doomed.query("select 1");
        terminate(doomed);
        lost(SqlState.ADMIN_SHUTDOWN, thrown(ConnectionLostException.class, tx::commit));
        tx.close();
        assertThat(tx.isOpen()).isFalse();
        staysLost(doomed, SqlState.ADMIN_SHUTDOWN);
    }

    @Test
    void terminatedInATransactionThatIsClosedWithoutCommit() {
        PgConnection doomed = connect();
        Transaction tx = doomed.begin();
        terminate(doomed);
        lost(SqlState.ADMIN_SHUTDOWN, thrown(ConnectionLostException.class, () -> {
            try (tx) {
                doomed.query("select 1");
            }
        }));
        staysLost(doomed, SqlState.ADMIN_SHUTDOWN);
    }

    @Test
    void terminatedBetweenThePagesOfAStream() {
        PgConnection doomed = connect();
        try (Stream<Row> rows = doomed.stream("select * from generate_series(1, 100)", 2)) {
            Iterator<Row> iterator = rows.iterator();
            iterator.next();
            iterator.next();
            terminate(doomed);
            lost(SqlState.ADMIN_SHUTDOWN, thrown(ConnectionLostException.class, iterator::next));
        }
        staysLost(doomed, SqlState.ADMIN_SHUTDOWN);
    }

    @Test
    void terminatedInAWideBatch() {
        PgConnection doomed = connect();
        Iterable<Object> endless = () -> Stream.iterate(0, i -> i + 1)
                .map(i -> {
                    if (i == 2_000) {
                        // Not waited for: it may have answers to write first, which nobody reads here.
                        askToEnd(doomed);
                    }
                    return (Object) List.of(i, "w".repeat(1_000));
                })
                .iterator();
        // A server that cannot write at that moment goes without a word.
        thrown(ConnectionLostException.class, () -> doomed.executeMany("select $1::int, $2::text", endless));
        staysLost(doomed);
    }

    @Test
    void idleForTooLongInATransaction() {
        PgConnection doomed = connect();
        doomed.execute("set idle_in_transaction_session_timeout = '20ms'");
        Transaction tx = doomed.begin();
        Await.until(
                "the server has enough",
                PATIENCE,
                () -> activity(doomed, "state").equals("gone"));
        SqlState lastWords = SqlState.of("25P03");
        lost(lastWords, thrown(ConnectionLostException.class, () -> doomed.query("select 1")));
        tx.close();
        staysLost(doomed, lastWords);
    }

    @Test
    void aListenerHearsTheLastWordsWithoutACall() throws Exception {
        PgConnection doomed = connect();
        java.util.concurrent.CompletableFuture<dev.howdah.event.Termination> heard =
                new java.util.concurrent.CompletableFuture<>();
        doomed.addTerminationListener(heard::complete);
        terminate(doomed);
        dev.howdah.event.Termination end = result(heard);
        lost(SqlState.ADMIN_SHUTDOWN, end.cause());
        staysLost(doomed, SqlState.ADMIN_SHUTDOWN);
    }

    @Test
    void anotherThreadThatWaitsItsTurnIsToldToo() throws Exception {
        PgConnection doomed = connect();
        Future<?> sleeping = elsewhere(() -> doomed.query("select pg_sleep(600)"));
        Await.until("it sleeps", PATIENCE, () -> activity(doomed, "wait_event").equals("PgSleep"));
        Future<?> waiting = elsewhere(() -> doomed.query("select 1"));
        terminate(doomed);
        lost(
                SqlState.ADMIN_SHUTDOWN,
                thrown(ExecutionException.class, () -> result(sleeping)).getCause());
        lost(
                SqlState.ADMIN_SHUTDOWN,
                thrown(ExecutionException.class, () -> result(waiting)).getCause());
        staysLost(doomed, SqlState.ADMIN_SHUTDOWN);
    }
}
