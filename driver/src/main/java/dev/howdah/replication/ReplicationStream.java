package dev.howdah.replication;

import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.PgException;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.pump.Burst;
import dev.howdah.pump.CallLimits;
import dev.howdah.pump.Interrupts;
import dev.howdah.pump.Lease;
import dev.howdah.pump.Occupant;
import dev.howdah.pump.ReplicationHost;
import dev.howdah.session.Conversation;
import dev.howdah.session.Exchange;
import dev.howdah.session.ReplicationExchange;
import dev.howdah.type.Lsn;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A stream from its command to its end. It has the connection meanwhile. The server is told in time how far it has got: by
 * whoever reads, and while nobody does by a thread of its own.
 *
 * <p>Read by one thread at a time; confirming, and stopping, is for any.
 */
final class ReplicationStream implements Occupant {

    private static final Logger LOG = System.getLogger(ReplicationStream.class.getName());
    /** How long to wait for the server's own end of a stream before looking whether it goes on. */
    private static final Duration GRACE = Duration.ofMillis(500);
    /** So often at most, if it says nothing. */
    private static final int GRACES = 6;

    private static final Duration CANCEL_GRACE = Duration.ofSeconds(5);

    /** How many values the server tells of the timeline that follows. */
    private static final int ENDING = 2;

    private final ReplicationHost host;
    private final Lease lease = new Lease(Lease.Kind.REPLICATION);
    private final MessageQueue queue;
    private final ReplicationExchange exchange;
    private final String command;
    private final long silence;
    private final StatusKeeper keeper;
    private final Burst burst = new Burst();
    private final AtomicLong messages = new AtomicLong();
    private final ReplicationHost.@Nullable Log log;
    private final AtomicReference<@Nullable String> ended = new AtomicReference<>();
    private volatile @Nullable PgException failure;
    private final AtomicBoolean published = new AtomicBoolean();
    private volatile boolean stopping;
    private boolean probed;
    private long probedAt;

    private ReplicationStream(ReplicationHost host, MessageQueue queue, String command, StreamOptions options) {
        this.host = host;
        this.queue = queue;
        this.command = command;
        this.exchange = new ReplicationExchange(command, queue);
        this.silence = options.receiverTimeout.toNanos();
        this.keeper = new StatusKeeper(host, queue);
        this.log = host.log();
    }

    /**
     * Has the server begin.
     *
     * @param kept whether the server is told in time while nobody reads
     * @throws ServerException if it refuses; the connection is usable then
     */
    static ReplicationStream open(
            ReplicationHost host, MessageQueue queue, String command, StreamOptions options, boolean kept) {
        ReplicationStream opened = new ReplicationStream(host, queue, command, options);
        opened.open(kept);
        return opened;
    }

    private void open(boolean kept) {
        host.take(lease, this, host.limits());
        try {
            host.run(new Step(begin -> {}, false), host.limits().under(lease));
            if (exchange.isDone()) {
                if (exchange.result().size() == ENDING) {
                    // A timeline that ends where the stream was to begin.
                    release("the server has ended it", null);
                    return;
                }
                throw ServerException.inPlace(
                        SqlState.PROTOCOL_VIOLATION, "The command started no replication stream", Delivery.COMPLETED);
            }
        } catch (RuntimeException | Error e) {
            release("it was never begun", e);
            throw e;
        }
        host.streams();
        if (kept && host.isWatchable()) {
            keeper.start();
        }
    }

    MessageQueue queue() {
        return queue;
    }

    /** Leaves the connection to who reads: nobody else does from now on. */
    void leaveAlone() {
        keeper.end();
    }

    /** Notes how far the consumer has got; the server is told soon. */
    void feedback(Lsn write, Lsn flush, Lsn apply) {
        queue.feedback(write, flush, apply);
        tellSoon();
    }

    /** Has the server be told of what has been confirmed, if it is due. */
    void tellSoon() {
        keeper.wake();
    }

    /** Returns how many messages have been taken. */
    long messages() {
        return messages.get();
    }

    boolean isOpen() {
        return ended.get() == null;
    }

    /** Returns whether nobody is to wait for a message any more: it has ended, or somebody is ending it. */
    boolean isEnding() {
        return stopping || !isOpen();
    }

    /** Returns whether all that came has been taken and nothing more will come, though the end may not have been told yet. */
    boolean isOver() {
        return (!isOpen() || !host.session().isOpen()) && !queue.hasMessages();
    }

