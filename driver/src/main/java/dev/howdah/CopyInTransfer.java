package dev.howdah;

import dev.howdah.error.Delivery;
import dev.howdah.pump.CallLimits;
import dev.howdah.session.CopyInExchange;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** COPY ... FROM STDIN under way. */
final class CopyInTransfer extends CopyTransfer<CopyInExchange> {

    /** Gives data piece by piece. */
    interface Source {
        /**
         * Returns the next piece, which lasts until this is called again, or null at the end.
         *
         * @throws Exception if it fails
         */
        @Nullable
        ByteBuffer next() throws Exception;
    }

    /** How an exchange is given a piece. */
    private interface Sending {
        void send(CopyInExchange exchange, byte[] bytes, int from, int count);
    }

    /** How many bytes have to be free in an array before data that are sent in place. */
    static final int ROOM = CopyInExchange.HEADER;

    /** A longer piece is sent in several messages. */
    private static final int LONGEST_PIECE = 1024 * 1024;

    private CopyInTransfer(
            Core core, CallLimits limits, CopyInExchange exchange, String sql, @Nullable Object[] parameters) {
        super(core, limits, exchange, sql, parameters);
    }

    /**
     * Has the server begin.
     *
     * @param text what is sent
     * @param sql what the caller gave
     * @param parameters likewise
     */
    static CopyInTransfer open(Core core, CallLimits limits, String text, String sql, @Nullable Object[] parameters) {
        CopyInExchange exchange = new CopyInExchange(text, core.statements());
        CopyInTransfer opened = new CopyInTransfer(core, limits, exchange, sql, parameters);
        opened.open(CopyInExchange::begin);
        return opened;
    }

    /**
     * Sends data of an array that nobody needs any more as it is; they have been given to the system when this returns.
     *
     * @param offset at least {@link #ROOM}; what is before it is overwritten
     */
    void writeInPlace(byte[] bytes, int offset, int length) {
        write(bytes, offset, length, CopyInExchange::sendInPlace);
    }

    private void write(byte[] bytes, int offset, int length, Sending how) {
        for (int done = 0; done < length; done += LONGEST_PIECE) {
            int from = offset + done;
            int count = Math.min(LONGEST_PIECE, length - done);
            step(exchange -> how.send(exchange, bytes, from, count));
        }
    }

    private void write(ByteBuffer bytes) {
        if (bytes.hasArray()) {
            write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining(), CopyInExchange::send);
        } else {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            write(copy, 0, copy.length, CopyInExchange::send);
        }
    }

    /** Sends what a source gives, and finishes. */
    long copy(Source source) {
        return copy(source, this::write);
    }

    /** Sends what a source puts into an array of ours, behind {@link #ROOM} bytes, and finishes. */
    long copyInPlace(Source source) {
        return copy(
                source,
                piece -> writeInPlace(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining()));
    }

    private long copy(Source source, Consumer<ByteBuffer> sink) {
        while (true) {
            ByteBuffer piece;
            try {
                piece = source.next();
            } catch (Exception | Error e) {
                throw failedHere("source", e, Delivery.REFUSED);
            }
            if (piece == null) {
                return finish();
            }
            if (piece.hasRemaining()) {
                sink.accept(piece);
            } else {
                // Time limits and cancels are heeded also while nothing comes.
                step(CopyInExchange::begin);
            }
        }
    }

    /** Has the server keep it; returns how many rows there are. */
    long finish() {
        step(CopyInExchange::finish);
        completed();
        return exchange().result();
    }

    @Override
    void giveUp(String why, CallLimits within) {
        drain(exchange -> exchange.abort(why), within);
    }
}
