package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.PgException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.Executable;

/** A connection that is had in one of the ways to wait; what is run here runs as that way demands. */
final class Faced implements AutoCloseable {

    private final PgConnection db;
    private final @Nullable PollingConnection polling;
    private final @Nullable AsyncConnection async;

    private Faced(PgConnection db, @Nullable PollingConnection polling, @Nullable AsyncConnection async) {
        this.db = db;
        this.polling = polling;
        this.async = async;
    }

    /** Connects; throws what a blocking connect throws. */
    static Faced connect(Place.Face face, ConnectOptions options) {
        return switch (face) {
            case BLOCKING, CALLBACK -> new Faced(Howdah.connect(with(face, options)), null, null);
            case POLLING -> {
                PollingConnection polling = Howdah.connectPolling(options);
                PollLoop.until(polling);
                Polled<PgConnection> inner = polling.call(connection -> connection);
                PollLoop.until(polling);
                yield new Faced(inner.result(), polling, null);
            }
            case ASYNC -> {
                AsyncConnection async = joined(Howdah.connectAsync(options));
                yield new Faced(joined(async.run(connection -> connection)), null, async);
            }
        };
    }

    /** The options of a connection that waits in a way, as far as options say it. */
    static ConnectOptions with(Place.Face face, ConnectOptions options) {
        return face == Place.Face.CALLBACK && options.waitCallback() == null
                ? options.toBuilder().waitCallback(new PollLoop()).build()
                : options;
    }

    /** The connection; only what is run here should use it. */
    PgConnection db() {
        return db;
    }

    /** Runs something, and throws what that throws. */
    void run(Executable body) throws Throwable {
        Throwable[] thrown = new Throwable[1];
        Runnable kept = () -> {
            try {
                body.execute();
            } catch (Throwable e) {
                thrown[0] = e;
            }
        };
        if (polling != null) {
            drive(polling, polling.run(connection -> kept.run()));
        } else if (async != null) {
            joined(async.run(connection -> {
                kept.run();
                return true;
            }));
        } else {
            kept.run();
        }
        if (thrown[0] != null) {
            throw thrown[0];
        }
    }

    private static void drive(PollingConnection polling, Polled<Boolean> running) {
        while (!running.isDone()) {
            try {
                WaitCallback.select().await(polling);
            } catch (PgException e) {
                // It has lost or closed its connection, and knows.
                assertThat(running.isDone()).isTrue();
            }
        }
    }

    private static <T> T joined(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof PgException failure) {
                throw failure;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        db.close();
        if (polling != null) {
            polling.close();
        }
        if (async != null) {
            joined(async.close());
        }
    }
}
