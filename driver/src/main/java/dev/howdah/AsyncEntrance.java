package dev.howdah;

import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.pump.Lease;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Lets a subscriber in when its turn comes among the operations of a lane. Until it leaves, no other operation begins; the
 * connection's thread does not wait for it, so its end is seen at once.
 */
final class AsyncEntrance implements Entrance {

    private final AsyncLane lane;
    private final AsyncOperation<@Nullable Lease> held;

    /**
     * Makes one that has not been asked for.
     *
     * @param limit how long the subscriber waits for its turn, or null
     */
    AsyncEntrance(AsyncLane lane, @Nullable Duration limit) {
        this.lane = lane;
        this.held = new AsyncOperation<>(lane, AsyncOperation.Kind.HOLD, limit, (db, left) -> null, null);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // it is the one that is waited for
    public @Nullable Lease enter() {
        lane.queue().submit(held);
        try {
            return held.get();
        } catch (InterruptedException e) {
            held.cancel(true);
            leave();
            Thread.currentThread().interrupt();
            throw new InterruptedWaitException(Delivery.NOT_SENT, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void leave() {
        lane.queue().release(held);
    }
}
