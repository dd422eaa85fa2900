package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ObjectAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What every contract of the asynchronous face has beside the rest: its connections are idle and answer after each test. */
@SuppressWarnings("FutureReturnValueIgnored") // what a stage tells is often told by the next one
abstract class AsyncContract extends DriverContract {

    static final Duration PATIENCE = Duration.ofSeconds(PATIENCE_SECONDS);

    private final List<AsyncConnection> opened = new ArrayList<>();
    private final List<AsyncConnection> ended = new ArrayList<>();

    AsyncConnection async;

    @BeforeEach
    final void openAsync() throws Exception {
        async = connectAsync(options());
    }

    @AfterEach
    final void theAsynchronousOnesAreAsTheyWere() throws Exception {
        try {
            for (AsyncConnection connection : opened) {
                if (ended.contains(connection)) {
                    assertThat(connection.isOpen()).isFalse();
                } else {
                    assertThat(got(connection.queryValue("select 1", Integer.class)))
                            .isEqualTo(1);
                    assertThat(connection.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
                    assertThat(connection.pending()).isZero();
                }
            }
        } finally {
            for (AsyncConnection connection : opened) {
                got(connection.close());
            }
        }
    }

    final AsyncConnection connectAsync(ConnectOptions options) throws Exception {
        AsyncConnection made = got(Howdah.connectAsync(options));
        opened.add(made);
        return made;
    }

    /** Says that a connection is not expected to survive the test. */
    final void expectEnd(AsyncConnection connection) {
        ended.add(connection);
    }

    /** Waits for what a stage yields. */
    static <T> T got(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Asserts on what a stage yields, for types that the compiler would have to guess. */
    static <T> ObjectAssert<T> assertYielded(CompletionStage<T> stage) throws Exception {
        return new ObjectAssert<>(got(stage));
    }

    /** Waits for what a stage fails with. */
    static <X extends Throwable> X failure(Class<X> type, CompletionStage<?> stage) throws Exception {
        try {
            Object value = stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            throw new AssertionError("it did not fail but yielded " + value);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(type);
            return type.cast(e.getCause());
        } catch (CancellationException e) {
            assertThat(e).isInstanceOf(type);
            return type.cast(e);
        }
    }

    /** Gives the connection something to do that takes until the returned stage is completed. */
    static CompletableFuture<Void> occupy(AsyncConnection connection) throws Exception {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        CompletableFuture<Void> release = new CompletableFuture<>();
        connection.run(db -> {
            begun.complete(null);
            return release.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        });
        got(begun);
        return release;
    }

    final String activity(AsyncConnection connection) {
        return activity(connection.info().backendPid(), "state || ' ' || query");
    }

    final void awaitActive(AsyncConnection connection, String sql) {
        Await.until("the server runs it", PATIENCE, () -> activity(connection).equals("active " + sql));
    }
}
