package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.howdah.error.ConnectFailedException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.PgException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.testkit.Faults;
import dev.howdah.testkit.FaultyWire;
import dev.howdah.testkit.LeakCheck;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A short talk over a wire that breaks at every place: always the right exception, never a hang, never a leak. */
@ExtendWith(PostgresExtension.class)
@Timeout(180)
class FaultyWireIT {

    private static final String NO_TLS = " sslmode=disable";
    private static final List<Place.Face> FACES = List.of(Place.Face.values());

    /** How far a talk came, and how it ended. */
    private static final class Talk {
        private boolean connected;
        private int statements;
        private @Nullable PgException failure;

        static Talk over(Place.Face face, String dsn) {
            Talk talk = new Talk();
            try (Faced faced = Faced.connect(face, ConnectOptions.parse(dsn))) {
                talk.connected = true;
                faced.run(() -> talk.with(faced.db()));
            } catch (PgException e) {
                talk.failure = e;
            } catch (Throwable e) {
                fail("neither an answer nor an exception of the driver's", e);
            }
            return talk;
        }

        private void with(PgConnection db) {
            db.execute("create temporary table t (x int, y text)");
            statements++;
            assertThat(db.queryValue("select $1::int + 1", Integer.class, 41)).isEqualTo(42);
            statements++;
            assertThat(db.executeMany("insert into t values ($1, $2)", List.of(List.of(1, "a"), List.of(2, "b")))
                            .rowCount())
                    .isEqualTo(2);
            statements++;
        }

        boolean isWhole() {
            return statements == 3 && failure == null;
        }

        void assertRightFailure(String where) {
            if (isWhole()) {
                return;
            }
            if (!connected) {
                assertThat(failure).as(where).isInstanceOf(ConnectFailedException.class);
                assertThat(failure.delivery()).as(where).isEqualTo(Delivery.NOT_SENT);
            } else {
                assertThat(failure).as(where).isInstanceOf(ConnectionLostException.class);
                assertThat(failure.delivery()).as(where).isNotEqualTo(Delivery.COMPLETED);
            }
        }
    }

    private static String dsn(FaultyWire wire, TestDatabase db, String more) {
        return wire.dsn(db.name(), Roles.TRUST) + more;
    }

    @ParameterizedTest
    @EnumSource
    void aWholeTalkInPiecesOfOneByteIsTheSameTalk(Place.Face face, TestDatabase db) {
        for (String mode : List.of(NO_TLS, " sslmode=require")) {
            try (FaultyWire wire = FaultyWire.to(db.server())) {
                wire.toClient().chunk(1);
                wire.toServer().chunk(1);
                Talk talk = Talk.over(face, dsn(wire, db, mode));
                assertThat(talk.failure).isNull();
                assertThat(talk.isWhole()).isTrue();
            }
        }
    }

    /** How many bytes of one direction a connect takes; one that breaks is ConnectCutsIT's. */
    private static long connectLength(TestDatabase db, String mode, boolean toClient) {
        try (FaultyWire wire = FaultyWire.to(db.server());
                PgConnection connection = Howdah.connect(dsn(wire, db, mode))) {
            assertThat(connection.isOpen()).isTrue();
            return (toClient ? wire.toClient() : wire.toServer()).passed();
        }
    }

    /** Breaks the talk after every {@code step} bytes of one direction until it is whole, in each way to wait by turns. */
    private static void breakEverywhere(
            TestDatabase db, String mode, boolean toClient, int step, BiFunction<Faults, Long, Faults> fault) {
        long start = connectLength(db, mode, toClient);
        LeakCheck leaks = LeakCheck.start()
                .sockets()
                .threads(name -> name.startsWith("howdah"))
                .backends(db);
        for (long at = start; ; at += step) {
            Place.Face face = FACES.get((int) (at % FACES.size()));
            try (FaultyWire wire = FaultyWire.to(db.server())) {
                Faults faults = toClient ? wire.toClient() : wire.toServer();
                fault.apply(faults, at);
                Talk talk = Talk.over(face, dsn(wire, db, mode));
                talk.assertRightFailure(face + " broken at " + at);
                if (talk.isWhole() && faults.passed() < at) {
                    break;
                }
                if (at > 100_000) {
                    fail("the talk never became whole");
                }
            }
        }
        leaks.verify();
    }

