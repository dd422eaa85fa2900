package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConnectionClosedException;
import dev.howdah.event.Notification;
import dev.howdah.event.Termination;
import dev.howdah.testkit.Await;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection that has been reset is as if it were new, whatever its last user left behind. */
class ResetIT extends DriverContract {

    @BeforeEach
    void emptyTable() {
        db.execute("drop table if exists left_behind; create table left_behind (x int)");
    }

    private long left() {
        return db.queryOne("select count(*) from left_behind").getLong(0);
    }

    private void assertFree() throws Exception {
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
        assertThat(result(elsewhere(() -> db.queryValue("select 1", Integer.class))))
                .isEqualTo(1);
        assertThat(left()).isZero();
    }

    @Test
    void transactionsAreRolledBackAndTheirObjectsHaveEnded() throws Exception {
        Transaction outer = db.begin();
        db.execute("insert into left_behind values (1)");
        Transaction inner = db.begin();
        db.savepoint("s");
        db.reset();
        assertThat(outer.isOpen()).isFalse();
        assertThat(inner.isOpen()).isFalse();
        assertThatThrownBy(outer::commit)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("reset");
        inner.close();
        outer.close();
        assertFree();
    }

    @Test
    void aFailedTransactionIsRolledBackToo() throws Exception {
        Transaction tx = db.begin();
        assertThatThrownBy(() -> db.query("select 1 / 0")).hasMessageContaining("22012");
        db.reset();
        assertThat(db.info().errorMessage()).isNull();
        tx.close();
        assertFree();
    }

    @Test
    void theTransactionOfAnotherThreadEndsToo() throws Exception {
        Transaction tx = result(elsewhere(() -> {
            Transaction begun = db.begin();
            db.execute("insert into left_behind values (1)");
            return begun;
        }));
        db.reset();
        assertThat(tx.isOpen()).isFalse();
        Transaction next = db.begin();
        tx.close();
        assertThat(next.isOpen()).isTrue();
        next.close();
        assertFree();
    }

    @Test
    void autocommitIsOnAgainAndModesAreTheServers() throws Exception {
        db.setSession(TransactionMode.of(Isolation.SERIALIZABLE).withReadOnly(true), true);
        db.reset();
        assertThat(db.isolation()).isNull();
        assertThat(db.queryValue("show transaction_isolation", String.class)).isEqualTo("read committed");
        assertThat(db.queryValue("show transaction_read_only", String.class)).isEqualTo("off");
        db.setSession(TransactionMode.of(Isolation.SERIALIZABLE).withDeferrable(true), false);
        db.execute("insert into left_behind values (1)");
        db.reset();
        assertThat(db.autocommit()).isTrue();
        assertThat(db.isolation()).isNull();
        assertThat(db.readOnly()).isNull();
        assertThat(db.deferrable()).isNull();
        assertFree();
        db.setAutocommit(false);
        assertThat(db.queryValue("show transaction_isolation", String.class)).isEqualTo("read committed");
        db.commit();
        db.setAutocommit(true);
    }

    @Test
    void aTwoPhaseTransactionIsRolledBackAndAPreparedOneStays() throws Exception {
        Xid xid = Xid.of(5, "reset " + place, "");
        db.twoPhase().begin(xid);
        db.execute("insert into left_behind values (1)");
        db.reset();
        assertThat(db.twoPhase().xid()).isNull();
        assertThatThrownBy(() -> db.twoPhase().prepare()).isInstanceOf(IllegalStateException.class);
        assertFree();
        db.twoPhase().begin(xid);
        db.execute("insert into left_behind values (1)");
        db.twoPhase().prepare();
        db.reset();
        assertThat(db.twoPhase().isPrepared()).isFalse();
        assertThat(db.twoPhase().recover()).extracting(PreparedTransaction::xid).contains(xid);
        db.twoPhase().rollback(xid);
        assertFree();
    }

    @Test
    void anOpenStreamIsGoneWithItsLease() throws Exception {
        Stream<Row> stream = db.stream("select * from generate_series(1, 1000)", 10);
        Iterator<Row> rows = stream.iterator();
        assertThat(rows.next().getInt(0)).isEqualTo(1);
        assertThatThrownBy(() -> db.query("select 1")).isInstanceOf(IllegalStateException.class);
        db.reset();
        assertFree();
        for (int i = 2; i <= 10; i++) {
            assertThat(rows.next().getInt(0)).isEqualTo(i);
        }
        assertThatThrownBy(rows::hasNext)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("reset");
        try (Transaction next = db.begin()) {
            stream.close();
            assertThat(db.queryValue("select 2", Integer.class)).isEqualTo(2);
            next.commit();
        }
    }

    @Test
    void aStreamOfATransactionDoesNotDisturbTheNextOne() throws Exception {
        db.begin();
        try (Stream<Row> stream = db.stream("select * from generate_series(1, 1000)", 10)) {
            Spliterator<Row> rows = stream.spliterator();
            rows.tryAdvance(row -> {});
            db.reset();
            try (Transaction next = db.begin()) {
                assertThatThrownBy(() -> rows.forEachRemaining(row -> {})).isInstanceOf(IllegalStateException.class);
                assertThat(db.queryValue("select 2", Integer.class)).isEqualTo(2);
                next.commit();
            }
        }
        assertFree();
    }

