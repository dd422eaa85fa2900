package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.DataException;
import dev.howdah.error.FailedTransactionException;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.error.ServerException;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.Roles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a cursor of the server ends: it says why, sends nothing in vain and leaves the connection as it should be. */
class ServerCursorEndIT extends DriverContract {

    private static final String SERIES = "select g from generate_series(1, 10) as g";

    /** Every way to open one that is not held. */
    private static final List<UnaryOperator<ServerCursor>> KINDS = List.of(c -> c, c -> c.scrollable(true));

    private static void isGone(ServerCursor cursor, String why) {
        for (Runnable call : List.<Runnable>of(
                cursor::fetchOne,
                cursor::fetchAll,
                () -> cursor.fetchMany(1),
                () -> cursor.scroll(1),
                () -> cursor.iterator().hasNext())) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(why);
        }
    }

    private long cursors() {
        return db.queryValue("select count(*) from pg_cursors where name <> ''", Long.class);
    }

    @Test
    void afterItsTransactionItSaysHowThatEndedAndSendsNothing(@TempDir Path folder) {
        PgConnection traced =
                connect(options().toBuilder().trace(folder.resolve("trace")).build());
        TraceReader trace = new TraceReader(folder.resolve("trace"));
        for (UnaryOperator<ServerCursor> kind : KINDS) {
            for (int fetchSize : new int[] {2, 100}) {
                for (String end : List.of("commit", "rollback", "commit and chain", "prepare transaction 'howdah'")) {
                    traced.execute("begin");
                    ServerCursor cursor =
                            kind.apply(traced.cursor("c")).fetchSize(fetchSize).execute(SERIES);
                    cursor.fetchOne();
                    traced.execute(end);
                    trace.news();
                    isGone(
                            cursor,
                            end.startsWith("c") ? "committed" : end.startsWith("r") ? "rolled back" : "prepared");
                    assertThat(cursor.rowNumber()).isEqualTo(1);
                    cursor.close();
                    assertThat(trace.news()).isEmpty();
                    traced.rollback();
                    if (end.startsWith("p")) {
                        traced.execute("rollback prepared 'howdah'");
                    }
                }
            }
        }
    }

    @Test
    void aCommitThatFailedIsARollback() {
        db.execute("create temp table checked (x int unique deferrable initially deferred)");
        db.execute("begin");
        ServerCursor cursor = db.cursor("c").withHold(true).execute(SERIES);
        db.execute("insert into checked values (1), (1)");
        assertThatThrownBy(() -> db.execute("commit")).hasMessageContaining("23505");
        isGone(cursor, "rolled back");
    }

    @Test
    void oneThatIsHeldSurvivesCommitsAndLaterRollbacks() {
        for (boolean scrollable : new boolean[] {false, true}) {
            ServerCursor outside =
                    db.cursor("outside").withHold(true).scrollable(scrollable).fetchSize(2);
            outside.execute(SERIES);
            assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
            ServerCursor inside =
                    db.cursor("inside").withHold(true).scrollable(scrollable).fetchSize(2);
            try (Transaction tx = db.begin()) {
                assertThat(inside.execute(SERIES).fetchOne().getInt(0)).isEqualTo(1);
                assertThat(outside.fetchOne().getInt(0)).isEqualTo(1);
                tx.commit();
            }
            assertThat(inside.fetchMany(2).values(Integer.class)).containsExactly(2, 3);
            try (Transaction tx = db.begin()) {
                assertThat(inside.fetchOne().getInt(0)).isEqualTo(4);
                assertThat(outside.fetchOne().getInt(0)).isEqualTo(2);
                tx.rollback();
            }
            assertThat(inside.fetchAll().size()).isEqualTo(6);
            assertThat(outside.fetchAll().size()).isEqualTo(8);
            assertThat(cursors()).isEqualTo(2);
            inside.close();
            outside.close();
            assertThat(cursors()).isZero();
        }
    }

    @Test
    void oneThatIsHeldDiesWithTheRollbackOfItsOwnTransaction() {
        Transaction tx = db.begin();
        ServerCursor cursor = db.cursor("c").withHold(true).execute(SERIES);
        tx.rollback();
        isGone(cursor, "rolled back");
        cursor.close();
    }

    @Test
    void whatOnlyTheServerKnowsOfIsItsErrorWithTheReasonsThatThereMayBe() {
        for (UnaryOperator<ServerCursor> kind : KINDS) {
            for (String end : List.of("rollback to savepoint s", "close c")) {
                Transaction tx = db.begin();
                db.execute("savepoint s");
                ServerCursor cursor = kind.apply(db.cursor("c")).fetchSize(2).execute(SERIES);
                cursor.fetchMany(2);
                db.execute(end);
                assertThatThrownBy(cursor::fetchOne)
                        .isInstanceOf(ServerException.class)
                        .hasMessageContaining("34000")
                        .hasMessageContaining("savepoint");
                cursor.close();
                db.execute("rollback to savepoint s");
                isGone(db.cursor("c"), "no cursor");
                tx.rollback();
            }
        }
    }

    @Test
    void afterItIsMissingItSaysSoAndAnotherOfItsNameIsNotClosed() {
        Transaction tx = db.begin();
        db.execute("savepoint s");
        ServerCursor cursor = db.cursor("c").fetchSize(1).execute(SERIES);
        cursor.fetchOne();
        db.execute("close c");
        assertThatThrownBy(cursor::fetchOne).isInstanceOf(ServerException.class);
        db.execute("rollback to savepoint s; declare c cursor for select 1");
        isGone(cursor, "does not have it any more");
        cursor.close();
        assertThat(cursors()).isEqualTo(1);
        tx.rollback();
    }

    @Test
    void closingAllCursorsIsNoticed() {
        try (Transaction tx = db.begin()) {
            ServerCursor cursor = db.cursor("c").execute(SERIES);
            db.execute("close all");
            isGone(cursor, "CLOSE ALL");
            cursor.close();
            tx.commit();
        }
        ServerCursor held = db.cursor("c").withHold(true).execute(SERIES);
        db.execute("discard all");
        isGone(held, "DISCARD ALL");
        held.close();
    }

    @Test
    void closeDoesNotHitAnotherCursorThatHasTakenTheName() {
        Transaction first = db.begin();
        ServerCursor old = db.cursor("c").execute(SERIES);
        first.commit();
        try (Transaction tx = db.begin();
                ServerCursor fresh = db.cursor("c").fetchSize(1).execute(SERIES)) {
            old.close();
            assertThat(fresh.fetchAll().size()).isEqualTo(10);
            db.stream("select 1", 1).close();
            assertThat(cursors()).isEqualTo(1);
            tx.commit();
        }
    }

    @Test
    void outsideATransactionItIsRefusedWithTheWaysOut(@TempDir Path folder) {
        PgConnection traced =
                connect(options().toBuilder().trace(folder.resolve("trace")).build());
        TraceReader trace = new TraceReader(folder.resolve("trace"));
        trace.news();
        for (UnaryOperator<ServerCursor> kind : KINDS) {
            assertThatThrownBy(() -> kind.apply(traced.cursor("c")).execute(SERIES))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("db.begin()")
                    .hasMessageContaining("withHold(true)")
                    .hasMessageContaining("db.stream");
        }
        assertThat(trace.news()).isEmpty();
    }

    @Test
    void withAutocommitOffItBeginsATransaction() {
        db.setAutocommit(false);
        for (UnaryOperator<ServerCursor> kind : KINDS) {
            try (ServerCursor cursor = kind.apply(db.cursor("c")).fetchSize(3).execute(SERIES)) {
                assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IN_TRANSACTION);
                assertThat(cursor.fetchAll().size()).isEqualTo(10);
            }
            db.commit();
        }
        try (ServerCursor held = db.cursor("c").withHold(true).execute(SERIES)) {
            db.commit();
            assertThat(held.fetchAll().size()).isEqualTo(10);
            assertThat(db.info().transactionStatus()).as("a fetch begins none").isEqualTo(TransactionStatus.IDLE);
        }
        db.setAutocommit(true);
    }

    @Test
    void afterCloseItIsClosedAndItsNameFree() {
        try (Transaction tx = db.begin()) {
            for (UnaryOperator<ServerCursor> kind : KINDS) {
                ServerCursor cursor = kind.apply(db.cursor("c")).execute(SERIES);
                cursor.close();
                cursor.close();
                assertThat(cursor.isClosed()).isTrue();
                isGone(cursor, "has been closed");
                assertThatThrownBy(() -> cursor.execute(SERIES)).isInstanceOf(IllegalStateException.class);
                try (ServerCursor next = kind.apply(db.cursor("c")).execute(SERIES)) {
                    assertThat(next.fetchAll().size()).isEqualTo(10);
                }
            }
            db.cursor("never opened").close();
            tx.commit();
        }
    }

    @Test
    void aNameThatIsTakenIsTheServersError() {
        try (Transaction tx = db.begin();
                ServerCursor first = db.cursor("c").execute(SERIES)) {
            assertThat(first.fetchOne()).isNotNull();
            assertThatThrownBy(() -> db.cursor("c").execute(SERIES)).hasMessageContaining("42P03");
            tx.rollback();
        }
    }

    @Test
    void executeAgainOpensAnew() {
        try (Transaction tx = db.begin();
                ServerCursor cursor = db.cursor("c").fetchSize(2)) {
            cursor.execute(SERIES).fetchOne();
            cursor.execute("select g::text || '!' from generate_series(1, $1::int) g", 3);
            assertThat(cursor.rowNumber()).isZero();
            assertThat(cursor.fetchAll().values(String.class)).containsExactly("1!", "2!", "3!");
            assertThat(cursors()).isEqualTo(1);
            tx.commit();
        }
    }

    @Test
    void anErrorInTheMiddleLeavesAClearState() {
        for (UnaryOperator<ServerCursor> kind : KINDS) {
            Transaction tx = db.begin();
            db.execute("savepoint s");
            try (ServerCursor cursor = kind.apply(db.cursor("c")).fetchSize(100)) {
                cursor.execute("select 1000 / (500 - g), g from generate_series(1, 1000) g");
                assertThat(cursor.fetchMany(450).size()).isEqualTo(450);
                assertThatThrownBy(() -> cursor.fetchMany(100))
                        .isInstanceOf(DataException.class)
                        .hasMessageContaining("22012");
                assertThat(cursor.rowNumber()).isEqualTo(450);
                assertThat(cursor.rowCount()).isEqualTo(-1);
                assertThatThrownBy(cursor::fetchOne)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("cannot go on")
                        .hasCauseInstanceOf(DataException.class);
            }
            assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.FAILED);
            db.execute("rollback to savepoint s");
            assertThat(cursors()).isZero();
            tx.commit();
        }
    }

    @Test
    void inATransactionThatFailedElsewhereNothingIsLost() {
        for (UnaryOperator<ServerCursor> kind : KINDS) {
            Transaction tx = db.begin();
            try (ServerCursor cursor = kind.apply(db.cursor("c")).fetchSize(4).execute(SERIES)) {
                assertThat(cursor.fetchOne().getInt(0)).isEqualTo(1);
                db.execute("savepoint s");
                assertThatThrownBy(() -> db.execute("select 1 / 0")).hasMessageContaining("22012");
                for (Runnable call : List.<Runnable>of(
                        cursor::fetchOne, cursor::fetchAll, () -> cursor.fetchMany(9), () -> cursor.scroll(7))) {
                    assertThatThrownBy(call::run).isInstanceOf(FailedTransactionException.class);
                }
                db.execute("rollback to savepoint s");
                assertThat(cursor.fetchAll().values(Integer.class)).containsExactly(2, 3, 4, 5, 6, 7, 8, 9, 10);
            }
            tx.commit();
        }
    }

    @Test
    void closingInAFailedTransactionFreesTheCursorAndMasksNothing() {
        for (UnaryOperator<ServerCursor> kind : KINDS) {
            Transaction tx = db.begin();
            DataException first = thrown(DataException.class, () -> {
                try (ServerCursor cursor = kind.apply(db.cursor("c")).execute(SERIES)) {
                    db.execute("savepoint s");
                    cursor.fetchOne();
                    db.execute("select 1 / 0");
                }
            });
            assertThat(first.getSuppressed()).isEmpty();
            db.execute("rollback to savepoint s");
            assertThat(cursors()).isZero();
            tx.rollback();
        }
    }

    @Test
    void aTimeoutDuringAFetchFailsTheTransaction() {
        for (UnaryOperator<ServerCursor> kind : KINDS) {
            Transaction tx = db.begin();
            try (ServerCursor cursor = kind.apply(db.cursor("c")).fetchSize(1)) {
                cursor.execute("select g, case when g > 2 then pg_sleep(1000) end from generate_series(1, 9) g");
                assertThat(cursor.fetchMany(2).size()).isEqualTo(2);
                cursor.timeout(Duration.ofMillis(100));
                assertThatThrownBy(cursor::fetchOne).isInstanceOf(QueryTimeoutException.class);
                assertThat(cursor.rowNumber()).isEqualTo(2);
                assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.FAILED);
                assertThatThrownBy(cursor::fetchOne).hasMessageContaining("cannot go on");
            }
            tx.rollback();
        }
    }

    @Test
    void anInterruptDuringAFetchFailsTheTransaction() throws Exception {
        Thread[] thread = new Thread[1];
        Future<String> fetching = elsewhere(() -> {
            thread[0] = Thread.currentThread();
            try (Transaction tx = db.begin();
                    ServerCursor cursor = db.cursor("c").fetchSize(1)) {
                cursor.execute("select g, case when g > 1 then pg_sleep(1000) end from generate_series(1, 9) g");
                cursor.fetchOne();
                assertThatThrownBy(cursor::fetchOne).isInstanceOf(InterruptedWaitException.class);
                assertThat(Thread.interrupted()).isTrue();
                assertThatThrownBy(cursor::fetchOne).hasMessageContaining("cannot go on");
                tx.rollback();
            }
            return "done";
        });
        Await.until(
                "the fetch sleeps",
                Duration.ofSeconds(PATIENCE_SECONDS),
                () -> activity(db, "wait_event").equals("PgSleep"));
        thread[0].interrupt();
        assertThat(result(fetching)).isEqualTo("done");
    }

    @Test
    void onAClosedConnectionItSaysSoWhateverHasBeenRead() {
        PgConnection other = Howdah.connect(place.dsn(database(), Roles.TRUST));
        other.execute("begin");
        ServerCursor cursor = other.cursor("c").execute(SERIES);
        cursor.fetchOne();
        other.close();
        assertThatThrownBy(cursor::fetchOne).isInstanceOf(ConnectionClosedException.class);
        assertThatThrownBy(() -> cursor.scroll(1)).isInstanceOf(ConnectionClosedException.class);
        assertThat(cursor.isClosed()).isTrue();
        cursor.close();
        assertThatThrownBy(() -> other.cursor("c").execute(SERIES)).isInstanceOf(RuntimeException.class);
    }
}
