package dev.howdah;

import dev.howdah.error.Delivery;
import dev.howdah.pump.CallLimits;
import dev.howdah.session.CopyInExchange;
import java.nio.ByteBuffer;
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

    /** Sends data; they have been given to the system when this returns. */
    void write(byte[] bytes, int offset, int length) {
        for (int done = 0; done < length; done += LONGEST_PIECE) {
            int from = offset + done;
            int count = Math.min(LONGEST_PIECE, length - done);
            step(exchange -> exchange.send(bytes, from, count));
        }
    }

    private void write(ByteBuffer bytes) {
        if (bytes.hasArray()) {
            write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        } else {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            write(copy, 0, copy.length);
        }
    }

    /** Sends what a source gives, and finishes. */
    long copy(Source source) {
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
            write(piece);
        }
    }

    /** Has the server keep it; returns how many rows there are. */
    long finish() {
        step(CopyInExchange::finish);
        completed();
        return exchange().result();
    }

    @Override
    void fed() {
        exchange().pause();
    }

    @Override
    void giveUp(String why) {
        drain(exchange -> exchange.abort(why));
    }

    @Override
    void giveUpInTurn(String why) {
        core().pump().run(new Step(exchange -> exchange.abort(why), true), CallLimits.CLEANUP);
    }
}
