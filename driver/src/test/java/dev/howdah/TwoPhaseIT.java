package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.CommitRolledBackException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.FeatureNotSupportedException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.error.UndefinedObjectException;
import dev.howdah.error.UniqueViolationException;
import dev.howdah.sql.Literal;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.FaultyWire;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two-phase commit: what survives, what is refused in which phase, and who can end it. */
class TwoPhaseIT extends DriverContract {

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private TwoPhase two;

    @BeforeEach
    void emptyTable() {
        db.execute("drop table if exists paid; create table paid (x int primary key)");
        two = db.twoPhase();
    }

    /** What a test left prepared would hold its locks for ever. */
    @AfterEach
    void nothingIsLeftPrepared() {
        List<List<String>> left =
                database().execute("select gid from pg_prepared_xacts where database = current_database()");
        for (List<String> row : left) {
            database().execute("rollback prepared " + Literal.quoted(row.getFirst()));
        }
        assertThat(left).isEmpty();
    }

    private List<Integer> paid() {
        return db.query("select x from paid order by x").as(Integer.class);
    }

    private static Xid newXid() {
        return Xid.of(42, "test " + ProcessHandle.current().pid(), "branch " + NUMBERS.incrementAndGet());
    }

    private Xid begin() {
        Xid xid = newXid();
        two.begin(xid);
        db.execute("insert into paid values (1)");
        return xid;
    }

    private Xid prepare() {
        Xid xid = begin();
        two.prepare();
        return xid;
    }

    private List<Xid> recovered() {
        return two.recover().stream().map(PreparedTransaction::xid).toList();
    }

    private static void assertMisuse(String why, Runnable call) {
        assertThatThrownBy(call::run).isInstanceOf(IllegalStateException.class).hasMessageContaining(why);
    }

