package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.DataException;
import dev.howdah.error.ServerException;
import dev.howdah.sql.Placeholder;
import dev.howdah.sql.Sql;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Cursors that log what they run, and cursors of one's own. */
class LoggingCursorIT extends DriverContract {

    /** Keeps what is logged. */
    private static final class Kept implements System.Logger {
        private final List<String> lines = new ArrayList<>();
        private Level least = Level.DEBUG;
        private @Nullable RuntimeException failure;

        @Override
        public String getName() {
            return "kept";
        }

        @Override
        public boolean isLoggable(Level level) {
            return level.getSeverity() >= least.getSeverity();
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
            throw new AssertionError("not used");
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
            assertThat(parameters).as("a text with braces is no format").isNull();
            if (failure != null) {
                throw failure;
            }
            lines.add(level + " " + format);
        }
    }

    private final Kept log = new Kept();

    private LoggingCursor cursor() {
        return db.cursor(c -> new LoggingCursor(c, log, System.Logger.Level.DEBUG));
    }

    @Test
    void statementsAreLoggedWithTheirValues() {
        LoggingCursor cursor = cursor();
        cursor.execute("select $1::text, '{0}'", "it's");
        assertThat(cursor.fetchOne().getString(0)).isEqualTo("it's");
        cursor.execute("select 1; select 2");
        cursor.execute(Sql.of("select {}::int").format(Sql.value(3)));
        cursor.call("lower", "A");
        cursor.executeMany("select $1::int", List.of(List.of(1), List.of(2)));
        assertThat(log.lines)
                .containsExactly(
                        "DEBUG select 'it''s'::text, '{0}'",
                        "DEBUG select 1; select 2",
                        "DEBUG select 3::int",
                        "DEBUG select * from \"lower\"('A'::\"pg_catalog\".\"text\")",
                        "DEBUG select $1::int");
    }

    @Test
    void statementsThatFailAreLoggedToo() {
        LoggingCursor cursor = cursor();
        assertThatThrownBy(() -> cursor.execute("select 1 / $1", 0)).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> cursor.execute("selec")).isInstanceOf(ServerException.class);
        assertThatThrownBy(() -> cursor.execute("select $1, $2", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> cursor.execute("select 'open")).isInstanceOf(ServerException.class);
        assertThat(log.lines)
                .containsExactly("DEBUG select 1 / 0", "DEBUG selec", "DEBUG select $1, $2", "DEBUG select 'open");
        cursor.close();
        assertThatThrownBy(() -> cursor.execute("select 1")).isInstanceOf(IllegalStateException.class);
        assertThat(log.lines).as("nothing ran").hasSize(4);
    }

    @Test
    void passwordsAreHidden() {
        LoggingCursor cursor = cursor();
        assertThatThrownBy(() -> cursor.execute("alter role nobody_of_that_name password 'hunter2'"))
                .isInstanceOf(ServerException.class);
        cursor.execute("select password = $1 from (values ('x')) t(password)", "hunter2");
        assertThat(log.lines)
                .containsExactly(
                        "DEBUG alter role nobody_of_that_name password *********",
                        "DEBUG select password = ********* from (values ('x')) t(password)");
    }

    @Test
    void theFilterChangesAndSuppresses() {
        db.cursor(c -> new LoggingCursor(c, log, System.Logger.Level.INFO) {
                    @Override
                    protected @Nullable String filter(String text) {
                        return text.startsWith("select") ? "-- " + text : null;
                    }
                })
                .execute("select 1")
                .execute("set application_name = 'x'");
        assertThat(log.lines).containsExactly("INFO -- select 1");
    }

    @Test
    void whatIsNotLoggableIsNotWritten() {
        log.least = System.Logger.Level.INFO;
        db.cursor(c -> new LoggingCursor(c, log, System.Logger.Level.DEBUG) {
                    @Override
                    protected String filter(String text) {
                        throw new AssertionError("nobody reads it");
                    }
                })
                .execute("select 1");
        assertThat(log.lines).isEmpty();
    }

    @Test
    void aLoggerThatFailsDoesNotHideWhyTheStatementDid() {
        log.failure = new IllegalStateException("the disk is full");
        LoggingCursor cursor = cursor();
        ServerException failure = thrown(DataException.class, () -> cursor.execute("select 1 / 0"));
        assertThat(failure.getSuppressed()).containsExactly(log.failure);
        assertThatThrownBy(() -> cursor.execute("select 1")).isSameAs(log.failure);
        assertThat(cursor.fetchOne().getInt(0)).as("the statement has run").isEqualTo(1);
    }

