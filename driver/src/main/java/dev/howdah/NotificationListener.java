package dev.howdah;

import dev.howdah.event.Notification;

/**
 * Is called with each notification on a channel.
 *
 * <p>Calls come one after another, in the order of arrival, on a virtual thread that belongs to no caller; no lock is
 * held meanwhile, so a listener may use the connection. A slow listener delays those after it, not the connection. What
 * it throws is logged, and the next notification comes all the same.
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
}
