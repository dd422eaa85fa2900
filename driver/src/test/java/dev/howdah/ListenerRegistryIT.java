package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.CommitRolledBackException;
import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.FailedTransactionException;
import dev.howdah.error.ServerException;
import dev.howdah.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What the server listens on is what is wanted, whatever transactions, the program's own SQL and errors do. */
class ListenerRegistryIT extends DriverContract {

    @Override
    boolean hearsWhileIdle() {
        return true;
    }

    private final Heard heard = new Heard();

    private List<String> listening() {
        List<String> channels = new ArrayList<>();
        for (Row row : db.query("select pg_listening_channels() order by 1")) {
            channels.add(row.getString(0));
        }
        return channels;
    }

    /** Asserts that what is sent now is the next that is heard: nothing was missing before and nothing is left. */
    private void assertHears(String channel, Heard listener) throws InterruptedException {
        String payload = "p" + System.nanoTime();
        database().execute("notify " + channel + ", '" + payload + "'");
        listener.assertNext(payload);
    }

    /** Asserts that a channel is silent for a listener, by what comes later on another. */
    private void assertSilent(String channel, Heard listener) throws InterruptedException {
        Heard marker = new Heard();
        db.addListener("marker", marker);
        database().execute("notify " + channel + ", 'not to be heard'");
        assertHears("marker", marker);
        listener.assertNothingMore();
        db.removeListener("marker", marker);
    }

    @Test
    void aChannelIsListenedToOnceAndLeftWithItsLastListener() throws Exception {
        Heard other = new Heard();
        db.addListener("c", heard);
        db.addListener("c", other);
        db.addListener("d", other);
        assertThat(listening()).containsExactly("c", "d");
        db.removeListener("c", heard);
        assertThat(listening()).containsExactly("c", "d");
        assertHears("c", other);
        db.removeListener("c", other);
        assertThat(listening()).containsExactly("d");
        db.removeListener("d", other);
        db.removeListener("d", other);
        db.removeListener("unknown", other);
        assertThat(listening()).isEmpty();
        heard.assertNothingMore();
    }

    @Test
    void aFurtherListenerOfAChannelNeedsNoTurn() throws Exception {
        db.addListener("c", heard);
        Future<Rows> busy = elsewhere(() -> db.query("select pg_sleep(60)"));
        Await.until(
                Duration.ofSeconds(PATIENCE_SECONDS),
                () -> activity(db, "state").equals("active"));
        Heard further = new Heard();
        db.addListener("c", further);
        db.removeListener("c", heard);
        db.cancel();
        assertThatThrownBy(() -> result(busy)).hasMessageContaining("57014");
        assertHears("c", further);
        heard.assertNothingMore();
    }

    @Test
    void theFirstOfAChannelHearsWhatComesBeforeTheAnswerToListen() throws Exception {
        db.execute("listen c");
        database().execute("notify c, 'early'");
        db.addListener("c", heard);
        heard.assertNext("early");
        assertHears("c", heard);
    }

    @Test
    void oneAddedInATransactionIsHeardFromItsCommitOn() throws Exception {
        try (Transaction tx = db.begin()) {
            db.addListener("c", heard);
            db.addListener("c", heard);
            tx.commit();
        }
        assertThat(listening()).containsExactly("c");
        database().execute("notify c, 'x'");
        heard.assertNext("x");
        heard.assertNext("x");
    }

    @Test
    void oneAddedInATransactionThatRollsBackIsGoneAndCanBeAddedAgain() throws Exception {
        Transaction tx = db.begin();
        db.addListener("c", heard);
        tx.rollback();
        assertThat(listening()).isEmpty();
        db.addListener("c", heard);
        assertThat(listening()).containsExactly("c");
        database().execute("notify c, '1'");
        heard.assertNext("1");
        assertHears("c", heard);
    }

    @Test
    void aCloseAndAFailedCommitTakeBackAsARollbackDoes() throws Exception {
        try (Transaction tx = db.begin()) {
            db.addListener("c", heard);
            thrown(ServerException.class, () -> db.execute("select 1/0"));
            thrown(CommitRolledBackException.class, tx::commit);
        }
        try (Transaction tx = db.begin()) {
            db.addListener("c", heard);
        }
        db.execute("create temp table deferred (x int unique deferrable initially deferred)");
        try (Transaction tx = db.begin()) {
            db.addListener("c", heard);
            db.execute("insert into deferred values (1), (1)");
            thrown(ServerException.class, tx::commit);
        }
        db.execute("begin");
        db.addListener("c", heard);
        db.execute("rollback and chain");
        db.execute("commit");
        assertThat(listening()).isEmpty();
        db.addListener("c", heard);
        assertHears("c", heard);
        assertSilentTwice();
    }

    private void assertSilentTwice() throws InterruptedException {
        db.removeListener("c", heard);
        assertThat(listening()).isEmpty();
        assertSilent("c", heard);
    }

    @Test
    void aListenerOnAChannelThatWasListenedToBeforeOutlivesARollback() throws Exception {
        db.addListener("c", heard);
        Heard further = new Heard();
        try (Transaction tx = db.begin()) {
            db.addListener("c", further);
        }
        database().execute("notify c, 'both'");
        heard.assertNext("both");
        further.assertNext("both");
    }

