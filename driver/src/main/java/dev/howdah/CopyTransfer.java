package dev.howdah;

import dev.howdah.error.CopyFailedException;
import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.PgException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.event.QueryEvent.Kind;
import dev.howdah.pump.CallLimits;
import dev.howdah.pump.Lease;
import dev.howdah.pump.Occupant;
import dev.howdah.session.Conversation;
import dev.howdah.session.CopyExchange;
import java.time.Duration;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A COPY from its statement to its end. It has the connection meanwhile, also while its data are made or used up on this
 * side; then nothing of it waits for the server. Used by one thread at a time, but for {@link #takenAway}.
 *
 * @param <E> the exchange that it runs step by step
 */
abstract class CopyTransfer<E extends CopyExchange> implements Occupant {

    private static final Duration SHORTEST = Duration.ofNanos(1);

    private final Core core;
    private final CallLimits limits;
    private final Lease lease;
    private final E exchange;
    private final String sql;
    private final @Nullable Object[] parameters;
    private final long deadline;
    private final QueryLog.@Nullable Watch watch;
    /** The statement may have been sent. */
    private boolean started;

    private volatile @Nullable String ended;

    /**
     * Makes one.
     *
     * @param sql as the caller gave it
     * @param parameters likewise
     */
    CopyTransfer(Core core, CallLimits within, E exchange, String sql, @Nullable Object[] parameters) {
        this.core = core;
        this.lease = new Lease(Lease.Kind.COPY);
        this.limits = within.under(lease);
        this.exchange = exchange;
        this.sql = sql;
        this.parameters = parameters;
        this.deadline = limits.deadline();
        this.watch = core.log().watch();
    }

    final Core core() {
        return core;
    }

    final E exchange() {
        return exchange;
    }

    /** Takes the connection when it is free, and has the server begin. */
    final void open(Consumer<E> begin) {
        lease.heldBy(this);
        try {
            core.pump().leases().grantWithin(lease, left().under(null));
        } catch (RuntimeException | Error e) {
            ended = "it was never begun";
            tell(e);
            throw e;
        }
        run(new Step(begin, exchange -> {}, false), true);
    }

    /** Returns what is left of the time limit. */
    private CallLimits left() {
        if (deadline == Long.MAX_VALUE) {
            return limits;
        }
        Duration rest = Duration.ofNanos(deadline - System.nanoTime());
        return new CallLimits(rest.compareTo(SHORTEST) < 0 ? SHORTEST : rest, limits.interrupts(), lease);
    }

    /** Subscribes to what gives its data. */
    final <T> PublishedItems<T> subscribe(Flow.Publisher<? extends T> publisher) {
        return new PublishedItems<>(publisher, core, deadline, limits.timeout());
    }

    /** Goes on until the exchange is paused or has ended; if it fails, the connection is free again. */
    final void step(Consumer<E> wish) {
        step(wish, exchange -> {});
    }

    /**
     * Likewise.
     *
     * @param then takes what the exchange has; the connection is not read meanwhile
     */
    final void step(Consumer<E> wish, Consumer<E> then) {
        requireOpen();
        run(new Step(wish, then, true), false);
    }

    private void run(Conversation<Boolean> step, boolean first) {
        try {
            if (first) {
                core.runOwn(step, left());
            } else {
                core.pump().run(step, left());
            }
        } catch (QueryTimeoutException e) {
            Duration timeout = limits.timeout();
            Throwable cause = e.getCause();
            throw ended(new QueryTimeoutException(
                    timeout == null ? e.timeout() : timeout,
                    delivery(e, first),
                    cause instanceof PgException known ? known : e));
        } catch (InterruptedWaitException e) {
            throw ended(first ? e : new InterruptedWaitException(delivery(e, false), e));
        } catch (RuntimeException | Error e) {
            throw ended(e);
        }
        if (exchange.isDone() && exchange.failure() != null) {
            throw ended(exchange.failure());
        }
    }

    /** What was not sent now is not all: something has been sent before, and is dropped. */
    private static Delivery delivery(PgException failure, boolean first) {
        return first || failure.delivery() != Delivery.NOT_SENT ? failure.delivery() : Delivery.REFUSED;
    }

    private RuntimeException ended(Throwable failure) {
        end(failure);
        if (failure instanceof Error error) {
            throw error;
        }
        return (RuntimeException) failure;
    }

    final boolean isEnded() {
        return ended != null;
    }

    final void requireOpen() {
        String why = ended;
        if (why != null) {
            throw new IllegalStateException("the COPY has ended: " + why);
        }
    }

    /** Notes that all went well. */
    final void completed() {
        release("it is complete", null);
    }

    /**
     * Has the server end what it does, and takes its answers.
     *
     * @param within for {@link #drain}
     */
    abstract void giveUp(String why, CallLimits within);

    /**
     * Ends it because something failed, on this side or there; the connection is free then.
     *
     * @param failure what the caller is told; what goes wrong meanwhile is suppressed in it
     */
    final void end(Throwable failure) {
        if (ended != null) {
            return;
        }
        try {
            leave(String.valueOf(failure.getMessage()));
        } catch (RuntimeException | Error e) {
            if (e != failure) {
                failure.addSuppressed(e);
            }
        }
        release("it failed", failure);
    }

    private void leave(String why) {
        if (started
                && !exchange.isDone()
                && core.session().isOpen()
                && core.pump().leases().isValid(lease)) {
            giveUp(why, CallLimits.CLEANUP.under(lease));
        }
    }

    /** Ends it before its end. What fails then does not concern who has no use for it any more. */
    final void abandon(String why) {
        if (ended == null) {
            try {
                leave(why);
            } finally {
                release(why, null);
            }
        }
    }

    /** Runs the exchange to its end. */
    final void drain(Consumer<E> wish, CallLimits within) {
        core.pump().run(new Step(wish, exchange -> {}, true), within);
    }

    private void release(String why, @Nullable Throwable failure) {
        ended = why;
        core.pump().leases().end(lease);
        core.remember(failure);
        tell(failure);
    }

    private void tell(@Nullable Throwable failure) {
        if (watch != null) {
            boolean done = failure == null && exchange.isDone() && exchange.failure() == null;
            watch.tell(Kind.COPY, sql, parameters, 0, limits.timeout(), done ? exchange.result() : -1, failure);
        }
    }

    @Override
    public final void takenAway(String why) {
        ended = why;
        if (started && !exchange.isDone()) {
            giveUp(why, CallLimits.CLEANUP);
        }
        tell(null);
    }

    /** Returns what is thrown because the source or the sink failed; the COPY has ended then. */
    final RuntimeException failedHere(String what, Throwable thrown, Delivery delivery) {
        if (thrown instanceof PublishedItems.Stopped stopped) {
            end(stopped.reason());
            return stopped.reason();
        }
        Throwable cause = thrown instanceof PublishedItems.Failure failure && failure.getCause() != null
                ? failure.getCause()
                : thrown;
        if (cause instanceof Error error) {
            end(error);
            throw error;
        }
        CopyFailedException refusal = new CopyFailedException(
                "The " + what + " of the COPY failed: " + cause, ended == null ? delivery : Delivery.UNKNOWN, cause);
        end(refusal);
        return refusal;
    }

    /** Runs the exchange on. */
    private final class Step implements Conversation<Boolean> {
        private final Consumer<E> wish;
        private final Consumer<E> then;
        private final boolean continues;
        private boolean begun;

        Step(Consumer<E> wish, Consumer<E> then, boolean continues) {
            this.wish = wish;
            this.then = then;
            this.continues = continues;
        }

        @Override
        public @Nullable CopyExchange next() {
            if (begun || exchange.isDone()) {
                return null;
            }
            begun = true;
            started = true;
            wish.accept(exchange);
            return exchange;
        }

        @Override
        public boolean continues() {
            return continues;
        }

        @Override
        public void feed() {
            exchange.fed();
        }

        @Override
        public Boolean result() {
            then.accept(exchange);
            return true;
        }
    }
}
