package dev.howdah.backup;

import dev.howdah.error.ProtocolException;
import dev.howdah.message.Bytes;
import dev.howdah.message.DataRow;
import dev.howdah.pump.CallLimits;
import dev.howdah.pump.Interrupts;
import dev.howdah.pump.Lease;
import dev.howdah.pump.Occupant;
import dev.howdah.pump.ReplicationHost;
import dev.howdah.session.BaseBackupExchange;
import dev.howdah.session.Conversation;
import dev.howdah.wire.WireReader;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * BASE_BACKUP under way, piece by piece. It has its connection for itself to the end; one that is not read to its end leaves the
 * connection fit for closing only. Used by one thread.
 */
final class BackupStream implements Occupant {

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final byte[] NOTHING = {};
    /** An array that is larger is not kept for what comes next. */
    private static final int LARGEST_KEPT = 1024 * 1024;

    private final ReplicationHost host;
    private final Lease lease = new Lease(Lease.Kind.REPLICATION);
    private final BaseBackupExchange exchange;
    private final String command;
    private final ReplicationHost.@Nullable Log log;
    private final WireReader reader = new WireReader();
    private byte[] bytes = NOTHING;
    private int filled;
    private int next;
    private byte kind;
    private int offset;
    private int length;
    private boolean told;

    private BackupStream(ReplicationHost host, String command) {
        this.host = host;
        this.command = command;
        this.exchange = new BaseBackupExchange(command);
        this.log = host.log();
    }

    /** Takes the connection, and has the server begin. */
    static BackupStream open(ReplicationHost host, String command) {
        BackupStream opened = new BackupStream(host, command);
        host.take(opened.lease, opened, opened.limits());
        return opened;
    }

    /** There is none: the server may wait for a checkpoint, or for its archive, for as long as it takes. */
    private CallLimits limits() {
        return new CallLimits(null, Interrupts.CANCEL, lease);
    }

    /**
     * Waits for the next piece.
     *
     * @return false at the end
     * @throws dev.howdah.error.PgException why the server has ended it
     */
    boolean advance() {
        while (next >= filled) {
            byte[] empty = bytes.length <= LARGEST_KEPT ? bytes : NOTHING;
            next = 0;
            filled = 0;
            Step step = new Step(BaseBackupExchange::read, empty);
            try {
                host.run(step, limits());
                if (filled == 0) {
                    exchange.result();
                    end(null);
                    return false;
                }
            } catch (RuntimeException | Error e) {
                end(e);
                throw e;
            }
        }
        kind = bytes[next];
        length = (int) INTS.get(bytes, next + 1);
        offset = next + BaseBackupExchange.HEADER;
        next = offset + length;
        return true;
    }

    /** Returns what the piece is: one of the kinds of {@link BaseBackupExchange}. */
    byte kind() {
        return kind;
    }

    /** Returns the array that holds the piece, until the next one is waited for. */
    byte[] bytes() {
        return bytes;
    }

    /** Returns where the piece begins. */
    int offset() {
        return offset;
    }

    /** Returns how long the piece is. */
    int length() {
        return length;
    }

    /** Returns the values of a piece that is a row. */
    List<@Nullable Bytes> row() {
        return DataRow.read(reader.over(bytes, offset, length)).values();
    }

    /** Returns the bytes of the piece to be read. */
    WireReader reader() {
        return reader.over(bytes, offset, length);
    }

    /** Gives it up; the connection is to be closed then, which has the server stop. */
    void abandon(Throwable why) {
        end(why);
    }

    private void end(@Nullable Throwable why) {
        host.giveBack(lease);
        if (log != null && !told) {
            told = true;
            log.tell(command, 0, why);
        }
    }

    @Override
    public void takenAway(String why) {
        if (!exchange.isDone()) {
            host.run(new Step(BaseBackupExchange::discard, NOTHING), CallLimits.CLEANUP);
        }
    }

    /** Returns the exception for a piece that must not come now. */
    static ProtocolException unexpected(String what) {
        return new ProtocolException("the server sent " + what + " in the middle of a backup");
    }

    /** Returns the value of a column that has to be there. */
    static String text(List<@Nullable Bytes> row, int column) {
        Bytes value = column < row.size() ? row.get(column) : null;
        if (value == null) {
            throw new ProtocolException("the server sent no value in column " + column + " of a backup's result");
        }
        return value.utf8();
    }

    /** Runs the exchange on until something has come. */
    private final class Step implements Conversation<Boolean> {
        private final Consumer<BaseBackupExchange> wish;
        private final byte[] empty;
        private boolean begun;

        Step(Consumer<BaseBackupExchange> wish, byte[] empty) {
            this.wish = wish;
            this.empty = empty;
        }

        @Override
        public @Nullable BaseBackupExchange next() {
            if (begun || exchange.isDone()) {
                return null;
            }
            begun = true;
            wish.accept(exchange);
            return exchange;
        }

        @Override
        public boolean continues() {
            return true;
        }

        @Override
        public void feed() {
            // It is full: what is here is to be taken first.
        }

        @Override
        public Boolean result() {
            // With the turn, for whoever watches the connection may read.
            filled = exchange.available();
            bytes = exchange.take(empty);
            return true;
        }
    }
}
