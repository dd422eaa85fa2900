package dev.howdah;

import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.PgException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.event.QueryEvent.Kind;
import dev.howdah.pump.CallLimits;
import dev.howdah.pump.Interrupts;
import dev.howdah.pump.Lease;
import dev.howdah.pump.Occupant;
import dev.howdah.session.PipelineEntry;
import dev.howdah.session.PipelineQueue;
import dev.howdah.session.PipelineTypes;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline at work: queues, makes trips, and keeps the connection meanwhile. Used by one thread at a time, but for {@link
 * #takenAway}.
 */
final class Pipelining implements Occupant {

    /** So much may be queued before it is encoded and sent: entries, and about so many bytes of values. */
    private static final int MANY = 100;

    private static final long LONG = 64 * 1024;

    private final Verbs verbs;
    private final Core core;
    private final Lease lease;
    private final CallLimits limits;
    private final PipelineQueue queue;
    private final ArrayDeque<Told> untold = new ArrayDeque<>();
    private int waiting;
    private long waitingBytes;
    private boolean lossTaken;
    /** What was thrown last, other than by the close. */
    private @Nullable Throwable thrown;

    private boolean closed;
    private volatile @Nullable String ended;

    /** An entry of which loggers are to be told. */
    private static final class Told {
        private final QueryLog.Watch watch;
        private final PipelineEntry entry;
        private final Kind kind;
        private final String sql;
        private final @Nullable Object[] parameters;

        Told(QueryLog.Watch watch, PipelineEntry entry, Kind kind, String sql, @Nullable Object[] parameters) {
            this.watch = watch;
            this.entry = entry;
            this.kind = kind;
            this.sql = sql;
            this.parameters = parameters;
        }
    }

    private Pipelining(Verbs verbs, Lease lease, PipelineMode mode) {
        this.verbs = verbs;
        this.core = verbs.core();
        this.lease = lease;
        this.limits = verbs.limits().under(lease);
        this.queue =
                new PipelineQueue(core.session(), core.statements(), mode == PipelineMode.SYNC_EACH, core.autocommit());
    }

    /** Takes the connection, when it is free. */
    static Pipelining open(Verbs verbs, PipelineMode mode) {
        Core core = verbs.core();
        Lease lease = new Lease(Lease.Kind.PIPELINE);
        core.pump().leases().grantWithin(lease, verbs.limits());
        boolean settled = false;
        try {
            core.settleObjects(verbs.limits().under(lease));
            settled = true;
        } finally {
            if (!settled) {
                core.pump().leases().end(lease);
            }
        }
        Pipelining opened = new Pipelining(verbs, lease, mode);
        lease.heldBy(opened);
        return opened;
    }

    Verbs verbs() {
        return verbs;
    }

    Core core() {
        return core;
    }

    /**
     * Queues a statement.
     *
     * @param sql as the caller gave it
     * @param parameters likewise
     */
    <T extends @Nullable Object> PipelineAnswer<T> queue(
            PipelineEntry entry,
            Kind kind,
            String sql,
            @Nullable Object[] parameters,
            Function<PipelineEntry, T> value) {
        requireOpen();
        if (waiting >= MANY || waitingBytes >= LONG) {
            trip(PipelineQueue.Goal.ROOM, null, limits);
        }
        QueryLog.Watch watch = core.log().watch();
        if (watch != null) {
            untold.add(new Told(watch, entry, kind, sql, parameters));
        }
        queue.add(entry);
        waiting++;
        waitingBytes += bytes(parameters);
        return new PipelineAnswer<>(this, entry, value);
    }

    private static long bytes(@Nullable Object[] parameters) {
        long bytes = 0;
        for (@Nullable Object parameter : parameters) {
            bytes += switch (parameter) {
                case byte[] array -> array.length;
                case CharSequence text -> text.length();
                case ByteBuffer buffer -> buffer.remaining();
                case null, default -> Long.BYTES;
            };
        }
        return bytes;
    }

    /** Queues a Sync and sends what is queued. */
    PipelineAnswer<@Nullable Void> sync() {
        requireOpen();
        PipelineEntry entry = PipelineEntry.sync(core.types());
        queue.add(entry);
        trip(PipelineQueue.Goal.ROOM, null, limits);
        return new PipelineAnswer<@Nullable Void>(this, entry, done -> null);
    }

    private void requireOpen() {
        String why = ended;
        if (why != null) {
            throw new IllegalStateException("the pipeline has ended: " + why);
        } else if (closed) {
            throw new IllegalStateException("the pipeline has been closed");
        }
    }

    /** Returns what an entry yielded, waiting for it if it has not come. */
    <T extends @Nullable Object> T get(
            PipelineEntry entry, @Nullable Duration timeout, Function<PipelineEntry, T> value) {
        if (!entry.isDone()) {
            requireOpen();
            try {
                trip(PipelineQueue.Goal.ANSWER, entry, within(timeout));
            } catch (RuntimeException | Error e) {
                if (entry.isDone()) {
                    taken(entry, e);
                }
                throw e;
            }
        }
        Throwable failure = entry.failure();
        taken(entry, failure);
        if (failure instanceof Error error) {
            throw error;
        } else if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        learn(entry);
        return value.apply(entry);
    }

    private CallLimits within(@Nullable Duration timeout) {
        return timeout == null ? limits : verbs.withTimeout(timeout).limits().under(lease);
    }

    private void taken(PipelineEntry entry, @Nullable Throwable failure) {
        entry.take();
        lossTaken |= isLoss(failure);
        core.remember(failure);
    }

    private static boolean isLoss(@Nullable Throwable failure) {
        return failure instanceof ConnectionLostException || failure instanceof ConnectionClosedException;
    }

    /** Asks about types that the answer shows to be known wrongly, as long as the pipeline has the connection. */
    private void learn(PipelineEntry entry) {
        if (closed || ended != null || entry.outdated().isEmpty()) {
            return;
        }
        PipelineTypes types = queue.types(entry);
        for (PipelineEntry question = types.next(); question != null; question = types.next()) {
            queue.add(question);
            trip(PipelineQueue.Goal.ANSWER, question, limits);
        }
    }

    private void trip(PipelineQueue.Goal goal, @Nullable PipelineEntry awaited, CallLimits within) {
        PipelineTrip trip = new PipelineTrip(core, queue, goal, awaited, within);
        Throwable failure = null;
        try {
            core.pump().run(trip, within);
        } catch (RuntimeException | Error e) {
            failure = e;
            if (!closed) {
                // Who queues or waits is told now.
                lossTaken |= isLoss(e);
                thrown = e;
            }
            if (!core.session().isOpen()) {
                queue.fail(neverSent(e));
            }
            leave();
            throw e;
        } finally {
            if (!queue.hasWork()) {
                waiting = 0;
                waitingBytes = 0;
            }
            trip.tell(failure);
            tell();
        }
    }

    /** Nobody waits any more, though what was waited for has not come. */
    private void leave() {
        if (core.session().isOpen() && core.pump().leases().isValid(lease)) {
            core.pump().inTurn(CallLimits.CLEANUP.under(lease), () -> queue.pursue(PipelineQueue.Goal.NONE, null));
        }
    }

    private static Throwable neverSent(Throwable cause) {
        return cause instanceof PgException known && known.delivery() == Delivery.NOT_SENT
                ? cause
                : new ConnectionLostException("The connection was lost", null, Delivery.NOT_SENT, cause);
    }

    /** Tells loggers of what has been answered. */
    private void tell() {
        for (Told next = untold.peek(); next != null && next.entry.isDone(); next = untold.peek()) {
            untold.remove();
            PipelineEntry entry = next.entry;
            Throwable failure = entry.failure();
            next.watch.tell(
                    next.kind,
                    next.sql,
                    next.parameters,
                    entry.setsSent(),
                    limits.timeout(),
                    failure == null ? entry.rowCount() : -1,
                    failure);
        }
    }

    /** Ends it because somebody takes the connection, who has the turn: what was sent is answered, the rest is not sent. */
    @Override
    public void takenAway(String why) {
        ended = why;
        core.pump()
                .run(
                        new PipelineTrip(core, queue, PipelineQueue.Goal.DRAIN, null, CallLimits.CLEANUP),
                        CallLimits.CLEANUP);
    }

    /** Sends what is queued, takes all answers, gives the connection back and throws what nobody has looked at. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        Throwable first = null;
        try {
            first = ended == null ? finish() : null;
        } finally {
            String why = ended;
            queue.fail(new IllegalStateException("the pipeline has ended: " + (why == null ? "it was closed" : why)));
            core.pump().leases().end(lease);
            tell();
        }
        for (PipelineEntry entry : queue.failures()) {
            Throwable failure = entry.failure();
            if (failure != null && failure != thrown && !entry.isTaken() && !(lossTaken && isLoss(failure))) {
                lossTaken |= isLoss(failure);
                first = joined(first, failure);
            }
        }
        if (first instanceof Error error) {
            throw error;
        } else if (first instanceof RuntimeException exception) {
            throw exception;
        }
    }

    private static Throwable joined(@Nullable Throwable first, Throwable next) {
        if (first == null) {
            return next;
        }
        if (first != next) {
            first.addSuppressed(next);
        }
        return first;
    }

    /** Waits for everything; what takes too long is cancelled, and the rest waited for. */
    private @Nullable Throwable finish() {
        CallLimits closing = new CallLimits(limits.timeout(), Interrupts.DEFER, lease);
        Throwable late = null;
        while (true) {
            try {
                trip(PipelineQueue.Goal.ALL, null, closing);
                return late;
            } catch (QueryTimeoutException e) {
                late = joined(late, e);
                if (!core.session().isOpen()) {
                    return late;
                }
            } catch (ConnectionLostException | ConnectionClosedException e) {
                return late;
            }
        }
    }
}