    @Test
    void whatTheSessionHadOnTheServerIsGone() {
        db.execute("set application_name = 'left behind'");
        db.execute("create temp table gone (x int)");
        db.query("select x from gone");
        db.execute("declare gone_cursor cursor with hold for select 1");
        db.query("select pg_advisory_lock(4711)");
        assertThat(db.queryValue("select $1::int", Integer.class, 1)).isEqualTo(1);
        db.reset();
        assertThat(db.script("select count(*) from pg_prepared_statements")
                        .getFirst()
                        .rows()
                        .one()
                        .getLong(0))
                .isZero();
        assertThat(db.queryValue("show application_name", String.class)).isNotEqualTo("left behind");
        assertThat(db.queryValue("select to_regclass('gone')::text", String.class))
                .isNull();
        assertThat(db.query("select name from pg_cursors where name <> ''").values(String.class))
                .isEmpty();
        assertThat(db.queryValue(
                        "select count(*) from pg_locks where locktype = 'advisory' and pid = "
                                + db.info().backendPid(),
                        Long.class))
                .isZero();
        assertThat(db.queryValue("select $1::int", Integer.class, 2)).isEqualTo(2);
    }

    @Test
    void typesOfTheSessionAreAskedForAgain() {
        for (String label : List.of("one", "two")) {
            db.execute("create type pg_temp.word as enum ('" + label + "')");
            assertThat(db.queryOne("select '" + label + "'::pg_temp.word").getString(0))
                    .isEqualTo(label);
            db.reset();
        }
    }

    @Test
    void aPreparedQueryPreparesItselfAnew() {
        try (PreparedQuery query = db.prepare("select $1::int + 1")) {
            assertThat(query.query(1).one().getInt(0)).isEqualTo(2);
            db.reset();
            assertThat(query.query(2).one().getInt(0)).isEqualTo(3);
        }
    }

    @Test
    void noListenerOfAChannelIsLeftAndWhatWasKeptIsGone() throws Exception {
        BlockingQueue<Notification> heard = new LinkedBlockingQueue<>();
        BlockingQueue<Object> notices = new LinkedBlockingQueue<>();
        NotificationListener old = (connection, notification) -> heard.add(notification);
        db.addListener("left", old);
        db.addLogListener(notices::add);
        Notifications notifications = db.notifications();
        db.execute("notify \"left\", 'before'");
        db.execute("do $$ begin raise notice 'kept'; end $$");
        assertThat(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isNotNull();
        assertThat(notifications.size()).isEqualTo(1);
        assertThat(db.notices()).isNotEmpty();
        db.reset();
        assertThat(notifications.size()).isZero();
        assertThat(db.notices()).isEmpty();
        assertThat(db.query("select pg_listening_channels()").size()).isZero();
        db.execute("listen \"left\"");
        db.execute("notify \"left\", 'after'");
        Notification polled = notifications.poll(Duration.ofSeconds(PATIENCE_SECONDS));
        assertThat(polled).isNotNull().extracting(Notification::payload).isEqualTo("after");
        notices.clear();
        db.execute("do $$ begin raise notice 'heard'; end $$");
        assertThat(notices.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isNotNull();
        // Callbacks come in order: one for the old listener would have come before that of the notice.
        assertThat(heard).isEmpty();
        db.addListener("left", old);
        db.execute("notify \"left\", 'anew'");
        assertThat(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS).payload()).isEqualTo("anew");
    }

    @Test
    void whatAListenerHasNotBeenToldYetItIsNotTold() throws Exception {
        BlockingQueue<Notification> heard = new LinkedBlockingQueue<>();
        CountDownLatch reset = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        db.addListener("slow", (connection, notification) -> {
            told.countDown();
            try {
                assertThat(reset.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            heard.add(notification);
        });
        BlockingQueue<Object> notices = new LinkedBlockingQueue<>();
        db.addLogListener(notices::add);
        db.execute("notify slow, '1'");
        db.execute("notify slow, '2'");
        assertThat(told.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        db.reset();
        reset.countDown();
        db.execute("do $$ begin raise notice 'after both'; end $$");
        assertThat(notices.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isNotNull();
        assertThat(heard).extracting(Notification::payload).containsExactly("1");
    }

    @Test
    void resetWaitsForTheOperationOfAnotherThread() throws Exception {
        Future<Integer> other =
                elsewhere(() -> db.queryOne("select 7 from pg_sleep(0.3)").getInt(0));
        Await.until(
                "the other one runs",
                Duration.ofSeconds(PATIENCE_SECONDS),
                () -> other.isDone() || db.info().transactionStatus() == TransactionStatus.ACTIVE);
        db.reset();
        assertThat(result(other)).isEqualTo(7);
    }

    @Test
    void aResetOfANewConnectionChangesNothing() throws Exception {
        db.reset();
        db.reset();
        assertFree();
    }

    @Test
    void aClosedConnectionCannotBeResetAndItsEndIsToldOnce() throws Exception {
        PgConnection other = connect();
        expectLost(other);
        BlockingQueue<Termination> ends = new LinkedBlockingQueue<>();
        other.addTerminationListener(ends::add);
        other.reset();
        other.close();
        assertThatThrownBy(other::reset).isInstanceOf(ConnectionClosedException.class);
        assertThat(ends.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isNotNull();
    }
}