    @Test
    void onlyWhatTakesLongIsLoggedWithItsTime() {
        db.cursor(c -> new MinTimeLoggingCursor(c, Duration.ofDays(1), log, System.Logger.Level.DEBUG))
                .execute("select 1");
        assertThat(log.lines).isEmpty();
        db.cursor(c -> new MinTimeLoggingCursor(c, Duration.ZERO, log, System.Logger.Level.DEBUG))
                .execute("select $1::int", 2);
        assertThat(log.lines).hasSize(1).first().asString().matches("DEBUG select 2::int \\(took \\d+\\.\\d{3} ms\\)");
        assertThatThrownBy(() -> new MinTimeLoggingCursor(db, Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(db.cursor(c -> new MinTimeLoggingCursor(c, Duration.ZERO))
                        .execute("select 1")
                        .rowCount())
                .isEqualTo(1);
    }

    @Test
    void theOptionsFactoryMakesTheCursors() {
        ConnectOptions options =
                options().toBuilder().cursorFactory(LoggingCursor::new).build();
        assertThat(options.toString()).isEqualTo(options().toBuilder().build().toString());
        assertThat(options)
                .isNotEqualTo(options())
                .isEqualTo(options.toBuilder().build());
        PgConnection logging = connect(options);
        assertThat(logging.cursor()).isInstanceOf(LoggingCursor.class);
        assertThat(logging.cursor(Cursor::new).getClass()).isEqualTo(Cursor.class);
        assertThat(db.cursor().getClass()).isEqualTo(Cursor.class);
        assertThat(connect(options.toBuilder().cursorFactory(null).build())
                        .cursor()
                        .getClass())
                .isEqualTo(Cursor.class);
        LoggingCursor typed = db.cursor(LoggingCursor::new);
        assertThat(typed.execute("select 1").rowCount()).isEqualTo(1);
    }

    @Test
    void aFactoryMakesACursorOfTheConnection() {
        PgConnection other = connect();
        assertThatThrownBy(() -> db.cursor(c -> null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("null");
        assertThatThrownBy(() -> db.cursor(c -> new Cursor(other)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another connection");
        PgConnection wrong = connect(
                options().toBuilder().cursorFactory(c -> new Cursor(other)).build());
        assertThatThrownBy(wrong::cursor).isInstanceOf(IllegalStateException.class);
        RuntimeException own = new IllegalArgumentException("mine");
        assertThatThrownBy(() -> db.cursor(c -> {
                    throw own;
                }))
                .isSameAs(own);
    }

    /** A connection whose cursors log, and that logs for itself: what psycopg2's LoggingConnection is for. */
    private static final class LoggingConnection extends PgConnection {
        private final Kept log = new Kept();

        LoggingConnection(OpenedConnection opened) {
            super(opened);
        }

        @Override
        public Cursor cursor() {
            return cursor(c -> new LoggingCursor(c, log, System.Logger.Level.INFO));
        }

        @Override
        public Result execute(String sql, @Nullable Object... parameters) {
            log.lines.add("execute " + sql);
            return super.execute(sql, parameters);
        }
    }

    @Test
    void aSubclassOfTheConnectionDoesAsItOverrides() {
        try (LoggingConnection own = Howdah.connect(options(), LoggingConnection::new)) {
            assertThat(own.cursor().execute("select $1::int", 5).fetchOne().getInt(0))
                    .isEqualTo(5);
            assertThat(own.execute("select 6").rows().first().getInt(0)).isEqualTo(6);
            assertThat(own.execute(Sql.of("select 7")).rows().first().getInt(0)).isEqualTo(7);
            assertThat(own.cursor().connection()).isSameAs(own);
            assertThat(own.log.lines).containsExactly("INFO select 5::int", "execute select 6", "execute select 7");
        }
    }

    @Test
    void aSubclassOfTheCursorSeesAllThatIsRun() {
        List<String> seen = new ArrayList<>();
        Cursor cursor = db.cursor(c -> new Cursor(c) {
            @Override
            public Cursor execute(String sql, @Nullable Object... parameters) {
                seen.add(sql);
                return super.execute(sql, parameters);
            }

            @Override
            public BatchResult executeMany(String sql, Iterable<?> parameterSets) {
                seen.add("many " + sql);
                return super.executeMany(sql, parameterSets);
            }
        });
        cursor.execute("select 1").execute(Sql.of("select 2")).call("pg_backend_pid");
        cursor.executeMany(Sql.of("select {}::int").format(Placeholder.of()), List.of(List.of(1)));
        assertThat(seen)
                .containsExactly("select 1", "select 2", "select * from \"pg_backend_pid\"()", "many select $1::int");
    }
}
