package dev.howdah;

import dev.howdah.error.ConfigException;
import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.PgException;
import dev.howdah.event.Gap;
import dev.howdah.event.Notification;
import dev.howdah.pump.Backoff;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a subscription connected: waits for what comes, probes, connects again, each on one virtual thread. It calls nothing
 * of the user's but what the options to connect with hold. The other methods are safe for several threads.
 */
final class SubscriptionKeeper {

    private static final Logger LOG = System.getLogger(SubscriptionKeeper.class.getName());

    private final ConnectOptions options;
    private final SubscriptionOptions settings;
    private final SubscriptionChannels channels;
    private final SubscriptionQueue queue;
    private final InstantSource clock = InstantSource.system();
    private final Backoff backoff;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private State state = State.CONNECTING;
    private volatile @Nullable SubscriptionLink link;
    private volatile @Nullable Instant lastHeard;
    private long reconnects;

    /** What it is at. */
    private enum State {
        CONNECTING,
        CONNECTED,
        CLOSED
    }

    /** What the next connection has to make good. */
    private record Loss(Instant from, PgException cause) {}

    SubscriptionKeeper(
            ConnectOptions options,
            SubscriptionOptions settings,
            SubscriptionChannels channels,
            SubscriptionQueue queue) {
        this.options = SubscriptionLink.options(options);
        this.settings = settings;
        this.channels = channels;
        this.queue = queue;
        this.backoff = new Backoff(
                settings.firstPause(),
                settings.longestPause(),
                () -> ThreadLocalRandom.current().nextDouble());
        this.thread = Thread.ofVirtual().name("howdah-subscription").unstarted(this::run);
    }

    /** Connects for the first time, unless that is to be done in the background, and begins. */
    void start() {
        if (!settings.connectInBackground()) {
            connect(null);
        }
        thread.start();
    }

