package dev.howdah.pump;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs blocking work piece by piece: as far as it goes without waiting for a channel, whenever it is polled. The work runs
 * on a virtual thread of its own, the poller stands still meanwhile; where the work would wait it stands still itself, and
 * the poller learns for what.
 *
 * <p>To be polled by one thread at a time.
 */
public final class Coroutine implements Waits {

    private enum State {
        /** There is no work. */
        IDLE,
        RUNNING,
        /** The work waits for a channel, and to be polled. */
        WAITING,
        /** No work is taken any more. */
        ENDED
    }

    /** What the work waits for. */
    private record Wait(SelectableChannel channel, int operations, long deadline) {}

    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
    private final Thread thread = Thread.ofVirtual().name("howdah-polling").unstarted(this::live);
    private volatile @Nullable Thread poller;
    private volatile @Nullable Runnable work;
    private volatile @Nullable Wait wait;
    private volatile boolean detached;
    /** An interrupt has the work go on, and the poller does not know yet. */
    private volatile boolean unattended;

    /** Makes one that is idle. */
    public Coroutine() {}

    /**
     * Takes work up; {@link #poll()} runs it.
     *
     * @param next must not throw
     * @throws IllegalStateException if there is some already
     */
    public void begin(Runnable next) {
        if (state.get() != State.IDLE || work != null) {
            throw new IllegalStateException("there is work already, or no more is taken");
        }
        work = next;
    }

    /** Returns whether there is work that has not ended. */
    public boolean isBusy() {
        return work != null;
    }

    /**
     * Runs the work as far as it goes.
     *
     * @return the operations of {@link #channel()} that it waits for, or 0 if it has ended or there is none
     */
    public int poll() {
        Runnable pending = work;
        if (pending == null) {
            return 0;
        }
        poller = Thread.currentThread();
        boolean interrupted = false;
        if (state.compareAndSet(State.IDLE, State.RUNNING) || state.compareAndSet(State.WAITING, State.RUNNING)) {
            unattended = false;
            if (thread.getState() == Thread.State.NEW) {
                thread.start();
            } else {
                LockSupport.unpark(thread);
            }
        }
        while (state.get() == State.RUNNING) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        poller = null;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        Wait current = wait;
        return state.get() == State.WAITING && current != null ? current.operations() : 0;
    }

    /** Returns what the work waits for, or null if it waits for no channel. */
    public @Nullable SelectableChannel channel() {
        Wait current = wait;
        return current == null ? null : current.channel();
    }

    /** Returns until when the work waits, as {@link System#nanoTime()}, or {@link Long#MAX_VALUE}. */
    public long deadline() {
        Wait current = wait;
        return current == null ? Long.MAX_VALUE : current.deadline();
    }

    /** Lets the work, if there is any, go on by itself from now on, waiting in the usual way; nobody polls any more. */
    public void detach() {
        detached = true;
        if (state.compareAndSet(State.WAITING, State.RUNNING)) {
            LockSupport.unpark(thread);
        }
    }

    /** Interrupts the work, if there is any. */
    public void interrupt() {
        if (work != null) {
            thread.interrupt();
        }
    }

    /** Takes no more work; the thread ends when what there is has ended. */
    public void end() {
        detached = true;
        if (!state.compareAndSet(State.IDLE, State.ENDED)) {
            detach();
        }
        LockSupport.unpark(thread);
    }

    private void live() {
        while (true) {
            Runnable next = work;
            if (state.get() == State.RUNNING && next != null) {
                try {
                    next.run();
                } finally {
                    work = null;
                    state.set(detached ? State.ENDED : State.IDLE);
                    LockSupport.unpark(poller);
                }
            } else if (state.get() == State.ENDED) {
                return;
            } else {
                LockSupport.park(this);
                // Nobody's business but that of who interrupted: there is no work to end.
                boolean ignored = Thread.interrupted();
            }
        }
    }

    private Waiter.Woken await(SelectableChannel channel, int operations, long deadline) {
        wait = new Wait(channel, operations, deadline);
        state.set(State.WAITING);
        LockSupport.unpark(poller);
        if (detached) {
            state.compareAndSet(State.WAITING, State.RUNNING);
        }
        boolean interrupted = false;
        while (state.get() == State.WAITING) {
            if (Thread.interrupted() && state.compareAndSet(State.WAITING, State.RUNNING)) {
                interrupted = true;
                unattended = true;
            } else {
                LockSupport.park(this);
            }
        }
        wait = null;
        if (interrupted) {
            return Waiter.Woken.INTERRUPTED;
        }
        return deadline != Long.MAX_VALUE && deadline - System.nanoTime() <= 0
                ? Waiter.Woken.TIMEOUT
                : Waiter.Woken.READY;
    }

    // How the work waits

    @Override
    public boolean apply() {
        return Thread.currentThread() == thread && !detached;
    }

    @Override
    public boolean isUnattended() {
        return unattended && apply();
    }

    /** Nobody but who polls reads. */
    @Override
    public boolean letLoopRead() {
        return false;
    }

    @Override
    public Waiter waiterFor(SelectableChannel channel) {
        return new Waiter() {
            @Override
            public Woken await(int operations, long deadline) {
                return Coroutine.this.await(channel, operations, deadline);
            }

            @Override
            public void wakeup() {
                // Whoever closes a connection whose work waits to be polled has detached that.
            }

            @Override
            public void close() {
                // It holds nothing.
            }
        };
    }

    /** {@inheritDoc} The work's runs elsewhere, and a pipe becomes readable when it has ended. */
    @Override
    public <T> T aside(Supplier<T> blocking) {
        if (!apply()) {
            return blocking.get();
        }
        CompletableFuture<T> found = new CompletableFuture<>();
        try {
            Pipe pipe = Pipe.open();
            try (Pipe.SourceChannel source = pipe.source()) {
                source.configureBlocking(false);
                // A thread of the system's: a look-up of a name blocks in native code, which would keep a carrier.
                Thread.ofPlatform().daemon().name("howdah-aside").start(() -> answer(blocking, found, pipe.sink()));
                while (!found.isDone()) {
                    if (detached) {
                        break;
                    }
                    await(source, SelectionKey.OP_READ, Long.MAX_VALUE);
                }
                return found.join();
            }
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            } else if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException("a pipe to wait with could not be made", e);
        }
    }

    private static <T> void answer(Supplier<T> blocking, CompletableFuture<T> found, Pipe.SinkChannel sink) {
        try (sink) {
            found.complete(blocking.get());
        } catch (RuntimeException | Error e) {
            found.completeExceptionally(e);
        } catch (IOException e) {
            throw new UncheckedIOException("a pipe could not be closed", e);
        }
    }
}
