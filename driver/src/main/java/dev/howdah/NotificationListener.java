package dev.howdah;

import dev.howdah.event.Notification;

/**
 * Is called with each notification on a channel.
 *
 * <p>What may be relied on:
 *
 * <ul>
 *   <li>Calls come one after another for each connection, together with those of its log listeners and termination
 *       listeners, in the order in which the server said it; each call sees what those before it did.
 *   <li>They run on a virtual thread, or on the executor that {@link ConnectOptionsBuilder#callbackExecutor} names, never
 *       on a thread that is using the connection, and no lock is held. So a listener may query the same connection, add and
 *       remove listeners, itself too, and close the connection. A query waits for its turn as anybody's; in particular,
 *       while a transaction of another thread is open it waits for its end, so that thread must not wait for the listener.
 *   <li>A slow listener delays the calls after it, not the connection. They wait in a queue that holds {@link
 *       ConnectOptions#notificationQueue()} events and 64 MiB; what comes when it is full is dropped until half of it is
 *       free again. Then {@link #onOverflow} is called in the place of what was lost, and the logger of the driver has a
 *       warning.
 *   <li>It is called as soon as the notification has come. Only what comes in bulk, many kilobytes without a pause, may be let gather
 *       for a few milliseconds, and be called by the thread that reads it; if such a call does not return, it takes up to 20
 *       milliseconds until another thread reads.
 *   <li>What it throws is logged, and the next call comes all the same.
 *   <li>After it has been removed no further call begins, not even for what has arrived before, except one that was about
 *       to on another thread.
 *   <li>The connection keeps a strong reference to it.
 * </ul>
 */
@FunctionalInterface
public interface NotificationListener {

    /**
     * Takes a notification.
     *
     * @param connection the connection that it came over
     * @param notification what was sent
     */
    void onNotification(PgConnection connection, Notification notification);

    /**
     * Is told that notifications for this listener were dropped because the queue was full: after the last that it got
     * before, and before the next that it gets. What it keeps in step with notifications has to be read anew. Does
     * nothing unless overridden.
     *
     * @param connection the connection that they came over
     * @param lost how many calls were not made
     */
    default void onOverflow(PgConnection connection, long lost) {}
}
