package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.ConnectFailedException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.PgException;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.Faults;
import dev.howdah.testkit.FaultyWire;
import dev.howdah.testkit.LeakCheck;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.Role;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.SharedServers;
import dev.howdah.testkit.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connects over a wire that breaks after byte N of one direction, for every N that a connect has: always the right
 * exception, and nothing is left. Every N is for a reset; a close and a stall come at a part of them, which begins at
 * another byte each time. Where a connect is long (TLS) every N is for the profile {@code matrix}.
 */
@Timeout(1_200)
class ConnectCutsIT {

    private static final int AT_ONCE = 32;
    /** How many bytes lie between two resets under TLS in a build that is not to take minutes. */
    private static final int STEP = Integer.getInteger("howdah.test.cuts", 47);
    /** The same of what is no reset, and without TLS; odd numbers, for every other cut is on a virtual thread. */
    private static final int SPARSE = Math.max(STEP, 7);

    private static final int OPEN_SPARSE = 3;
    /** What would be a hang. */
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** By how many bytes two connects of the same way may differ: what a TLS signature or a random number does. */
    private static final int TLS_SLACK = 64;
    /** What an exception must not say of a wire that broke: the server refused nobody. */
    private static final List<String> FALSE_REASONS =
            List.of("password", "certificate", "authentication failed", "does not exist", "too many", "has none");

    private static final Set<Way> OPEN = EnumSet.of(Way.TRUST, Way.SCRAM, Way.SOCKET);
    private static final Set<Way> SECURED = EnumSet.of(Way.TLS, Way.CERTIFICATE, Way.DIRECT);

    private static PostgresServer server;
    private static TestDatabase database;

    @TempDir
    static Path folder;

    private LeakCheck leaks;

    /** A way to connect. */
    private enum Way {
        TRUST(Roles.TRUST, false, "sslmode=disable"),
        SCRAM(Roles.SCRAM, false, "sslmode=disable"),
        SOCKET(Roles.SCRAM, false, ""),
        TLS(Roles.SCRAM, true, "sslmode=require channel_binding=require"),
        CERTIFICATE(Roles.CERT, true, "sslmode=verify-full"),
        DIRECT(Roles.SCRAM, true, "sslmode=require sslnegotiation=direct");

        private final Role role;
        private final boolean secured;
        private final String options;

        Way(Role role, boolean secured, String options) {
            this.role = role;
            this.secured = secured;
            this.options = options;
        }

        /** Whether the server has it. */
        boolean isThere() {
            return this != DIRECT || server.version() >= 17;
        }

        private String with(String address) {
            return address + " application_name=cuts " + options + (this == CERTIFICATE ? certificate() : "");
        }

        private static String certificate() {
            return " sslrootcert=" + server.certificates().ca() + " sslcert="
                    + server.certificates().clientCertificate() + " sslkey="
                    + server.certificates().clientKey();
        }
    }

    /** A wire for one way to connect, the text that connects over it, and what an exception must name. */
    private record Line(FaultyWire wire, String dsn, String place) implements AutoCloseable {

