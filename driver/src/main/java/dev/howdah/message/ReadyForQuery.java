package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * The server is ready for the next query cycle.
 *
 * @param status whether a transaction is open
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-READYFORQUERY">ReadyForQuery</a>
 */
public record ReadyForQuery(TransactionStatus status) implements BackendMessage {

    private static final ReadyForQuery IDLE = new ReadyForQuery(TransactionStatus.IDLE);
    private static final ReadyForQuery IN_TRANSACTION = new ReadyForQuery(TransactionStatus.IN_TRANSACTION);
    private static final ReadyForQuery FAILED = new ReadyForQuery(TransactionStatus.FAILED);

    /** Returns the one with that status, without making it. */
    public static ReadyForQuery of(TransactionStatus status) {
        return switch (status) {
            case IDLE -> IDLE;
            case IN_TRANSACTION -> IN_TRANSACTION;
            case FAILED -> FAILED;
        };
    }

    /** Reads the body. */
    public static ReadyForQuery read(WireReader in) {
        TransactionStatus status = TransactionStatus.of((char) in.uint8());
        in.finish("ReadyForQuery");
        return of(status);
    }

    @Override
    public void write(WireWriter out) {
        out.begin('Z').int8(status.code()).end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("ReadyForQuery").letter(status.code());
    }
}
