package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ReadOnlyTransactionException;
import dev.howdah.testkit.Roles;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a session's transactions begin with, where it is said, and what takes it back. */
class SessionTraitsIT extends DriverContract {

    private static final TransactionMode ALL =
            TransactionMode.of(Isolation.SERIALIZABLE).withReadOnly(true).withDeferrable(true);

    private static final List<String> SERIALIZABLE_ALL = List.of("serializable", "on", "on");
    private static final List<String> DEFAULTS = List.of("read committed", "off", "off");

    /** The isolation, read only and deferrable of the transaction that this runs in. */
    private static List<String> modes(PgConnection connection) {
        Row row = connection.queryOne("select current_setting('transaction_isolation'),"
                + " current_setting('transaction_read_only'), current_setting('transaction_deferrable')");
        return List.of(row.getString(0), row.getString(1), row.getString(2));
    }

    private List<String> setOnServer() {
        return db.query("select name from pg_settings where source = 'session' and name like 'default_transaction%'"
                        + " order by name")
                .values(String.class);
    }

    @Test
    void nothingIsSetAtFirst() {
        assertThat(db.isolation()).isNull();
        assertThat(db.readOnly()).isNull();
        assertThat(db.deferrable()).isNull();
        assertThat(modes(db)).isEqualTo(DEFAULTS);
    }

    @Test
    void withAutocommitOffTheBeginSaysItAndNothingElseIsSent(@TempDir Path folder) {
        PgConnection traced = connect(ConnectOptions.parse(place.dsn(database(), Roles.TRUST)).toBuilder()
                .trace(folder.resolve("trace"))
                .build());
        TraceReader trace = new TraceReader(folder.resolve("trace"));
        trace.news();
        traced.setAutocommit(false);
        traced.setIsolation(Isolation.SERIALIZABLE);
        traced.setReadOnly(true);
        traced.setDeferrable(true);
        traced.setSession(ALL, false);
        assertThat(trace.news()).isEmpty();
        assertThat(modes(traced)).isEqualTo(SERIALIZABLE_ALL);
        traced.commit();
        assertThat(modes(traced)).isEqualTo(SERIALIZABLE_ALL);
        assertThat(traced.queryValue("select current_setting('default_transaction_isolation')", String.class))
                .isEqualTo("read committed");
        traced.rollback();
        traced.setIsolation(null);
        traced.setReadOnly(null);
        traced.setDeferrable(null);
        assertThat(modes(traced)).isEqualTo(DEFAULTS);
        traced.commit();
        trace.news();
        traced.setAutocommit(true);
        assertThat(trace.news()).isEmpty();
    }

    @Test
    void withAutocommitOnSingleStatementsHaveItToo() {
        db.execute("create temp table only_read (x int)");
        db.setSession(ALL);
        assertThat(db.autocommit()).isTrue();
        assertThat(modes(db)).isEqualTo(SERIALIZABLE_ALL);
        assertThatThrownBy(() -> db.execute("create table never_made (x int)"))
                .isInstanceOf(ReadOnlyTransactionException.class);
        db.setReadOnly(false);
        assertThat(db.readOnly()).isFalse();
        assertThat(modes(db)).containsExactly("serializable", "off", "on");
        db.setSession(TransactionMode.DEFAULT);
        assertThat(modes(db)).isEqualTo(DEFAULTS);
        assertThat(setOnServer()).isEmpty();
    }

    @Test
    void whatIsSetTwiceIsSentOnce(@TempDir Path folder) {
        PgConnection traced = connect(ConnectOptions.parse(place.dsn(database(), Roles.TRUST)).toBuilder()
                .trace(folder.resolve("trace"))
                .build());
        TraceReader trace = new TraceReader(folder.resolve("trace"));
        traced.setSession(ALL);
        assertThat(TraceReader.roundTrips(trace.news())).isPositive();
        traced.setSession(ALL, true);
        traced.setIsolation(Isolation.SERIALIZABLE);
        assertThat(trace.news()).isEmpty();
        traced.setReadOnly(null);
        assertThat(TraceReader.roundTrips(trace.news())).isEqualTo(1);
    }