    /** Gives the stream to a subscriber; returns false if another one has it. */
    boolean publish() {
        return published.compareAndSet(false, true);
    }

    /** Returns whether threads of the driver's may read it. */
    boolean isPublishable() {
        return host.isWatchable();
    }

    /**
     * Returns the next message if it is here.
     *
     * @throws PgException why the stream has failed, once all that came before has been taken
     */
    @Nullable
    ReplicationMessage poll() {
        ReplicationMessage next = take();
        if (next == null && isOpen()) {
            host.hear();
            next = take();
            if (next == null) {
                settle();
            }
        }
        return next;
    }

    /** Returns the next message if it has been received. */
    @Nullable
    ReplicationMessage take() {
        ReplicationMessage next = queue.take();
        if (next != null) {
            messages.incrementAndGet();
        }
        return next;
    }

    /**
     * Waits for the next message.
     *
     * @param timeout null to wait as long as it takes
     * @return null if the time is up, or the stream has ended as it should
     * @throws PgException why the stream has failed
     * @throws InterruptedWaitException if the thread was interrupted; the stream goes on
     */
    @Nullable
    ReplicationMessage read(@Nullable Duration timeout) {
        ReplicationMessage next = take();
        long deadline = CallLimits.within(timeout).deadline();
        if (next == null) {
            queue.reading();
        }
        while (next == null && isOpen() && !stopping) {
            long now = System.nanoTime();
            long left = deadline == Long.MAX_VALUE ? Long.MAX_VALUE : deadline - now;
            if (left <= 0) {
                return null;
            }
            keeper.reads();
            try {
                if (queue.untilDue() == 0) {
                    step(ReplicationExchange::send, GRACE.toNanos());
                }
                burst.beforeWait(host.mayPark());
                step(ReplicationExchange::read, Math.min(left, pause()));
                burst.afterWait(queue.size());
            } finally {
                keeper.leaves();
            }
            next = take();
            if (next == null) {
                settle();
                if (isOpen() && Thread.currentThread().isInterrupted()) {
                    throw new InterruptedWaitException(Delivery.COMPLETED, null);
                }
            }
        }
        return next;
    }

    /** Returns for how long to wait before there is something to do, in nanoseconds. */
    private long pause() {
        long pause = queue.untilDue();
        return Math.max(silence == 0 ? pause : Math.min(pause, untilProbe()), 1);
    }

    /** Returns when to look for signs of life again, in nanoseconds; a server that has not answered for half of its time is dead. */
    private long untilProbe() {
        long half = silence / 2;
        long now = System.nanoTime();
        long silent = queue.silence();
        if (silent < now - probedAt) {
            // It has answered since.
            probed = false;
        }
        if (silent < half) {
            return half - silent;
        }
        if (!probed) {
            probed = true;
            probedAt = now;
            queue.force(true);
        } else if (now - probedAt >= half) {
            // This thread may have been kept from reading what has come.
            host.hear();
            long asked = System.nanoTime() - probedAt;
            if (queue.silence() >= asked) {
                host.lose(new IOException("the server has not sent anything for " + Duration.ofNanos(silence)), lease);
            }
        }
        return Math.max(0, probedAt + half - now);
    }

    private void step(Consumer<ReplicationExchange> wish, long nanos) {
        step(wish, nanos, host.limits().interrupts());
    }

    private void step(Consumer<ReplicationExchange> wish, long nanos, Interrupts interrupts) {
        if (!host.session().isOpen() && exchange.isDone()) {
            return;
        }
        try {
            host.run(new Step(wish, true), new CallLimits(Duration.ofNanos(nanos), interrupts, lease));
        } catch (QueryTimeoutException e) {
            // Somebody else had the connection for a moment.
            LOG.log(Level.TRACE, "the stream was busy", e);
        } catch (IllegalStateException e) {
            if (isOpen()) {
                throw e;
            }
        }
    }

    /** Looks whether the stream has ended, when all that came before has been taken. */
    private void settle() {
        if (!exchange.isDone() || queue.hasMessages() || !isOpen()) {
            return;
        }
        PgException why = exchange.failure();
        if (stopping && why instanceof QueryCanceledException) {
            // Who stopped it had to have it cancelled.
            why = null;
        }
        if (why != null && exchange.isServerStopping()) {
            why = new ConnectionLostException(
                    "The server is being shut down: it has ended the stream", null, Delivery.COMPLETED, why);
        }
        failure = why;
        release(why != null ? "it failed" : stopping ? "it was stopped" : "the server has ended it", why);
        if (why != null) {
            throw why;
        }
    }