    @Test
    void whatIsPreparedIsSeenWhenItIsCommitted() {
        Xid xid = begin();
        assertThat(two.xid()).isEqualTo(xid);
        assertThat(two.isPrepared()).isFalse();
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IN_TRANSACTION);
        two.prepare();
        assertThat(two.isPrepared()).isTrue();
        assertThat(two.xid()).isEqualTo(xid);
        assertThat(recovered()).contains(xid);
        two.commit();
        assertThat(two.xid()).isNull();
        assertThat(recovered()).doesNotContain(xid);
        assertThat(paid()).containsExactly(1);
    }

    @Test
    void whatIsPreparedCanBeRolledBack() {
        Xid xid = prepare();
        two.rollback();
        assertThat(recovered()).doesNotContain(xid);
        assertThat(paid()).isEmpty();
    }

    @Test
    void withoutPrepareItIsAnOrdinaryTransaction() {
        begin();
        two.commit();
        assertThat(paid()).containsExactly(1);
        two.begin(newXid());
        db.execute("insert into paid values (2)");
        two.rollback();
        assertThat(paid()).containsExactly(1);
    }

    @Test
    void itWorksWithAutocommitOffToo() {
        db.setAutocommit(false);
        Xid xid = prepare();
        assertThat(recovered()).contains(xid);
        two.commit();
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
        Xid other = newXid();
        two.begin(other);
        two.prepare();
        two.leave();
        assertThat(recovered()).contains(other);
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
        two.rollback(other);
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
        db.setAutocommit(true);
        assertThat(paid()).containsExactly(1);
    }

    @Test
    void itBeginsWithItsModeAndOtherwiseTheSessions() {
        db.setSession(TransactionMode.of(Isolation.REPEATABLE_READ).withReadOnly(true));
        two.begin(newXid(), TransactionMode.DEFAULT.withReadOnly(false));
        assertThat(db.queryValue("show transaction_isolation", String.class)).isEqualTo("repeatable read");
        assertThat(db.queryValue("show transaction_read_only", String.class)).isEqualTo("off");
        two.rollback();
        two.begin(newXid());
        assertThat(db.queryValue("show transaction_read_only", String.class)).isEqualTo("on");
        two.rollback();
    }

    @Test
    void anyTextIsANameAndNothingOfItIsSql() {
        db.execute("insert into paid values (7)");
        for (String setting : List.of("on", "off")) {
            db.execute("set standard_conforming_strings = " + setting);
            for (String gid : List.of(
                    "'; drop table paid; --",
                    "\\'; drop table paid; --",
                    "\\\\",
                    "it''s",
                    "$$ $1 \" :name %s ?",
                    " \t\r\n",
                    "\u20ac \ud83d\udc18",
                    "x".repeat(199),
                    "042_Z3RyaWQ=_YnF1YWw=")) {
                Xid xid = Xid.parse(gid);
                two.begin(xid);
                two.prepare();
                assertThat(recovered()).contains(xid);
                two.commit();
                two.begin(xid);
                two.prepare();
                two.leave();
                assertThat(two.recover()).extracting(PreparedTransaction::gid).contains(gid);
                two.rollback(xid);
            }
            Xid bytes = Xid.of(131077, new byte[] {0, 39, 92, -1}, "';--".getBytes(StandardCharsets.UTF_8));
            two.begin(bytes);
            two.prepare();
            assertThat(recovered()).contains(bytes);
            two.commit();
        }
        db.execute("reset standard_conforming_strings");
        assertThat(paid()).containsExactly(7);
    }

    @Test
    void theFormOfPsycopg2AndPgjdbcIsReadAndWritten() {
        Xid xid = newXid();
        String text = xid.toString();
        db.script("begin; prepare transaction '" + text + "'");
        assertThat(recovered()).contains(xid);
        two.commit(Xid.parse(text));
        two.begin(xid);
        two.prepare();
        two.leave();
        db.script("rollback prepared '" + text + "'");
        assertThat(recovered()).doesNotContain(xid);
    }

    @Test
    void aNameThatTheServerWouldRefuseIsRefusedBeforeTheWorkBegins() {
        assertThatThrownBy(() -> two.begin(Xid.parse("\u20ac".repeat(67))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 199 bytes");
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
    }

    @Test
    void recoverTellsOfAllDatabasesAndLeavesTheStatusAsItWas() {
        Instant before = Instant.now().minusSeconds(60);
        Xid xid = newXid();
        try (TestDatabase otherDatabase = place.server().createDatabase();
                PgConnection other = Howdah.connect(place.dsn(otherDatabase, Roles.TRUST))) {
            other.twoPhase().begin(xid);
            other.twoPhase().prepare();
            PreparedTransaction found = two.recover().stream()
                    .filter(one -> one.xid().equals(xid))
                    .findFirst()
                    .orElseThrow();
            assertThat(found.gid()).isEqualTo(xid.toString());
            assertThat(found.owner()).isEqualTo(Roles.TRUST.name());
            assertThat(found.database()).isEqualTo(otherDatabase.name());
            assertThat(found.prepared()).isBetween(before, Instant.now().plusSeconds(60));
            assertThatThrownBy(() -> two.commit(xid)).isInstanceOf(FeatureNotSupportedException.class);
            db.setAutocommit(false);
            assertThat(recovered()).contains(xid);
            assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
            db.setAutocommit(true);
            try (Transaction tx = db.begin()) {
                assertThat(recovered()).contains(xid);
                assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IN_TRANSACTION);
                tx.commit();
            }
            other.twoPhase().rollback();
        }
    }

    @Test
    void anotherSessionEndsWhatOneHasPrepared() {
        PgConnection other = connect();
        Xid first = prepare();
        two.leave();
        assertMisuse("no two-phase", () -> two.commit());
        other.twoPhase().commit(first);
        assertThat(paid()).containsExactly(1);
        db.execute("truncate paid");
        Xid second = prepare();
        other.twoPhase().rollback(second);
        assertThatThrownBy(() -> two.commit()).isInstanceOf(UndefinedObjectException.class);
        assertThat(two.xid()).isNull();
        assertThat(paid()).isEmpty();
        assertThatThrownBy(() -> two.commit(second)).isInstanceOf(UndefinedObjectException.class);
    }

    @Test
    void whatIsPreparedSurvivesItsSession() {
        PgConnection other = connect();
        expectLost(other);
        Xid prepared = newXid();
        other.twoPhase().begin(prepared);
        other.execute("insert into paid values (1)");
        other.twoPhase().prepare();
        other.close();
        two.commit(prepared);
        PgConnection third = connect();
        expectLost(third);
        third.twoPhase().begin(newXid());
        third.execute("insert into paid values (2)");
        third.close();
        Await.until(
                "the backend has gone",
                Duration.ofSeconds(PATIENCE_SECONDS),
                () -> activity(third, "state").equals("gone"));
        assertThat(paid()).containsExactly(1);
    }

    @Test
    void whileItIsUnderWayNothingElseBeginsOrEndsATransaction() {
        begin();
        assertMisuse("savepoint(name)", () -> db.begin());
        assertMisuse("savepoint(name)", () -> db.begin(Isolation.SERIALIZABLE));
        assertMisuse("savepoint(name)", () -> db.<Integer, RuntimeException>inTransaction(tx -> 1));
        assertMisuse("commit() of twoPhase()", () -> db.commit());
        assertMisuse("rollback() of twoPhase()", () -> db.rollback());
        assertMisuse("two-phase", () -> db.setAutocommit(false));
        assertMisuse("two-phase", () -> db.setReadOnly(true));
        assertMisuse("two-phase", () -> two.begin(newXid()));
        assertMisuse("by its name", () -> two.commit(newXid()));
        assertMisuse("by its name", () -> two.rollback(newXid()));
        assertMisuse("prepared", () -> two.leave());
        db.savepoint("s");
        db.execute("insert into paid values (2)");
        db.rollbackTo("s");
        db.release("s");
        two.prepare();
        two.commit();
        assertThat(paid()).containsExactly(1);
    }

    @Test
    void onceItIsPreparedOnlyItsEndIsAllowed() {
        Xid xid = prepare();
        for (Runnable call : List.<Runnable>of(
                () -> db.query("select 1"),
                () -> db.execute("select 1; select 2"),
                () -> db.stream("select 1", 10),
                () -> db.prepare("select 1"),
                () -> db.begin(),
                () -> db.savepoint("s"),
                () -> db.setAutocommit(false),
                () -> two.begin(newXid()),
                () -> two.commit(xid),
                () -> two.rollback(newXid()))) {
            assertMisuse("has been prepared", call);
        }
        assertMisuse("prepared already", () -> two.prepare());
        assertMisuse("commit() of twoPhase()", () -> db.commit());
        assertMisuse("rollback() of twoPhase()", () -> db.rollback());
        assertThat(recovered()).contains(xid);
        two.commit();
        assertThat(paid()).containsExactly(1);
    }

    @Test
    void insideATransactionNoneBeginsAndNoneIsEndedByName() {
        try (Transaction tx = db.begin()) {
            assertMisuse("inside a transaction", () -> two.begin(newXid()));
            assertMisuse("inside a transaction", () -> two.commit(newXid()));
            tx.commit();
        }
        db.setAutocommit(false);
        db.query("select 1");
        assertMisuse("inside a transaction", () -> two.begin(newXid()));
        assertMisuse("inside a transaction", () -> two.rollback(newXid()));
        db.rollback();
        db.setAutocommit(true);
    }

    @Test
    void withoutOneNothingIsPreparedOrEnded() {
        assertMisuse("begin(xid)", () -> two.prepare());
        assertMisuse("begin(xid)", () -> two.commit());
        assertMisuse("begin(xid)", () -> two.rollback());
        assertThat(two.xid()).isNull();
    }

    @Test
    void aFailedTransactionIsNotPreparedAndThatIsToldHoweverItIsAsked() {
        Xid xid = begin();
        assertThatThrownBy(() -> db.execute("insert into paid values (1)"))
                .isInstanceOf(UniqueViolationException.class);
        CommitRolledBackException rolledBack = thrown(CommitRolledBackException.class, () -> two.prepare());
        assertThat(rolledBack).hasCauseInstanceOf(UniqueViolationException.class);
        assertThat(two.xid()).isNull();
        begin();
        assertThatThrownBy(() -> db.query("select 1 / 0")).hasMessageContaining("22012");
        assertThatThrownBy(() -> two.commit()).isInstanceOf(CommitRolledBackException.class);
        assertThat(two.xid()).isNull();
        db.execute("begin");
        assertThatThrownBy(() -> db.query("select 1 / 0")).hasMessageContaining("22012");
        assertThatThrownBy(() -> db.execute("prepare transaction '" + xid + "'"))
                .isInstanceOf(CommitRolledBackException.class);
        assertThat(db.execute("prepare transaction 'outside of any'").commandTag())
                .isEqualTo("ROLLBACK");
        assertThat(recovered()).doesNotContain(xid);
        assertThat(paid()).isEmpty();
    }

    @Test
    void whatTheServerRefusesToPrepareIsRolledBack() {
        Xid taken = newXid();
        PgConnection other = connect();
        other.twoPhase().begin(taken);
        other.twoPhase().prepare();
        two.begin(taken);
        db.execute("insert into paid values (1)");
        ServerException duplicate = thrown(ServerException.class, () -> two.prepare());
        assertThat(duplicate.sqlState()).isEqualTo(SqlState.DUPLICATE_OBJECT);
        assertThat(two.xid()).isNull();
        other.twoPhase().rollback();
        two.begin(newXid());
        db.execute("create temp table passing (x int)");
        assertThatThrownBy(() -> two.prepare()).isInstanceOf(FeatureNotSupportedException.class);
        db.execute("drop table if exists late; create table late (x int unique deferrable initially deferred)");
        two.begin(newXid());
        db.execute("insert into late values (1), (1)");
        assertThatThrownBy(() -> two.prepare()).isInstanceOf(UniqueViolationException.class);
        assertThat(two.xid()).isNull();
        assertThat(paid()).isEmpty();
    }

    @Test
    void aStatementThatEndsTheTransactionIsReported() {
        begin();
        db.execute("rollback");
        assertMisuse("COMMIT or ROLLBACK", () -> two.prepare());
        begin();
        db.execute("commit");
        assertMisuse("COMMIT or ROLLBACK", () -> two.commit());
        two.begin(newXid());
        db.execute("rollback");
        two.rollback();
        assertThat(two.xid()).isNull();
        assertThat(paid()).containsExactly(1);
    }

    @Test
    void otherThreadsWaitForItsEndAndMayBringItAbout() throws Exception {
        Xid xid = prepare();
        CountDownLatch started = new CountDownLatch(1);
        Thread[] thread = new Thread[1];
        Future<Long> other = elsewhere(() -> {
            thread[0] = Thread.currentThread();
            started.countDown();
            return db.queryValue("select count(*) from paid", Long.class);
        });
        assertThat(started.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        Await.until(
                "the other thread waits",
                Duration.ofSeconds(PATIENCE_SECONDS),
                () -> thread[0].getState() == Thread.State.WAITING);
        assertThat(recovered()).contains(xid);
        assertThat(other.isDone()).isFalse();
        result(elsewhere(() -> {
            two.commit();
            return null;
        }));
        assertThat(result(other)).isEqualTo(1);
    }

    @Test
    void aLossBetweenPrepareAndItsAnswerIsUnknownAndRecoverTells() {
        try (FaultyWire wire = FaultyWire.to(place.server())) {
            wire.toClient().chunk(1);
            PgConnection wired = Howdah.connect(wire.dsn(database().name(), Roles.TRUST) + " sslmode=disable");
            try (wired) {
                Xid xid = newXid();
                wired.twoPhase().begin(xid);
                wired.execute("insert into paid values (1)");
                wire.toClient().resetAt(wire.toClient().passed() + 1);
                ConnectionLostException lost = thrown(
                        ConnectionLostException.class, () -> wired.twoPhase().prepare());
                assertThat(lost.delivery()).isEqualTo(Delivery.UNKNOWN);
                assertThat(wired.twoPhase().xid()).isNull();
                Await.until(
                        "it shows up",
                        Duration.ofSeconds(PATIENCE_SECONDS),
                        () -> recovered().contains(xid));
                two.commit(xid);
            }
        }
        assertThat(paid()).containsExactly(1);
    }
}