        static Line of(Way way) {
            if (way != Way.SOCKET) {
                FaultyWire wire = FaultyWire.to(server);
                return new Line(wire, way.with(wire.dsn(database.name(), way.role)), "127.0.0.1 port " + wire.port());
            }
            try {
                Path end = Files.createTempDirectory(folder, "s");
                String dsn = server.socketDsn(database.name(), way.role)
                        .replace(server.socketDirectory().toString(), end.toString());
                return new Line(FaultyWire.onSocket(end, server), way.with(dsn), end.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            wire.close();
        }
    }

    /** What happens to the wire. */
    private enum Fault {
        RESET,
        CLOSE,
        STALL;

        void on(Faults faults, long at) {
            switch (this) {
                case RESET -> faults.resetAt(at);
                case CLOSE -> faults.closeAt(at);
                case STALL -> faults.stallAt(at);
            }
        }
    }

    /** How many bytes a whole connect has. */
    private record Length(long toServer, long toClient) {

        static Length of(Way way) {
            try (Line line = Line.of(way);
                    PgConnection db = Howdah.connect(line.dsn())) {
                assertThat(db.info().sslInUse()).isEqualTo(way.secured);
                return new Length(
                        line.wire().toServer().settled(), line.wire().toClient().settled());
            }
        }
    }

    /** One connect that breaks. */
    private record Cut(Way way, boolean toClient, Fault fault, long at) {

        Faults apply(Line line) {
            Faults faults = toClient ? line.wire().toClient() : line.wire().toServer();
            fault.on(faults, at);
            return faults;
        }
    }

    /** What a connect that was cut must be like. */
    private interface Check {
        void of(Cut cut);
    }

    @BeforeAll
    static void start() {
        int version = SharedServers.defaultVersion();
        PostgresServer.Builder builder =
                PostgresServer.builder().version(version).config("max_connections", "200");
        if (version >= 16) {
            // It is thousands of logins, and not the hash that is tested here.
            builder.config("scram_iterations", "16");
        }
        server = builder.start();
        database = server.createDatabase();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void look() {
        leaks = LeakCheck.start()
                .sockets()
                .threads(name -> name.startsWith("howdah") || name.startsWith("faulty wire"))
                .backends(database);
    }

    @AfterEach
    void nothingIsLeft() {
        leaks.verify();
    }

    /** Every cut of a way, {@code step} bytes apart; the first is any of the first {@code step}. */
    private static List<Cut> cuts(Way way, Fault fault, int step) {
        Length length = Length.of(way);
        List<Cut> cuts = new ArrayList<>();
        long first = step == 1 ? 0 : ThreadLocalRandom.current().nextLong(step);
        for (long at = first; at < length.toServer(); at += step) {
            cuts.add(new Cut(way, false, fault, at));
        }
        for (long at = first; at < length.toClient(); at += step) {
            cuts.add(new Cut(way, true, fault, at));
        }
        return cuts;
    }

    /** Checks all of them, many at once: one half on platform threads, the other on virtual ones. */
    private static void checkAll(List<Cut> cuts, Check check) {
        try (ExecutorService platform = Executors.newFixedThreadPool(AT_ONCE / 2);
                ExecutorService virtual = Executors.newFixedThreadPool(
                        AT_ONCE / 2, Thread.ofVirtual().factory())) {
            List<Future<?>> running = new ArrayList<>();
            for (Cut cut : cuts) {
                running.add((cut.at % 2 == 0 ? platform : virtual).submit(() -> check.of(cut)));
            }
            for (int i = 0; i < cuts.size(); i++) {
                try {
                    running.get(i).get();
                } catch (ExecutionException e) {
                    platform.shutdownNow();
                    virtual.shutdownNow();
                    throw new AssertionError(cuts.get(i) + ": " + e.getCause(), e.getCause());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new AssertionError("interrupted", e);
                }
            }
        }
    }

    private static void assertBreaks(Cut cut) {
        try (Line line = Line.of(cut.way())) {
            cut.apply(line);
            try (PgConnection db = Howdah.connect(line.dsn() + " connect_total_timeout=30")) {
                assertThat(db.info().sslInUse()).isEqualTo(cut.way().secured);
                assertWholeAlready(cut, db);
            } catch (ConnectFailedException e) {
                assertOfTheWire(e, line);
                assertThat(e.getMessage()).doesNotContain("no connection within");
            }
            // Nothing was tried again, and nothing without TLS.
            assertThat(line.wire().connections()).isEqualTo(1);
        }
    }

    /** A connect may outlive a cut only where its length is not always the same, and at the very end. */
    private static void assertWholeAlready(Cut cut, PgConnection db) {
        assertThat(cut.way().secured).isTrue();
        Length length = Length.of(cut.way());
        assertThat(cut.at()).isGreaterThan((cut.toClient() ? length.toClient() : length.toServer()) - TLS_SLACK);
        assertThat(db.info().status()).isNotNull();
    }

    private static void assertOfTheWire(ConnectFailedException e, Line line) {
        assertThat(e.delivery()).isEqualTo(Delivery.NOT_SENT);
        assertThat(e.isSafeToRetry()).isTrue();
        assertThat(e.sqlState()).isNull();
        assertThat(e.attempts()).hasSize(1);
        assertThat(e.attempts().getFirst().where()).contains(line.place());
        assertThat(e.getMessage()).contains(line.place()).doesNotContain(FALSE_REASONS);
        PgException cause = e.attempts().getFirst().cause();
        if (cause != null) {
            assertThat(cause).isInstanceOf(ConnectionLostException.class);
        }
    }

    /** Gives up a connect that has stalled by its timeout. How long that takes is not looked at, only that it ends. */
    private static void assertTimesOut(Cut cut) {
        try (Line line = Line.of(cut.way())) {
            cut.apply(line);
            try (PgConnection db = Howdah.connect(line.dsn() + " connect_total_timeout=0.15")) {
                assertWholeAlready(cut, db);
            } catch (ConnectFailedException e) {
                assertOfTheWire(e, line);
                assertThat(e.getMessage()).contains("no connection within 0.15 s in all");
            }
        }
    }

    /** What a thread has to say that was interrupted while it connected. */
    private record Interrupted(@Nullable Throwable thrown, boolean flag) {}

    /** Interrupts a connect that has stalled, and would stay so for ever. */
    private static void assertInterruptible(Cut cut) {
        try (Line line = Line.of(cut.way())) {
            Faults faults = cut.apply(line);
            CompletableFuture<Interrupted> end = new CompletableFuture<>();
            Thread thread = (cut.at() % 2 == 0 ? Thread.ofPlatform().daemon() : Thread.ofVirtual()).start(() -> {
                Throwable thrown = null;
                try (PgConnection db = Howdah.connect(line.dsn())) {
                    assertWholeAlready(cut, db);
                } catch (PgException | AssertionError e) {
                    thrown = e;
                }
                end.complete(new Interrupted(thrown, Thread.currentThread().isInterrupted()));
            });
            Await.until("the stall of " + cut, LIMIT, () -> faults.stalled() > 0 || end.isDone());
            thread.interrupt();
            Interrupted ended =
                    end.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
            if (ended.thrown() != null) {
                assertThat(ended.thrown())
                        .isInstanceOfSatisfying(
                                InterruptedWaitException.class,
                                e -> assertThat(e.delivery()).isEqualTo(Delivery.NOT_SENT));
                assertThat(ended.flag()).isTrue();
            }
        }
    }

    private static void checkEvery(Fault fault, int step, Check check, Set<Way> ways) {
        for (Way way : ways) {
            if (way.isThere()) {
                checkAll(cuts(way, fault, step), check);
            }
        }
    }

    @Test
    void aResetAfterEveryByteIsTheRightException() {
        checkEvery(Fault.RESET, 1, ConnectCutsIT::assertBreaks, OPEN);
    }

    @Test
    void aCloseIsTheRightException() {
        checkEvery(Fault.CLOSE, OPEN_SPARSE, ConnectCutsIT::assertBreaks, OPEN);
    }

    @Test
    void aStallIsEndedByTheTimeout() {
        checkEvery(Fault.STALL, OPEN_SPARSE, ConnectCutsIT::assertTimesOut, OPEN);
    }

    @Test
    void aStallIsEndedByAnInterrupt() {
        checkEvery(Fault.STALL, OPEN_SPARSE, ConnectCutsIT::assertInterruptible, OPEN);
    }

    @Test
    void aBreakUnderTlsIsTheRightExceptionAndNeverAWayAroundIt() {
        // DIRECT says what TLS does, without asking first.
        checkEvery(Fault.RESET, STEP, ConnectCutsIT::assertBreaks, EnumSet.of(Way.TLS, Way.CERTIFICATE));
        checkEvery(Fault.RESET, SPARSE, ConnectCutsIT::assertBreaks, EnumSet.of(Way.DIRECT));
        checkEvery(Fault.CLOSE, SPARSE, ConnectCutsIT::assertBreaks, SECURED);
    }

    @Test
    void aStallUnderTlsIsEndedByTimeoutAndInterrupt() {
        checkEvery(Fault.STALL, SPARSE, ConnectCutsIT::assertTimesOut, SECURED);
        checkEvery(Fault.STALL, SPARSE, ConnectCutsIT::assertInterruptible, SECURED);
    }

    @Test
    void bytesThatComeOneByOneConnectAllTheSame() {
        for (Way way : Way.values()) {
            if (!way.isThere()) {
                continue;
            }
            try (Line line = Line.of(way)) {
                line.wire().toServer().chunk(1);
                line.wire().toClient().chunk(1);
                try (PgConnection db = Howdah.connect(line.dsn())) {
                    assertThat(db.info().sslInUse()).isEqualTo(way.secured);
                    assertThat(db.queryValue("select 42", Integer.class)).isEqualTo(42);
                }
            }
        }
    }

    @Test
    void aCutInTheMiddleOfTlsIsNoReasonToGoOnWithoutIt() {
        for (String mode : List.of("prefer", "allow")) {
            Role role = mode.equals("prefer") ? Roles.SCRAM : Roles.TLS_ONLY;
            for (long at = 0; at < 2_000; at += mode.equals("prefer") ? 53 : 211) {
                try (FaultyWire wire = FaultyWire.to(server)) {
                    Fault fault = at % 2 == 0 ? Fault.RESET : Fault.CLOSE;
                    fault.on(wire.toClient(), at);
                    String dsn = wire.dsn(database.name(), role) + " sslmode=" + mode;
                    try (PgConnection db = Howdah.connect(dsn)) {
                        assertThat(db.info().sslInUse()).isTrue();
                    } catch (ConnectFailedException e) {
                        assertThat(e.delivery()).isEqualTo(Delivery.NOT_SENT);
                        assertThat(e.getMessage()).doesNotContain("password authentication failed");
                        assertThat(wire.connections()).isLessThanOrEqualTo(mode.equals("prefer") ? 1 : 2);
                    }
                }
            }
        }
    }

    @Test
    void aCutAnywhereIsAReasonToTryTheNextHost() {
        String next = Integer.toString(server.port());
        checkAll(cuts(Way.SCRAM, Fault.CLOSE, 7), cut -> {
            try (FaultyWire wire = FaultyWire.to(server)) {
                cut.fault().on(cut.toClient() ? wire.toClient() : wire.toServer(), cut.at());
                String dsn = wire.dsn(database.name(), Roles.SCRAM)
                        .replace("host=127.0.0.1", "host=127.0.0.1,127.0.0.1")
                        .replace("port=" + wire.port(), "port=" + wire.port() + "," + next);
                try (PgConnection db = Howdah.connect(dsn + " sslmode=disable application_name=cuts")) {
                    assertThat(db.info().port()).isEqualTo(server.port());
                }
                assertThat(wire.connections()).isEqualTo(1);
            }
        });
    }
}
