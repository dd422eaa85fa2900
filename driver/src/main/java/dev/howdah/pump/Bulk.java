package dev.howdah.pump;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Finds out whether what comes unasked comes in bulk, notifications by the thousand: then it is worth a moment's pause for more to gather,
 * for to be woken for each of the server's packets costs more than to take them in. What comes now and then is no bulk. ({@link Burst} does
 * the like where somebody waits for small messages one after the other.) For one thread at a time.
 */
final class Bulk {

    private static final Logger LOG = System.getLogger(Bulk.class.getName());

    /** For how long what comes in bulk is let gather at first, in nanoseconds. */
    static final long FIRST_PAUSE = Duration.ofMillis(1).toNanos();
    /** And when it goes on: twice as long each time up to that. */
    static final long LONG_PAUSE = Duration.ofMillis(4).toNanos();
    /** Up to that when {@link #VERY_MUCH} comes in one pause. */
    static final long LONGEST_PAUSE = Duration.ofMillis(8).toNanos();
    /** What comes at once is on the whole more than that: half a packet of the server's, behind which there is more. */
    static final int MUCH = 4 * 1024;
    /** What goes beyond that adds up to so many bytes in a bulk; what stays below counts against it. */
    static final int ENOUGH = 8 * 1024;
    /** So many bytes in one pause are worth {@link #LONGEST_PAUSE}. */
    static final int VERY_MUCH = 64 * 1024;
    /** So many, or half of what the socket holds, are enough for one pause: longer ones would hold up the server. */
    static final int PLENTY = 512 * 1024;
    /** A longer pause parts one bulk from the next, in nanoseconds. */
    static final long SOON = Duration.ofMillis(5).toNanos();
    /** After so many pauses in which little came the bulk is over. */
    static final int PATIENCE = 3;

    private final LongSupplier clock;
    private final IntSupplier holds;
    private long beyond;
    private long last;
    private int little;
    private long pause;

    /**
     * Makes one.
     *
     * @param clock tells nanoseconds
     * @param holds tells how many bytes may come before they are read
     */
    Bulk(LongSupplier clock, IntSupplier holds) {
        this.clock = clock;
        this.holds = holds;
        this.last = clock.getAsLong() - SOON;
    }

    /** Returns one for what comes by a channel. */
    static Bulk of(SocketChannel channel) {
        return new Bulk(System::nanoTime, () -> holds(channel));
    }

    /** Returns how many bytes a channel holds before they are read; systems let that grow while much comes. */
    static int holds(SocketChannel channel) {
        try {
            return channel.getOption(StandardSocketOptions.SO_RCVBUF);
        } catch (IOException e) {
            LOG.log(Level.TRACE, "a channel does not tell what it holds; it may have been closed", e);
            return VERY_MUCH;
        }
    }

    /** Returns whether it comes in bulk now. */
    boolean isOn() {
        return pause > 0;
    }

    /** Returns for how many nanoseconds more is to be let gather now; 0 if it does not come in bulk. */
    long pause() {
        return pause;
    }

    /**
     * Notes what has been read at once, or after a pause.
     *
     * @param count how many bytes; negative if another has read, and nothing is known
     */
    void came(long count) {
        if (isOn()) {
            little = count < MUCH ? little + 1 : 0;
            pause = little == PATIENCE ? 0 : next(count);
            return;
        }
        long now = clock.getAsLong();
        beyond = now - last < SOON ? Math.max(0, beyond + count - MUCH) : 0;
        last = now;
        if (beyond >= ENOUGH) {
            beyond = 0;
            little = 0;
            pause = FIRST_PAUSE;
        }
    }

    private long next(long count) {
        if (count < MUCH) {
            return pause;
        }
        if (count >= Math.min(PLENTY, holds.getAsInt() / 2)) {
            return Math.max(FIRST_PAUSE, pause / 2);
        }
        return Math.min(count < VERY_MUCH ? LONG_PAUSE : LONGEST_PAUSE, 2 * pause);
    }
}