    @Test
    void leavingAutocommitTakesTheServersSettingsBackAndReturningSetsThem() {
        db.setSession(ALL);
        db.setAutocommit(false);
        assertThat(modes(db)).isEqualTo(SERIALIZABLE_ALL);
        assertThat(setOnServer()).isEmpty();
        db.commit();
        db.setAutocommit(true);
        assertThat(setOnServer()).hasSize(3);
        assertThat(modes(db)).isEqualTo(SERIALIZABLE_ALL);
    }

    @Test
    void theServersDefaultIsWhateverTheConnectionWasMadeWith() {
        PgConnection own = connect("options='-c default_transaction_isolation=repeatable\\\\ read'");
        assertThat(modes(own)).startsWith("repeatable read");
        own.setIsolation(Isolation.SERIALIZABLE);
        assertThat(modes(own)).startsWith("serializable");
        own.setIsolation(null);
        assertThat(modes(own)).startsWith("repeatable read");
        own.setIsolation(Isolation.READ_UNCOMMITTED);
        assertThat(modes(own)).startsWith("read uncommitted");
    }

    @Test
    void aTransactionBeginsWithTheSessionsModesWhereItSaysNothing() {
        for (boolean autocommit : new boolean[] {true, false}) {
            db.setSession(ALL, autocommit);
            try (Transaction tx = db.begin()) {
                assertThat(modes(db)).isEqualTo(SERIALIZABLE_ALL);
                tx.rollback();
            }
            try (Transaction tx = db.begin(TransactionMode.DEFAULT.withReadOnly(false))) {
                assertThat(modes(db)).containsExactly("serializable", "off", "on");
                tx.rollback();
            }
            try (Transaction tx = db.begin(Isolation.READ_COMMITTED)) {
                assertThat(modes(db)).containsExactly("read committed", "on", "on");
                tx.rollback();
            }
            assertThat(db.<List<String>, RuntimeException>inTransaction(tx -> modes(db)))
                    .isEqualTo(SERIALIZABLE_ALL);
        }
        db.setSession(TransactionMode.DEFAULT, true);
    }

    @Test
    void aTransactionSaysItAlsoWhereThePoolersBackendDoesNotKnowIt() {
        db.setSession(ALL);
        db.execute("reset all");
        assertThat(modes(db)).isEqualTo(DEFAULTS);
        try (Transaction tx = db.begin()) {
            assertThat(modes(db)).isEqualTo(SERIALIZABLE_ALL);
            try (Transaction inner = db.begin()) {
                inner.commit();
            }
            tx.rollback();
        }
    }

    @Test
    void insideATransactionNothingIsChanged() {
        try (Transaction tx = db.begin()) {
            for (Runnable change : List.<Runnable>of(
                    () -> db.setSession(ALL),
                    () -> db.setSession(ALL, false),
                    () -> db.setIsolation(Isolation.SERIALIZABLE),
                    () -> db.setReadOnly(true),
                    () -> db.setDeferrable(true),
                    () -> db.setAutocommit(false))) {
                assertThatThrownBy(change::run)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("commit or roll back first");
            }
            assertThat(db.isolation()).isNull();
            assertThat(db.autocommit()).isTrue();
            db.execute("commit");
            assertThatThrownBy(() -> db.setReadOnly(true)).isInstanceOf(IllegalStateException.class);
            tx.rollback();
        }
        db.execute("begin");
        assertThatThrownBy(() -> db.setReadOnly(true)).isInstanceOf(IllegalStateException.class);
        db.rollback();
        db.setReadOnly(true);
        assertThat(db.readOnly()).isTrue();
    }

    @Test
    void discardAllInSqlTakesTheModesBackToTheServersDefaults() {
        db.setSession(ALL);
        db.execute("discard all");
        assertThat(db.isolation()).isNull();
        assertThat(db.readOnly()).isNull();
        assertThat(modes(db)).isEqualTo(DEFAULTS);
        try (Transaction tx = db.begin()) {
            assertThat(modes(db)).isEqualTo(DEFAULTS);
            tx.commit();
        }
        db.setIsolation(Isolation.SERIALIZABLE);
        assertThat(modes(db)).containsExactly("serializable", "off", "off");
    }

    @Test
    void aChangeWaitsForTheTransactionOfAnotherThread() throws Exception {
        Future<Boolean> other;
        try (Transaction tx = db.begin()) {
            other = elsewhere(() -> {
                db.setReadOnly(true);
                return db.readOnly();
            });
            db.query("select 1");
            tx.commit();
        }
        assertThat(result(other)).isTrue();
    }
}
