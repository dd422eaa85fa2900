package dev.howdah.cli.demo;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.cli.Embedded;
import dev.howdah.cli.Progress;
import dev.howdah.cli.Surroundings;
import dev.howdah.error.InterruptedWaitException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What a chapter has: a server with a database, somebody who tells, and checks. */
public final class Stage {

    private final Embedded server;
    private final Narrator narrator;
    private final Surroundings around;
    private final int manyRows;
    private final int manyConnections;

    /**
     * A stage on a server that runs.
     *
     * @param around where progress is shown
     * @param manyRows how many rows are many
     * @param manyConnections how many connections are many; at most {@link Embedded#MOST_CONNECTIONS}
     */
    public Stage(Embedded server, Narrator narrator, Surroundings around, int manyRows, int manyConnections) {
        this.server = server;
        this.narrator = narrator;
        this.around = around;
        this.manyRows = manyRows;
        this.manyConnections = manyConnections;
    }

    /** The server. */
    public Embedded server() {
        return server;
    }

    /** How many rows are many here. */
    int manyRows() {
        return manyRows;
    }

    /** How many connections are many here. */
    int manyConnections() {
        return manyConnections;
    }

    /** Shows how far a long work has come, if somebody looks. */
    Progress progress(String task, long total, String unit) {
        return Progress.of(around, task, total, unit);
    }

    /** Shows likewise how many bytes have been moved. */
    Progress progressOfBytes(String task, long total) {
        return Progress.ofBytes(around, task, total);
    }

    /** Who tells it. */
    public Narrator narrator() {
        return narrator;
    }

    /** A connection as everybody should have it: a password by SCRAM, TLS, the certificate checked. */
    public PgConnection connect() {
        return Howdah.connect(server.dsn());
    }

    /** Says that it holds, or ends the chapter. */
    public void expect(boolean holds, String promise) {
        if (!holds) {
            throw new UnmetException("expected: " + promise);
        }
        narrator.holds(promise);
    }

    /** Ends the chapter unless both are equal. */
    public void expectEqual(@Nullable Object expected, @Nullable Object actual, String what) {
        if (!Objects.equals(expected, actual)) {
            throw new UnmetException(what + ": expected " + expected + ", got " + actual);
        }
    }

    /** Ends the chapter unless the work throws what it should. */
    public <E extends Exception> E expectThrown(Class<E> type, Callable<?> work) {
        Object result;
        try {
            result = work.call();
        } catch (Exception e) {
            if (type.isInstance(e)) {
                return type.cast(e);
            }
            if (e instanceof InterruptedWaitException interrupted) {
                throw interrupted;
            }
            UnmetException unmet = new UnmetException("expected " + type.getSimpleName() + ", got " + e);
            unmet.addSuppressed(e);
            throw unmet;
        }
        throw new UnmetException("expected " + type.getSimpleName() + ", but it went through with " + result);
    }
}
