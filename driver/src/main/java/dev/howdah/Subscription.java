package dev.howdah;

import dev.howdah.error.InterruptedWaitException;
import dev.howdah.event.Notification;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Listens on channels for as long as the program runs, whatever happens to the server. It has a connection of its own and makes
 * a new one when that is lost: at once first, then after random pauses that grow, to any of the hosts of the options that is
 * a primary, so also to the new one after a failover. It listens on all channels again before it says that it is connected,
 * and tells its listener about the {@link dev.howdah.event.Gap gap} in which it was deaf, so that tables can be read again.
 *
 * {@snippet :
 * try (Subscription subscription = Howdah.subscribe(options, List.of("orders"), listener)) {
 *     subscription.addListener("prices", notification -> prices.refresh(notification.payload()));
 *     awaitShutdown();
 * }
 * }
 *
 * <p>A connection that is silent is probed with an empty query, so that a peer that has gone without a word is missed within
 * 15 seconds, or as the {@link SubscriptionOptions} say. Callbacks are called as {@link SubscriptionListener} says. One
 * subscription serves any number of channels and listeners: each channel is listened on once, over the same connection.
 *
 * <p>Safe for several threads. It holds on to its listeners, and lives until it is closed or gives up, also if nobody holds it.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-listen.html">LISTEN</a>
 */
public final class Subscription implements AutoCloseable {

    private static final Duration CLOSE_GRACE = Duration.ofSeconds(5);

    private final SubscriptionListener listener;
    private final SubscriptionChannels channels;
    private final SubscriptionQueue queue;
    private final SubscriptionKeeper keeper;

    private Subscription(ConnectOptions options, SubscriptionListener listener, SubscriptionOptions settings) {
        this.listener = listener;
        this.channels = new SubscriptionChannels(listener);
        this.queue = new SubscriptionQueue(settings.queueCapacity(), settings.executor(), this::tell);
        this.keeper = new SubscriptionKeeper(options, settings, channels, queue);
    }

    static Subscription start(
            ConnectOptions options,
            Collection<String> channels,
            SubscriptionListener listener,
            SubscriptionOptions settings) {
        Subscription subscription = new Subscription(options, listener, settings);
        subscription.channels.add(channels);
        subscription.keeper.start();
        return subscription;
    }

    private void tell(SubscriptionEvent event) {
        switch (event) {
            case SubscriptionEvent.Arrived arrived -> channels.deliver(arrived.notification(), queue::isOpen);
            case SubscriptionEvent.Connected connected -> told(() -> listener.onConnected(connected.info()));
            case SubscriptionEvent.Disconnected lost -> told(() -> listener.onDisconnected(lost.cause()));
            case SubscriptionEvent.Failed failed ->
                told(() -> listener.onFailedAttempt(failed.failure(), failed.attempt(), failed.pause()));
            case SubscriptionEvent.Deaf deaf -> told(() -> listener.onGap(deaf.gap()));
            case SubscriptionEvent.GivenUp givenUp -> told(() -> listener.onGivenUp(givenUp.failure()));
            case SubscriptionEvent.Overflow overflow -> told(() -> listener.onOverflow(overflow.lost()));
        }
    }

    private static void told(Runnable callback) {
        SubscriptionChannels.guarded(callback);
    }

    /**
     * Adds a channel for the subscription's own listener; does nothing if it has that already. If the subscription is
     * connected, the server listens when this returns; if not, it will with the next connection, before {@link
     * SubscriptionListener#onConnected}.
     *
     * @param channel its name as it is, at most 63 bytes in UTF-8; case matters
     * @throws IllegalArgumentException if it cannot be the name of a channel
     * @throws IllegalStateException if the subscription is closed
     */
    public void addChannel(String channel) {
        refuseWhenClosed();
        channels.add(List.of(channel));
        keeper.channelsChanged();
    }

    /** Takes a channel away from the subscription's own listener; does nothing if it does not have that. */
    public void removeChannel(String channel) {
        channels.remove(channel);
        keeper.channelsChanged();
    }

    /**
     * Calls {@code listener} with each notification on a channel, after those that were added before. Added twice it is
     * called twice. When the server listens is said with {@link #addChannel(String)}. Gaps are told to the subscription's own
     * listener only.
     *
     * @param channel its name as it is, at most 63 bytes in UTF-8; case matters
     * @param listener may be slow, throw, and use the subscription
     * @throws IllegalArgumentException if it cannot be the name of a channel
     * @throws IllegalStateException if the subscription is closed
     */
    public void addListener(String channel, Consumer<Notification> listener) {
        refuseWhenClosed();
        channels.add(channel, listener);
        keeper.channelsChanged();
    }

    /**
     * Stops calling {@code listener} for a channel, also with what has arrived and waits; does nothing if it was not added.
     * When nobody hears a channel any more, the server is told.
     */
    public void removeListener(String channel, Consumer<Notification> listener) {
        channels.remove(channel, listener);
        keeper.channelsChanged();
    }

    private void refuseWhenClosed() {
        if (!keeper.isOpen()) {
            throw new IllegalStateException("the subscription is closed; make a new one");
        }
    }

    /** Returns the channels that somebody hears, in the order of their names, whether connected or not; a copy. */
    public Set<String> channels() {
        return channels.names();
    }

    /** Returns whether it listens, as far as is known. */
    public boolean isConnected() {
        return keeper.isConnected();
    }

    /**
     * Waits until it listens.
     *
     * @return false if it does not in time, or is closed
     * @throws InterruptedWaitException if the thread was interrupted; its flag is set again
     */
    public boolean awaitConnected(Duration timeout) {
        return keeper.awaitConnected(timeout);
    }

    /** Returns how many notifications have come, those included that were lost because listeners were too slow. */
    public long received() {
        return queue.received();
    }

    /** Returns how many notifications the listeners have had. */
    public long delivered() {
        return queue.delivered();
    }

    /** Returns how many notifications wait for listeners. */
    public int queueDepth() {
        return queue.depth();
    }

    /** Returns how many notifications were dropped because the queue was full. What was sent in a gap is not known. */
    public long lost() {
        return queue.lost();
    }

    /** Returns how many times it has connected again. */
    public long reconnects() {
        return keeper.reconnects();
    }

    /** Returns when the server has last said anything, by this machine's clock; null if it never has. */
    public @Nullable Instant lastHeard() {
        return keeper.lastHeard();
    }

    /**
     * Stops listening and ends the connection. Notifications that wait are dropped. No callback begins after this has returned,
     * or, when a callback calls it, after that; for one that runs it waits up to 5 seconds, and as long for a server that
     * does not answer. Does nothing the second time.
     */
    @Override
    public void close() {
        keeper.close(CLOSE_GRACE);
        queue.close(CLOSE_GRACE);
    }

    /** Returns the channels and whether it is connected. */
    @Override
    public String toString() {
        return "Subscription" + channels.names() + (isConnected() ? " connected" : " not connected");
    }
}