    @Test
    void aSavepointThatIsRolledBackTakesItsListenersAndLeavesThoseBefore() throws Exception {
        Heard inner = new Heard();
        Heard later = new Heard();
        try (Transaction tx = db.begin()) {
            db.addListener("before", heard);
            try (Transaction nested = db.begin()) {
                db.addListener("nested", inner);
            }
            db.addListener("later", later);
            tx.commit();
        }
        assertThat(listening()).containsExactly("before", "later");
        assertHears("before", heard);
        assertHears("later", later);
        db.addListener("nested", inner);
        assertHears("nested", inner);
    }

    @Test
    void addingAgainAfterARollbackToASavepointListensAgain() throws Exception {
        try (Transaction tx = db.begin()) {
            db.execute("savepoint s");
            db.addListener("c", heard);
            db.execute("rollback to s");
            Heard again = new Heard();
            db.addListener("c", again);
            tx.commit();
            assertHears("c", again);
        }
        assertThat(listening()).containsExactly("c");
    }

    @Test
    void addingInAFailedTransactionIsRefusedAndLeavesNothing() throws Exception {
        try (Transaction tx = db.begin()) {
            thrown(ServerException.class, () -> db.execute("select 1/0"));
            thrown(FailedTransactionException.class, () -> db.addListener("c", heard));
        }
        assertThat(listening()).isEmpty();
        db.addListener("c", heard);
        assertHears("c", heard);
    }

    @Test
    void removingInATransactionIsFinalWhateverBecomesOfIt() throws Exception {
        db.addListener("c", heard);
        try (Transaction tx = db.begin()) {
            db.removeListener("c", heard);
        }
        assertThat(listening()).isEmpty();
        db.addListener("c", heard);
        try (Transaction tx = db.begin()) {
            thrown(ServerException.class, () -> db.execute("select 1/0"));
            // UNLISTEN would be refused here.
            db.removeListener("c", heard);
            assertThat(tx.isOpen()).isTrue();
        }
        assertThat(listening()).isEmpty();
        assertSilent("c", heard);
    }

    @Test
    void oneAddedAndRemovedInATransactionLeavesNothing() throws Exception {
        for (boolean commit : List.of(true, false)) {
            try (Transaction tx = db.begin()) {
                db.addListener("c", heard);
                db.removeListener("c", heard);
                if (commit) {
                    tx.commit();
                }
            }
            assertThat(listening()).isEmpty();
        }
        assertSilent("c", heard);
    }

    @Test
    void whatTheProgramUnlistensItselfIsListenedToAgain() throws Exception {
        Heard other = new Heard();
        db.addListener("c", heard);
        db.addListener("d", other);
        for (String command : List.of("unlisten c", "unlisten *", "discard all", "select 1; unlisten *; select 2")) {
            db.execute(command);
            assertThat(listening()).as(command).containsExactly("c", "d");
            assertHears("c", heard);
            assertHears("d", other);
        }
        thrown(ServerException.class, () -> db.execute("unlisten *; select 1/0"));
        db.query("unlisten *");
        assertThat(listening()).containsExactly("c", "d");
    }

    @Test
    void anUnlistenInATransactionMakesNobodyDeafWhetherItCommitsOrNot() throws Exception {
        db.addListener("c", heard);
        for (String end : List.of("commit", "rollback")) {
            db.execute("begin");
            db.execute("unlisten *");
            db.execute("savepoint s");
            db.execute(end);
            assertThat(listening()).as(end).containsExactly("c");
            assertHears("c", heard);
        }
        // Ours is undone with the savepoint, theirs is not.
        db.execute("begin");
        db.execute("unlisten *; savepoint s");
        db.execute("rollback to s");
        db.execute("commit");
        assertThat(listening()).containsExactly("c");
        // Failed at once: there is nothing to be done until it ends.
        db.execute("begin");
        thrown(ServerException.class, () -> db.execute("unlisten *; select 1/0"));
        db.execute("rollback");
        assertThat(listening()).containsExactly("c");
        assertHears("c", heard);
    }

    @Test
    void theProgramsOwnListeningIsLeftAlone() throws Exception {
        db.execute("listen own");
        db.addListener("c", heard);
        db.removeListener("c", heard);
        assertThat(listening()).containsExactly("own");
    }

    @Test
    void withoutAutocommitListeningTakesEffectAtOnce() throws Exception {
        db.setAutocommit(false);
        db.addListener("c", heard);
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
        assertHears("c", heard);
        db.query("select 1");
        db.addListener("d", heard);
        db.rollback();
        db.setAutocommit(true);
        assertThat(listening()).containsExactly("c");
    }

    @Test
    void resetForgetsAllListenersHereAndOnTheServer() throws Exception {
        db.addListener("c", heard);
        db.addListener("d", heard);
        db.reset();
        assertThat(listening()).isEmpty();
        assertSilent("c", heard);
        db.addListener("d", heard);
        assertThat(listening()).containsExactly("d");
        assertHears("d", heard);
    }

    @Test
    void aClosedConnectionRefusesListenersAndForgetsThem() {
        db.addListener("c", heard);
        db.close();
        expectLost(db);
        thrown(ConnectionClosedException.class, () -> db.addListener("c", heard));
        thrown(ConnectionClosedException.class, () -> db.addListener("new", heard));
        db.removeListener("c", heard);
    }
}
