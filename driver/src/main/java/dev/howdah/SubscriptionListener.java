package dev.howdah;

import dev.howdah.error.PgException;
import dev.howdah.event.Gap;
import dev.howdah.event.Notification;
import java.time.Duration;

/**
 * What a {@link Subscription} tells. Calls come one after another, in the order in which things happened, on a virtual
 * thread or the executor of the {@link SubscriptionOptions}; no lock is held meanwhile. A slow one delays those after it, not
 * the subscription. What it throws is logged, and the next call comes all the same. It may close the subscription and
 * change its channels.
 *
 * <p>When a connection is lost the order is: the last notification that it brought, {@link #onDisconnected}, {@link
 * #onFailedAttempt} for each try that fails, {@link #onConnected}, {@link #onGap}, the first notification of the new one.
 * No notification comes twice.
 */
@FunctionalInterface
public interface SubscriptionListener {

    /**
     * A notification has come on one of the channels that the subscription was made with, or that {@link
     * Subscription#addChannel} added.
     */
    void onNotification(Notification notification);

    /**
     * The subscription was deaf: what was sent meanwhile is lost, and has to be found by reading the tables that it was
     * about. It listens again already, so nothing is missed between that reading and the next notification. What changes
     * while you read may be both in what you read and in a notification that follows.
     *
     * {@snippet :
     * public void onNotification(Notification notification) {
     *     takeNew();
     * }
     *
     * public void onGap(Gap gap) {
     *     takeNew();
     * }
     *
     * private void takeNew() {
     *     for (Row row : db.query("update orders set taken = true where not taken returning id, item")) {
     *         process(row);
     *     }
     * }
     * }
     */
    default void onGap(Gap gap) {}

    /**
     * The subscription is connected and listens on all its channels: for the first time, which leaves no gap, or again,
     * when {@link #onGap} follows. The first time, too, is when to read what there is: first listen, then read.
     *
     * @param info the connection, for example which of several servers it is to
     */
    default void onConnected(ConnectionInfo info) {}

    /** The connection was lost. The subscription is deaf until {@link #onConnected}. */
    default void onDisconnected(PgException cause) {}

    /**
     * A try to connect has failed. If the listener is behind, tries that failed in a row are told of as one, the last.
     *
     * @param failure why
     * @param attempt how many tries there were since the connection was lost, this one included
     * @param pause when the next will be made
     */
    default void onFailedAttempt(PgException failure, int attempt, Duration pause) {}

    /**
     * No further try is made: the time of {@link SubscriptionOptions#withGiveUpAfter} has passed. The subscription is
     * closed.
     */
    default void onGivenUp(PgException failure) {}

    /**
     * At this place in the order of events, notifications are missing: more came than the queue takes. Read again what
     * they may have been about, as after a gap.
     *
     * @param lost how many, on all channels together
     */
    default void onOverflow(long lost) {}
}