    @Test
    void aResetAnywhereInWhatTheServerSaysIsTheRightException(TestDatabase db) {
        breakEverywhere(db, NO_TLS, true, 3, Faults::resetAt);
    }

    @Test
    void aCloseAnywhereInWhatTheServerSaysIsTheRightException(TestDatabase db) {
        breakEverywhere(db, NO_TLS, true, 3, Faults::closeAt);
    }

    @Test
    void aResetAnywhereInWhatWeSayIsTheRightException(TestDatabase db) {
        breakEverywhere(db, NO_TLS, false, 3, Faults::resetAt);
    }

    @Test
    void aCloseAnywhereInWhatWeSayIsTheRightException(TestDatabase db) {
        breakEverywhere(db, NO_TLS, false, 3, Faults::closeAt);
    }

    @Test
    void aBrokenWireUnderTlsIsTheRightException(TestDatabase db) {
        breakEverywhere(db, " sslmode=require", true, 19, Faults::resetAt);
        breakEverywhere(db, " sslmode=require", true, 29, Faults::closeAt);
        breakEverywhere(db, " sslmode=require", false, 19, Faults::closeAt);
    }

    @Test
    void whatIsAskedOfALostConnectionIsNeverSent(TestDatabase db) {
        try (FaultyWire wire = FaultyWire.to(db.server());
                PgConnection connection = Howdah.connect(dsn(wire, db, NO_TLS))) {
            wire.resetAll();
            assertThatThrownBy(() -> connection.query("select 1")).isInstanceOf(ConnectionLostException.class);
            assertThatThrownBy(() -> connection.query("select 1"))
                    .isInstanceOfSatisfying(
                            ConnectionLostException.class,
                            e -> assertThat(e.delivery()).isEqualTo(Delivery.NOT_SENT));
            assertThat(connection.isOpen()).isFalse();
            assertThat(connection.info().status()).isEqualTo(ConnectionStatus.LOST);
        }
    }

    @Test
    void aSilentWireIsNoticedByTheTimeoutOfACall(TestDatabase db) {
        LeakCheck leaks = LeakCheck.start().sockets();
        try (FaultyWire wire = FaultyWire.to(db.server());
                PgConnection connection = Howdah.connect(dsn(wire, db, NO_TLS))) {
            connection.query("select 1");
            // The cancel request stalls too: the server cannot obey, so the connection is given up.
            wire.toClient().stallAt(0);
            wire.toServer().stallAt(0);
            assertThatThrownBy(
                            () -> connection.withTimeout(Duration.ofMillis(300)).query("select pg_sleep(60)"))
                    .isInstanceOfSatisfying(QueryTimeoutException.class, e -> {
                        assertThat(e.timeout()).isEqualTo(Duration.ofMillis(300));
                        assertThat(e.delivery()).isEqualTo(Delivery.UNKNOWN);
                    })
                    .hasMessageContaining("300 ms");
            assertThat(connection.isOpen()).isFalse();
        }
        leaks.verify();
    }

    @Test
    void aStallAnywhereIsEndedByTheTimeouts(TestDatabase db) {
        LeakCheck leaks = LeakCheck.start().sockets();
        for (long at : new long[] {0, 100, 300}) {
            try (FaultyWire wire = FaultyWire.to(db.server())) {
                wire.toClient().stallAt(at);
                Talk talk = Talk.over(Place.Face.BLOCKING, dsn(wire, db, NO_TLS + " connect_total_timeout=0.2"));
                assertThat(talk.failure).as("stalled at " + at).isInstanceOf(ConnectFailedException.class);
            }
        }
        leaks.verify();
    }

    @Test
    void aBlackHoleIsGivenUpAfterTheTimeout(TestDatabase db) {
        try (FaultyWire wire = FaultyWire.to(db.server())) {
            wire.blackHole(true);
            assertThatThrownBy(() -> Howdah.connect(dsn(wire, db, " connect_total_timeout=0.2")))
                    .isInstanceOf(ConnectFailedException.class)
                    .hasMessageContaining("no connection within 0.2 s");
        }
    }
}