    private void run() {
        try {
            SubscriptionLink live = link;
            Loss loss = null;
            while (isOpen()) {
                if (live == null) {
                    live = reconnect(loss);
                }
                if (live != null) {
                    loss = hear(live);
                    live = null;
                }
            }
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "a subscription ends by a mistake of the driver", e);
            throw e;
        } finally {
            end();
            SubscriptionLink left = link;
            if (left != null) {
                left.close();
            }
        }
    }

    /** Connects and listens; says so then. Returns null if the subscription was closed meanwhile. */
    private @Nullable SubscriptionLink connect(@Nullable Loss loss) {
        SubscriptionLink made = SubscriptionLink.open(options, channels, clock);
        boolean connected = false;
        // From here on whoever adds a channel sees to it himself; those that were added before are seen now.
        link = made;
        try {
            made.begin(settings.probeTimeout());
            connected = connected(made, loss != null);
        } finally {
            if (!connected) {
                link = null;
                made.close();
            }
        }
        if (!connected) {
            return null;
        }
        queue.add(new SubscriptionEvent.Connected(made.info()));
        if (loss != null) {
            Instant from = loss.from().isAfter(made.proven()) ? made.proven() : loss.from();
            queue.add(new SubscriptionEvent.Deaf(new Gap(from, made.proven(), loss.cause())));
        }
        return made;
    }

    /** It listens on all channels; returns false if the subscription was closed meanwhile. */
    private boolean connected(SubscriptionLink made, boolean again) {
        lock.lock();
        try {
            if (state == State.CLOSED) {
                return false;
            }
            lastHeard = made.proven();
            reconnects += again ? 1 : 0;
            state = State.CONNECTED;
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Tries until there is a connection. Returns null if there will be none. */
    private @Nullable SubscriptionLink reconnect(@Nullable Loss loss) {
        long start = System.nanoTime();
        for (int attempt = 1; isOpen(); attempt++) {
            PgException failure = null;
            try {
                return connect(loss);
            } catch (InterruptedWaitException e) {
                // Somebody closes the subscription, or has just done so.
                Thread.interrupted();
            } catch (PgException e) {
                failure = e;
            } catch (RuntimeException e) {
                failure = new ConfigException(null, "what the connection needs could not be had", e);
            }
            if (failure != null && isOpen()) {
                Duration pause = backoff.failed();
                Duration limit = settings.giveUpAfter();
                if (limit != null) {
                    Duration left = limit.minusNanos(System.nanoTime() - start);
                    if (left.isNegative()) {
                        queue.add(new SubscriptionEvent.GivenUp(failure));
                        end();
                        return null;
                    }
                    pause = left.compareTo(pause) < 0 ? left : pause;
                }
                queue.add(new SubscriptionEvent.Failed(failure, attempt, pause));
                pause(pause);
            }
        }
        return null;
    }

    /** Waits, unless or until the subscription is closed. */
    private void pause(Duration time) {
        lock.lock();
        try {
            long nanos = time.toNanos();
            while (state != State.CLOSED && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            LOG.log(Level.TRACE, "a pause ends: the subscription is being closed", e);
        } finally {
            lock.unlock();
        }
    }

    /** Hears what comes until the connection is lost or the subscription closed. */
    private @Nullable Loss hear(SubscriptionLink live) {
        long start = System.nanoTime();
        PgException cause = hearAll(live, start);
        if (!disconnected()) {
            // Whoever closes the subscription may not have seen this connection.
            live.close();
            return null;
        }
        queue.add(new SubscriptionEvent.Disconnected(cause));
        pause(backoff.lost(Duration.ofNanos(System.nanoTime() - start)));
        return new Loss(live.proven(), cause);
    }

    /** There is no connection any more; returns false if the subscription was closed meanwhile. */
    private boolean disconnected() {
        lock.lock();
        try {
            link = null;
            if (state == State.CLOSED) {
                return false;
            }
            state = State.CONNECTING;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private PgException hearAll(SubscriptionLink live, long start) {
        ProbeTimer timer = new ProbeTimer(settings.probeInterval(), settings.probeTimeout(), start);
        while (true) {
            long now = System.nanoTime();
            if (timer.isDead(now)) {
                live.abandon();
                return new ConnectionLostException(
                        "The server did not answer a probe within "
                                + settings.probeTimeout().toMillis() + " ms",
                        null,
                        Delivery.UNKNOWN,
                        null);
            }
            if (timer.isDue(now)) {
                timer.sent(now);
                live.probe(() -> {
                    lastHeard = clock.instant();
                    timer.answered();
                });
            }
            PgException end = hearSome(live, timer, now);
            if (end != null) {
                return end;
            }
        }
    }

    /** Hears until something has come or a probe has to be looked after; returns why no more will come, if so. */
    private @Nullable PgException hearSome(SubscriptionLink live, ProbeTimer timer, long now) {
        try {
            List<Notification> arrived = live.take(Duration.ofNanos(timer.nanosToWait(now)));
            if (arrived.isEmpty()) {
                return isOpen() ? live.failure() : closed();
            }
            timer.heard(System.nanoTime());
            lastHeard = clock.instant();
            queue.arrived(live.newlyDropped(), arrived);
            return null;
        } catch (InterruptedWaitException e) {
            if (isOpen()) {
                Thread.interrupted();
                return null;
            }
            return e;
        } catch (PgException e) {
            return e;
        }
    }

    private static PgException closed() {
        return new ConnectionClosedException("the subscription was closed", Delivery.NOT_SENT);
    }

    private void end() {
        lock.lock();
        try {
            state = State.CLOSED;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isOpen() {
        lock.lock();
        try {
            return state != State.CLOSED;
        } finally {
            lock.unlock();
        }
    }

    boolean isConnected() {
        lock.lock();
        try {
            return state == State.CONNECTED;
        } finally {
            lock.unlock();
        }
    }

    boolean awaitConnected(Duration timeout) {
        lock.lock();
        try {
            long nanos = timeout.compareTo(Duration.ofDays(36_500)) > 0 ? Long.MAX_VALUE : timeout.toNanos();
            while (state == State.CONNECTING && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return state == State.CONNECTED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedWaitException(Delivery.NOT_SENT, e);
        } finally {
            lock.unlock();
        }
    }

    /** The channels have changed: if connected, returns when the server has followed. */
    void channelsChanged() {
        SubscriptionLink live = link;
        if (live != null) {
            live.follow();
        }
    }

    @Nullable
    Instant lastHeard() {
        return lastHeard;
    }

    long reconnects() {
        lock.lock();
        try {
            return reconnects;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the connection and the thread; waits for that so long at most. */
    void close(Duration grace) {
        end();
        SubscriptionLink live = link;
        if (live != null) {
            live.close();
        }
        thread.interrupt();
        boolean interrupted = Thread.interrupted();
        try {
            if (Thread.currentThread() != thread && !thread.join(grace)) {
                LOG.log(Level.DEBUG, "a subscription that was closed still waits for a server");
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
