package dev.howdah;

import dev.howdah.error.ConversionException;
import dev.howdah.error.PasswordMask;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A cursor that logs each statement when it has run, whether it succeeded or failed: its text with the values as literals,
 * as {@link #mogrify} writes them, and with passwords hidden as in messages ({@link PasswordMask}). A batch is logged
 * once, without its values. Values are part of what is logged, so think of who reads the log.
 *
 * <p>By default it logs with {@link System.Logger.Level#DEBUG} to the {@linkplain System#getLogger logger} that has the
 * name of this class. What the logger or {@link #filter} throws comes out of the call if the statement succeeded; if it
 * failed, its own exception does, with the other one suppressed in it.
 */
public class LoggingCursor extends Cursor {

    private final System.Logger logger;
    private final System.Logger.Level level;

    /**
     * Makes a cursor that logs to this class's logger.
     *
     * @param connection whose statements it runs
     */
    public LoggingCursor(PgConnection connection) {
        this(connection, System.getLogger(LoggingCursor.class.getName()), System.Logger.Level.DEBUG);
    }

    /**
     * Makes a cursor that logs elsewhere.
     *
     * @param connection whose statements it runs
     * @param logger where to log
     * @param level how loud
     */
    public LoggingCursor(PgConnection connection, System.Logger logger, System.Logger.Level level) {
        super(connection);
        this.logger = logger;
        this.level = level;
    }

    /**
     * Returns what is logged of a statement. May be overridden; this one returns the text as it is.
     *
     * @param text the statement with its values, passwords hidden
     * @return the text, another one, or null to log nothing
     */
    protected @Nullable String filter(String text) {
        return text;
    }

    @Override
    public Cursor execute(String sql, @Nullable Object... parameters) {
        logging(() -> written(sql, parameters), () -> super.execute(sql, parameters));
        return this;
    }

    @Override
    public BatchResult executeMany(String sql, Iterable<?> parameterSets) {
        return logging(() -> sql, () -> super.executeMany(sql, parameterSets));
    }

    /** If a value cannot be written as a literal, the text alone is logged. */
    private String written(String sql, @Nullable Object @Nullable [] parameters) {
        try {
            return mogrify(sql, Verbs.orNone(parameters));
        } catch (ConversionException | IllegalArgumentException e) {
            return sql;
        }
    }

    private <T> T logging(Supplier<String> text, Supplier<T> statement) {
        requireOpen();
        long begin = System.nanoTime();
        T result;
        try {
            result = statement.get();
        } catch (RuntimeException | Error failure) {
            try {
                log(text, Duration.ofNanos(System.nanoTime() - begin));
            } catch (RuntimeException | Error e) {
                failure.addSuppressed(e);
            }
            throw failure;
        }
        log(text, Duration.ofNanos(System.nanoTime() - begin));
        return result;
    }

    private void log(Supplier<String> text, Duration elapsed) {
        if (!isLogged(elapsed) || !logger.isLoggable(level)) {
            return;
        }
        String message = filter(PasswordMask.apply(text.get()));
        if (message != null) {
            logger.log(level, message + remark(elapsed));
        }
    }

    /** Returns whether a statement that took so long is logged. */
    boolean isLogged(Duration elapsed) {
        return true;
    }

    /** Returns what is logged behind the text. */
    String remark(Duration elapsed) {
        return "";
    }
}
