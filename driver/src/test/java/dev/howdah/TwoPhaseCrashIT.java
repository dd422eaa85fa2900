package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.Roles;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;

/** Two-phase commit on a server that does not allow it, and on one that goes down between the phases. */
@Timeout(120)
class TwoPhaseCrashIT {

    private static final Xid STOCK = Xid.of(1, "order 17", "stock");
    private static final Xid BILL = Xid.parse("order 17, the bill");

    @ParameterizedTest
    @PostgresVersions
    void whatIsPreparedSurvivesACrashOfTheServer(int version) {
        try (PostgresServer server = PostgresServer.builder()
                .version(version)
                .config("max_prepared_transactions", "0")
                .start()) {
            String dsn = server.dsn("postgres", Roles.TRUST);
            server.execute("create table survived (x int); grant all on survived to public");
            assertRefusedWithItsHint(dsn);
            server.configure("max_prepared_transactions", "5");
            server.restart();
            try (PgConnection stock = Howdah.connect(dsn);
                    PgConnection bill = Howdah.connect(dsn)) {
                prepare(stock, STOCK, 1);
                prepare(bill, BILL, 2);
                server.crash();
                ConnectionLostException lost = DriverContract.thrown(
                        ConnectionLostException.class, () -> stock.twoPhase().commit());
                assertThat(lost.isSafeToRetry()).isFalse();
                assertThat(stock.twoPhase().xid()).isNull();
            }
            server.restart();
            try (PgConnection later = Howdah.connect(dsn)) {
                assertThat(later.twoPhase().recover())
                        .extracting(PreparedTransaction::xid)
                        .containsExactly(STOCK, BILL);
                later.twoPhase().commit(STOCK);
                later.twoPhase().rollback(BILL);
                assertThat(later.query("select x from survived").values(Integer.class))
                        .containsExactly(1);
                assertThat(later.twoPhase().recover()).isEmpty();
            }
        }
    }

    private static void assertRefusedWithItsHint(String dsn) {
        try (PgConnection db = Howdah.connect(dsn)) {
            db.twoPhase().begin(STOCK);
            ServerException refused = DriverContract.thrown(
                    ServerException.class, () -> db.twoPhase().prepare());
            assertThat(refused.sqlState()).isEqualTo(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE);
            assertThat(refused).hasMessageContaining("max_prepared_transactions");
            assertThat(refused.diagnostics().messageHint()).contains("max_prepared_transactions");
            assertThat(db.twoPhase().xid()).isNull();
            assertThat(db.query("select 1").size()).isEqualTo(1);
        }
    }

    private static void prepare(PgConnection connection, Xid xid, int x) {
        connection.twoPhase().begin(xid);
        connection.execute("insert into survived values ($1)", x);
        connection.twoPhase().prepare();
    }
}
