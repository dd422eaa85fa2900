package dev.howdah;

import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.pump.Burst;
import dev.howdah.pump.CallLimits;
import dev.howdah.session.CopyOutExchange;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** COPY ... TO STDOUT under way. */
final class CopyOutTransfer extends CopyTransfer<CopyOutExchange> {

    /** Takes data piece by piece. */
    interface Sink {
        /**
         * Takes a piece, which lasts until this returns.
         *
         * @param bytes an array that begins with it
         * @throws IOException if it fails
         */
        void accept(byte[] bytes, int length) throws IOException;
    }

    private static final Logger LOG = System.getLogger(CopyOutTransfer.class.getName());
    private static final byte[] NOTHING = {};
    /** An array that is larger is not kept for the next piece. */
    private static final int LARGEST_KEPT = 1024 * 1024;

    /** So much a server sends at a time. */
    private static final int SENT = 8 * 1024;

    private final Burst burst = new Burst();
    private byte[] bytes = NOTHING;
    private int length;

    private CopyOutTransfer(
            Core core, CallLimits limits, CopyOutExchange exchange, String sql, @Nullable Object[] parameters) {
        super(core, limits, exchange, sql, parameters);
    }

    /**
     * Has the server begin.
     *
     * @param text what is sent
     * @param sql what the caller gave
     * @param parameters likewise
     */
    static CopyOutTransfer open(Core core, CallLimits limits, String text, String sql, @Nullable Object[] parameters) {
        CopyOutExchange exchange = new CopyOutExchange(text, core.statements());
        CopyOutTransfer opened = new CopyOutTransfer(core, limits, exchange, sql, parameters);
        opened.open(begun -> {});
        return opened;
    }

    /**
     * Waits for data.
     *
     * @param empty an array that nobody needs any more, to put what comes next into
     * @return how many bytes have come; {@link #bytes()} begins with them. -1 at the end
     */
    int next(byte[] empty) {
        requireOpen();
        burst.beforeWait(core().pump().mayPark());
        length = 0;
        step(CopyOutExchange::read, exchange -> {
            // With the turn, for whoever watches the connection may have read while this side was busy, and may be at
            // it now.
            length = exchange.available();
            bytes = exchange.take(empty);
        });
        burst.afterWait((length + SENT - 1) / SENT);
        if (length == 0) {
            completed();
            return -1;
        }
        return length;
    }

    /** Returns the array that begins with what {@link #next} has got. */
    byte[] bytes() {
        return bytes;
    }

    /** Gives all to a sink; returns how many rows there were. */
    long copy(Sink sink) {
        byte[] spare = NOTHING;
        for (int length = next(spare); length >= 0; length = next(spare)) {
            byte[] piece = bytes;
            try {
                sink.accept(piece, length);
            } catch (IOException | RuntimeException | Error e) {
                throw failedHere("sink", e, Delivery.COMPLETED);
            }
            spare = piece.length <= LARGEST_KEPT ? piece : NOTHING;
        }
        return exchange().result();
    }

    /** Asks the server to stop, and drops what it sends until then. */
    @Override
    void giveUp(String why, CallLimits within) {
        try {
            core().cancel();
        } catch (ConnectionLostException e) {
            LOG.log(Level.DEBUG, "a COPY could not be cancelled: all of it is read, and dropped", e);
        }
        drain(CopyOutExchange::discard, within);
    }
}
