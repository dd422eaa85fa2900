package dev.howdah;

import dev.howdah.pump.Waits;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A connection that is being made, on the virtual thread that runs its operations afterwards. */
final class AsyncConnecting extends CompletableFuture<AsyncConnection> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Supplier<ConnectOptions> options;
    private final Thread thread;
    /** An interrupt means this attempt. */
    private boolean connecting = true;

    private volatile boolean cancelled;

    private AsyncConnecting(Supplier<ConnectOptions> options) {
        this.options = options;
        this.thread = Thread.ofVirtual().name("howdah-async").unstarted(this::run);
    }

    /** Begins to connect. */
    static AsyncConnecting start(Supplier<ConnectOptions> options) {
        AsyncConnecting started = new AsyncConnecting(options);
        started.thread.start();
        return started;
    }

    private void run() {
        Completions completions = new Completions(null);
        AsyncQueue queue;
        try {
            ConnectOptions given = options.get();
            completions = new Completions(given.callbackExecutor());
            queue = new AsyncQueue(
                    Howdah.connect(given, PgConnection::new, Waits.IN_LOOP, Events.Watch.WHEN_WANTED), completions);
        } catch (Throwable e) {
            completions.add(new Outcome(null, e));
            return;
        } finally {
            attempted();
        }
        completions.add(new Outcome(new AsyncConnection(queue), null));
        queue.work();
    }

    private void attempted() {
        lock.lock();
        try {
            connecting = false;
            Thread.interrupted();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (isDone()) {
            return isCancelled();
        }
        cancelled = true;
        lock.lock();
        try {
            if (connecting) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
        return super.cancel(mayInterruptIfRunning);
    }

    /** What came of it; a connection that nobody wants any more is closed. */
    private final class Outcome implements Completions.Completion {
        private final @Nullable AsyncConnection made;
        private final @Nullable Throwable failure;

        Outcome(@Nullable AsyncConnection made, @Nullable Throwable failure) {
            this.made = made;
            this.failure = failure;
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // nobody is there to be told
        public void deliver() {
            // Who cancels completes it himself, and maybe has not come to that.
            boolean wanted = !cancelled;
            if (failure != null) {
                wanted = wanted && completeExceptionally(failure);
            } else {
                wanted = wanted && complete(made);
            }
            if (!wanted && made != null) {
                made.closeNow();
            }
        }

        @Override
        public boolean isDone() {
            return AsyncConnecting.this.isDone();
        }
    }
}
