package dev.howdah.examples;

import static java.util.Objects.requireNonNull;

import dev.howdah.ConnectOptions;
import dev.howdah.Cursor;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.error.ServerException;
import dev.howdah.error.UniqueViolationException;
import org.jspecify.annotations.Nullable;

/** A cursor class of one's own, which logs what it runs. {@link dev.howdah.LoggingCursor} does so by itself. */
public final class LoggingCursorExample {

    private LoggingCursorExample() {}

    // @start region=subclass
    private static final class PrintingCursor extends Cursor {
        PrintingCursor(PgConnection connection) {
            super(connection);
        }

        @Override
        public Cursor execute(String sql, @Nullable Object... parameters) {
            System.out.println(mogrify(sql, parameters));
            try {
                return super.execute(sql, parameters);
            } catch (ServerException e) {
                System.out.println(e.getClass().getSimpleName() + ": " + e.sqlState());
                throw e;
            }
        }
    }
    // @end

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        ConnectOptions options = ConnectOptions.parse(args.length > 0 ? args[0] : "");
        // @start region=use
        try (PgConnection db = Howdah.connect(options)) {
            db.execute("create temp table mytable (a int primary key, b int, c int)");
            Cursor cursor = db.cursor(PrintingCursor::new);
            cursor.execute("INSERT INTO mytable VALUES ($1, $2, $3)", 10, 20, 30);
            try {
                cursor.execute("INSERT INTO mytable VALUES ($1, $2, $3)", 10, 20, 30);
            } catch (UniqueViolationException e) {
                // It has been printed.
            }
        }
        // @end
        // @start region=factory
        ConnectOptions logging =
                options.toBuilder().cursorFactory(PrintingCursor::new).build();
        try (PgConnection db = Howdah.connect(logging)) {
            System.out.println(
                    requireNonNull(db.cursor().execute("select 30").fetchOne()).getInt(0));
        }
        // @end
    }
}
