package dev.howdah;

import dev.howdah.pump.Lease;
import org.jspecify.annotations.Nullable;

/** Lets one subscriber in when its turn comes. Used by the thread of its subscription. */
interface Entrance {

    /**
     * Waits for the turn.
     *
     * @return the lease of the transaction that the query is part of, or null
     * @throws dev.howdah.error.PgException if the turn does not come
     * @throws dev.howdah.error.InterruptedWaitException if the thread was interrupted; its flag is set again
     */
    @Nullable
    Lease enter();

    /** Lets the next one in. Does nothing if that has been done, or the turn has not come. */
    void leave();

    /** Returns one that has nobody wait. */
    static Entrance open(@Nullable Lease transaction) {
        return new Entrance() {
            @Override
            public @Nullable Lease enter() {
                return transaction;
            }

            @Override
            public void leave() {
                // Nobody waits for it.
            }
        };
    }
}