    /** Has what has been confirmed be sent. */
    void send() {
        if (isOpen()) {
            host.nudge();
            if (queue.isForced() && !host.isWatchable()) {
                step(ReplicationExchange::send, GRACE.toNanos());
            }
        }
    }

    /**
     * Ends the stream: the server is told how far it has got, and that this side is done. If it goes on to send, as in the middle of a
     * large transaction, it is cancelled; if it says nothing, only after a while, because a server that is held up would not
     * read any more what it was told. What has come and has not been taken is dropped.
     */
    void stop(String why) {
        if (!isOpen()) {
            return;
        }
        stopping = true;
        queue.close();
        queue.force(false);
        exchange.wantEnd();
        // Whoever waits for a message gives way.
        host.nudge();
        try {
            if (!finishes()) {
                // He waits where nobody can reach him: what the server says will.
                cancel();
                finish(CANCEL_GRACE, lease);
            }
        } catch (IllegalStateException e) {
            if (isOpen()) {
                throw e;
            }
            return;
        }
        PgException said = exchange.isDone() ? exchange.failure() : null;
        release(why, null);
        if (said != null && !host.session().isOpen()) {
            throw said;
        }
    }

    private void cancel() {
        try {
            host.cancel();
        } catch (ConnectionLostException e) {
            LOG.log(Level.DEBUG, "a stream could not be cancelled", e);
        }
    }

    /** Waits for the server's own end; returns false if it does not come to it. */
    private boolean finishes() {
        for (int i = 0; i < GRACES && !exchange.isDone(); i++) {
            long before = exchange.dropped();
            step(ReplicationExchange::close, GRACE.toNanos(), Interrupts.DEFER);
            if (i > 0 && exchange.dropped() != before) {
                break;
            }
        }
        return exchange.isDone();
    }

    /** Waits for the end, which is cancelled if it takes too long; returns false if the connection did not become free. */
    private boolean finish(Duration grace, @Nullable Lease within) {
        try {
            host.run(new Step(ReplicationExchange::finish, true), new CallLimits(grace, Interrupts.DEFER, within));
        } catch (QueryTimeoutException e) {
            LOG.log(Level.DEBUG, "the server went on with a stream that was stopped", e);
        }
        return exchange.isDone();
    }

    @Override
    public void takenAway(String why) {
        if (!isOpen()) {
            return;
        }
        stopping = true;
        queue.close();
        queue.force(false);
        if (exchange.isAsked()) {
            // Who has the turn needs no lease, and this one is valid no more.
            finish(GRACE.multipliedBy(GRACES), null);
        }
        release(why, null);
    }

    @Override
    public void giveWay(String why) {
        try {
            stop(why);
        } catch (PgException e) {
            LOG.log(Level.DEBUG, "a stream could not be ended before its connection was taken", e);
        }
    }

    private void release(String why, @Nullable Throwable thrown) {
        if (!ended.compareAndSet(null, why)) {
            return;
        }
        keeper.end();
        host.giveBack(lease);
        if (log != null) {
            log.tell(command, messages.get(), thrown);
        }
    }

    /** Returns why it has ended, null if it has not. */
    @Nullable
    String ended() {
        return ended.get();
    }

    @Nullable
    PgException failure() {
        return failure;
    }

    /** Returns the values of the row with which the server has ended it; none if there was none. */
    List<String> ending() {
        return exchange.isDone() && exchange.failure() == null ? exchange.result() : List.of();
    }

    /** Runs the exchange on. Leaving it changes nothing. */
    private final class Step implements Conversation<Boolean> {
        private final Consumer<ReplicationExchange> wish;
        private final boolean continues;
        private boolean run;

        Step(Consumer<ReplicationExchange> wish, boolean continues) {
            this.wish = wish;
            this.continues = continues;
        }

        @Override
        public @Nullable Exchange<?> next() {
            if (run || exchange.isDone()) {
                return null;
            }
            run = true;
            wish.accept(exchange);
            return exchange;
        }

        @Override
        public boolean continues() {
            return continues;
        }

        @Override
        public void feed() {
            // It is full: what is here is to be taken first.
        }

        @Override
        public boolean leave() {
            return exchange.rest();
        }

        @Override
        public Boolean result() {
            // What comes from now on is nobody's who waits.
            return exchange.rest();
        }
    }
}
