package dev.howdah.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.event.QueryEvent.Kind;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the ready made query loggers write, and what an event says of itself. */
class QueryLoggersTest {

    /** Keeps what is logged from a level on. */
    private static final class Kept implements System.Logger {
        private final List<String> lines = new ArrayList<>();
        private final List<@Nullable Throwable> thrown = new ArrayList<>();

        @Override
        public String getName() {
            return "kept";
        }

        @Override
        public boolean isLoggable(Level level) {
            return level.getSeverity() >= Level.INFO.getSeverity();
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String msg, @Nullable Throwable failure) {
            lines.add(level + " " + msg);
            thrown.add(failure);
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String format, @Nullable Object... params) {
            lines.add(level + " " + format);
            thrown.add(null);
        }
    }

    private static QueryEvent event(String sql, Duration elapsed, @Nullable Throwable exception) {
        List<@Nullable Object> parameters = Arrays.asList("private", null);
        return new QueryEvent(
                Kind.QUERY, sql, parameters, 0, null, Instant.EPOCH, elapsed, exception == null ? 2 : -1, exception);
    }

    private static final QueryEvent SELECT = event("select $1, $2", Duration.ofNanos(1_234_567), null);

    private final Kept log = new Kept();

    @Test
    void aLineHasDurationRowsAndTextAndNoValue() {
        QueryLoggers.toSystemLogger(log, Level.INFO).accept(SELECT);
        assertThat(log.lines).containsExactly("INFO QUERY (1.235 ms, 2 rows, 2 parameters): select $1, $2");
    }

    @Test
    void valuesAreWrittenIfAskedFor() {
        QueryLoggers.toSystemLoggerWithParameters(log, Level.INFO).accept(SELECT);
        assertThat(log.lines)
                .containsExactly("INFO QUERY (1.235 ms, 2 rows, 2 parameters): select $1, $2 [private, null]");
    }

    @Test
    void aFailureIsLoggedAlong() {
        Exception failure = new IllegalStateException("why");
        QueryLoggers.toSystemLogger(log, Level.WARNING).accept(event("select 1", Duration.ofMillis(2), failure));
        assertThat(log.lines)
                .containsExactly("WARNING QUERY (2.000 ms, failed: IllegalStateException, 2 parameters): select 1");
        assertThat(log.thrown).containsExactly(failure);
    }

    @Test
    void whatIsNotLoggableIsNotWritten() {
        QueryLoggers.toSystemLogger(log, Level.DEBUG).accept(SELECT);
        assertThat(log.lines).isEmpty();
    }

    @Test
    void slowHandsOnWhatTookAsLongOrLonger() {
        List<QueryEvent> slow = new ArrayList<>();
        QueryEvent just = event("select 'just'", Duration.ofMillis(10), null);
        QueryEvent faster = event("select 'faster'", Duration.ofMillis(10).minusNanos(1), null);
        var logger = QueryLoggers.slow(Duration.ofMillis(10), slow::add);
        logger.accept(just);
        logger.accept(faster);
        assertThat(slow).containsExactly(just);
    }

    @Test
    void aThresholdIsNotNegative() {
        assertThatThrownBy(() -> QueryLoggers.slow(Duration.ofMillis(-1), event -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT-0.001S");
    }

    @Test
    void noEventHoldsAPassword() {
        QueryEvent secret = event("alter role a PassWord 'S3cret'", Duration.ZERO, null);
        assertThat(secret.sql()).isEqualTo("alter role a PassWord ********");
        assertThat(secret.parameters()).containsExactly(QueryEvent.HIDDEN, QueryEvent.HIDDEN);
    }

    @Test
    void aMaskedEventIsTheSameWithoutValues() {
        QueryEvent masked = SELECT.masked();
        assertThat(masked.parameters()).containsExactly("***", "***");
        assertThat(masked.sql()).isEqualTo(SELECT.sql());
        assertThat(masked.elapsed()).isEqualTo(SELECT.elapsed());
        assertThat(SELECT.parameters()).containsExactly("private", null);
    }
}
