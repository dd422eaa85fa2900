package dev.howdah;

import dev.howdah.error.PgException;
import dev.howdah.event.Gap;
import dev.howdah.event.Notification;
import java.time.Duration;

/** What a subscription has to tell, in the order in which it happened. */
sealed interface SubscriptionEvent {

    /** A notification has come. */
    record Arrived(Notification notification) implements SubscriptionEvent {}

    /** All channels are listened on. */
    record Connected(ConnectionInfo info) implements SubscriptionEvent {}

    /** The connection was lost. */
    record Disconnected(PgException cause) implements SubscriptionEvent {}

    /** A try to connect has failed. */
    record Failed(PgException failure, int attempt, Duration pause) implements SubscriptionEvent {}

    /** It was deaf for a while. */
    record Deaf(Gap gap) implements SubscriptionEvent {}

    /** No further try is made. */
    record GivenUp(PgException failure) implements SubscriptionEvent {}

    /** Here notifications are missing. Grows only while it is the last in the queue, whose lock guards it. */
    final class Overflow implements SubscriptionEvent {
        private long lost;

        void add(long more) {
            lost += more;
        }

        long lost() {
            return lost;
        }
    }
}
