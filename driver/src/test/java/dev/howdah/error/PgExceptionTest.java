package dev.howdah.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PgExceptionTest {
    private static final Diagnostics SHUTDOWN = Diagnostics.builder()
            .put('S', "FATAL")
            .put('V', "FATAL")
            .put('C', "57P01")
            .put('M', "terminating connection due to administrator command")
            .build();

    private static ServerException server(String code, String message) {
        Diagnostics diagnostics = Diagnostics.builder()
                .put('S', "FATAL")
                .put('C', code)
                .put('M', message)
                .build();
        return ServerException.of(diagnostics, null, Delivery.REFUSED);
    }

    @Test
    void lostConnectionKeepsTheServersLastWords() throws Exception {
        IOException reset = new IOException("Connection reset");
        var lost = new ConnectionLostException("The connection is lost", SHUTDOWN, Delivery.UNKNOWN, reset);
        assertThat(lost)
                .hasMessage("The connection is lost: FATAL: terminating connection due to administrator command"
                        + " (57P01 admin_shutdown)")
                .hasCause(reset);
        assertThat(lost.lastWords()).isEqualTo(SHUTDOWN);
        assertThat(lost.isSafeToRetry()).isFalse();
        assertThat(Serialized.copy(lost).lastWords()).isEqualTo(SHUTDOWN);

        var silent = new ConnectionLostException("The connection is lost", null, Delivery.NOT_SENT, null);
        assertThat(silent).hasMessage("The connection is lost").hasNoCause();
        assertThat(silent.lastWords()).isNull();
        assertThat(silent.isSafeToRetry()).isTrue();
    }

    private static ConnectAttempt tried(String host, int port, String reason, @Nullable PgException cause) {
        var steps = List.of(
                new ConnectStep(ConnectStep.Kind.NAME_LOOKUP, Duration.ofMillis(1)),
                new ConnectStep(ConnectStep.Kind.SOCKET, Duration.ofMillis(2)));
        return new ConnectAttempt(host, port, null, false, steps, reason, cause);
    }

    @Test
    void failedConnectNamesEveryHostAndWhy() throws Exception {
        var first = new ConnectionLostException("reset", null, Delivery.NOT_SENT, null);
        var last = server("53300", "sorry, too many clients already");
        var failed = new ConnectFailedException(List.of(
                tried("a", 5432, "refused", null),
                tried("b", 5432, "reset", first),
                tried("c", 5433, "too many clients", last)));
        assertThat(failed)
                .hasMessage(
                        "Could not connect\n  a port 5432: refused\n  b port 5432: reset\n  c port 5433: too many clients")
                .hasCause(last)
                .hasSuppressedException(first);
        assertThat(failed.sqlState()).isEqualTo(SqlState.TOO_MANY_CONNECTIONS);
        assertThat(failed.attempts()).hasSize(3);
        assertThat(failed.attempts().get(1).sqlState()).isNull();
        assertThat(failed.attempts().get(1).failedStep()).isEqualTo(ConnectStep.Kind.SOCKET);
        assertThat(failed.attempts().get(1).time()).isEqualTo(Duration.ofMillis(3));
        assertThat(failed.delivery()).isEqualTo(Delivery.NOT_SENT);
        assertThat(failed.isSafeToRetry()).isTrue();

        ConnectFailedException copy = Serialized.copy(failed);
        assertThat(copy).hasMessage(failed.getMessage());
        assertThat(copy.attempts())
                .extracting(ConnectAttempt::where)
                .containsExactly("a port 5432", "b port 5432", "c port 5433");
        assertThat(copy.sqlState()).isSameAs(SqlState.TOO_MANY_CONNECTIONS);
    }

    @Test
    void failedConnectHasTheCodeOfTheLastServerThatAnswered() {
        var lost = new ConnectionLostException("ended", SHUTDOWN, Delivery.NOT_SENT, null);
        var failed =
                new ConnectFailedException(List.of(tried("a", 5432, "ended", lost), tried("b", 5432, "refused", null)));
        assertThat(failed.sqlState()).isEqualTo(SqlState.ADMIN_SHUTDOWN);
        assertThat(failed).hasNoCause().hasSuppressedException(lost);
    }

    @Test
    void refusedUserOrDatabaseIsNotWorthARetry() {
        for (String code : List.of("28P01", "28000", "3D000")) {
            var failed = new ConnectFailedException(List.of(tried("a", 5432, "no", server(code, "no"))));
            assertThat(failed.isSafeToRetry()).isFalse();
            assertThat(failed).hasMessage("Could not connect to a port 5432: no");
        }
    }

    @Test
    void connectWithoutAnyHostSaysSo() {
        var failed = new ConnectFailedException(List.of());
        assertThat(failed)
                .hasMessage("Could not connect: there is no host to try")
                .hasNoCause();
        assertThat(failed.sqlState()).isNull();
        assertThat(failed.attempts()).isEmpty();
    }

    @Test
    void configExceptionNamesTheKeyword() {
        var known = new ConfigException("sslmode", "expected disable ... verify-full");
        assertThat(known).hasMessage("Connection option sslmode: expected disable ... verify-full");
        assertThat(known.keyword()).isEqualTo("sslmode");
        assertThat(known.delivery()).isEqualTo(Delivery.NOT_SENT);
        assertThat(known.isSafeToRetry()).isFalse();
        assertThat(new ConfigException(null, "missing \"=\"")).hasMessage("missing \"=\"");
    }

    @Test
    void conversionNamesPlaceAndTypes() {
        assertThat(ConversionException.parameter(2, "java.lang.String", "int4", "not a number", null))
                .hasMessage("Parameter $2: cannot send java.lang.String as int4: not a number")
                .returns(Delivery.NOT_SENT, PgException::delivery)
                .returns(false, PgException::isSafeToRetry);
        assertThat(ConversionException.column(0, "id", "int8", "int", "out of range", null))
                .hasMessage("Column 0 (id): cannot read int8 as int: out of range")
                .returns(Delivery.COMPLETED, PgException::delivery);
        assertThat(ConversionException.row("app.Item", "no column \"price\"", null))
                .hasMessage("Cannot read a row as app.Item: no column \"price\"");
    }

    @Test
    void timeoutSaysHowLong() throws Exception {
        var timeout = new QueryTimeoutException(Duration.ofMillis(1500), Delivery.UNKNOWN, null);
        assertThat(timeout).hasMessage("The timeout of 1500 ms passed");
        assertThat(Serialized.copy(timeout).timeout()).isEqualTo(Duration.ofMillis(1500));
        assertThat(new QueryTimeoutException(Duration.ofSeconds(90), Delivery.REFUSED, null))
                .hasMessage("The timeout of 90 s passed");
        assertThat(new QueryTimeoutException(Duration.ofNanos(1), Delivery.NOT_SENT, null))
                .hasMessage("The timeout of PT0.000000001S passed");
        assertThat(new QueryTimeoutException(Duration.ofDays(2), Delivery.NOT_SENT, null))
                .hasMessage("The timeout of PT48H passed");
    }

    @Test
    void unexpectedCopyTellsWhichMethodToUse() {
        assertThat(new UnexpectedCopyException(UnexpectedCopyException.Direction.IN, Delivery.REFUSED, null))
                .hasMessageContaining("copyIn");
        assertThat(new UnexpectedCopyException(UnexpectedCopyException.Direction.OUT, Delivery.COMPLETED, null))
                .hasMessageContaining("copyOut");
        assertThat(new UnexpectedCopyException(UnexpectedCopyException.Direction.BOTH, Delivery.UNKNOWN, null))
                .hasMessageContaining("startReplication");
    }

    @Test
    void rolledBackCommitAndSkippedOperationAreSafeToRetryWhenTheirCauseIs() {
        var conflict = server("40001", "could not serialize access");
        var duplicate = server("23505", "duplicate key");
        assertThat(new CommitRolledBackException(conflict).isSafeToRetry()).isTrue();
        assertThat(new CommitRolledBackException(duplicate).isSafeToRetry()).isFalse();
        assertThat(new CommitRolledBackException(null).isSafeToRetry()).isFalse();
        assertThat(new PipelineAbortedException(conflict).isSafeToRetry()).isTrue();
        assertThat(new PipelineAbortedException(duplicate).isSafeToRetry()).isFalse();
        assertThat(new PipelineAbortedException(duplicate).delivery()).isEqualTo(Delivery.REFUSED);
    }

    @Test
    void everyExceptionSurvivesSerialization() throws Exception {
        List<PgException> all = List.of(
                new ConnectionClosedException("close() was called", Delivery.NOT_SENT),
                new ConfigException("port", "not a number"),
                new ProtocolException("message of type X where Z was expected"),
                ConversionException.row("app.Item", "no column", null),
                new InterruptedWaitException(Delivery.UNKNOWN, new InterruptedException()),
                new UnexpectedCopyException(UnexpectedCopyException.Direction.IN, Delivery.REFUSED, null),
                new RowCountException("one row", "no row"),
                new CommitRolledBackException(server("40001", "x")),
                new PipelineAbortedException(server("40001", "x")));
        for (PgException one : all) {
            PgException copy = Serialized.copy(one);
            assertThat(copy).hasSameClassAs(one).hasMessage(one.getMessage());
            assertThat(copy.delivery()).isEqualTo(one.delivery());
            assertThat(copy.isSafeToRetry()).isEqualTo(one.isSafeToRetry());
        }
    }
}
