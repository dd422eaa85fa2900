package dev.howdah.replication;

import dev.howdah.error.ProtocolException;
import dev.howdah.wire.WireReader;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes rows of what a binary COPY sends. For one thread.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4">COPY's binary format</a>
 */
final class CopiedRows extends OutputStream {

    private static final byte[] SIGNATURE = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int HEADER = SIGNATURE.length + 2 * Integer.BYTES;
    private static final int ROOM = 64 << 10;

    private final Relation table;
    /** Which columns were made text by the query. */
    private final boolean[] text;

    private final Consumer<ChangedRow> to;
    private byte[] held = new byte[ROOM];
    private int from;
    private int end;
    private boolean begun;
    private boolean ended;
    private long rows;
    private long bytes;
    private @Nullable RuntimeException failure;

    CopiedRows(Relation table, boolean[] text, Consumer<ChangedRow> to) {
        this.table = table;
        this.text = text;
        this.to = to;
    }

    long rows() {
        return rows;
    }

    long bytes() {
        return bytes;
    }

    /** Returns what the taker has thrown, or what was wrong; null if nothing was. */
    @Nullable
    RuntimeException failure() {
        return failure;
    }

    @Override
    public void write(int one) {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.length);
        bytes += length;
        if (end + length > held.length) {
            makeRoom(length);
        }
        System.arraycopy(source, offset, held, end, length);
        end += length;
        try {
            take();
        } catch (RuntimeException e) {
            failure = e;
            throw e;
        }
    }

    private void makeRoom(int length) {
        int waiting = end - from;
        int needed = Math.addExact(waiting, length);
        byte[] into = needed > held.length ? new byte[Math.max(needed, Math.min(held.length * 2, 1 << 30))] : held;
        System.arraycopy(held, from, into, 0, waiting);
        held = into;
        from = 0;
        end = waiting;
    }

    private void take() {
        if (!begun) {
            if (end - from < HEADER) {
                return;
            }
            header();
        }
        while (!ended) {
            int after = endOfRow();
            if (after < 0) {
                return;
            }
            if (!ended) {
                to.accept(row(after));
                rows++;
            }
            from = after;
        }
    }

    private void header() {
        if (!Arrays.equals(held, from, from + SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)) {
            throw new ProtocolException("a binary COPY does not begin as one");
        }
        int extension = WireReader.int32At(held, from + SIGNATURE.length + Integer.BYTES);
        if (extension != 0) {
            throw new ProtocolException("a binary COPY has an extension of its header, of which none is known");
        }
        from += HEADER;
        begun = true;
    }

    /** Returns where the row ends that begins here, -1 if it has not all come. */
    private int endOfRow() {
        int at = from + Short.BYTES;
        if (at > end) {
            return -1;
        }
        int count = WireReader.int16At(held, from);
        if (count < 0) {
            ended = true;
            return at;
        } else if (count != text.length) {
            throw new ProtocolException("a row of a COPY has " + count + " columns in place of " + text.length);
        }
        for (int i = 0; i < count; i++) {
            if (at + Integer.BYTES > end) {
                return -1;
            }
            int length = WireReader.int32At(held, at);
            at += Integer.BYTES;
            if (length < -1) {
                throw new ProtocolException("a value of a COPY has the length " + length);
            }
            if (length > end - at) {
                return -1;
            }
            at += Math.max(length, 0);
        }
        return at;
    }

    /** Returns the row up to there, as one that a stream sends is laid out. */
    private ChangedRow row(int after) {
        byte[] laidOut = new byte[after - from - Short.BYTES + text.length];
        int[] places = new int[text.length];
        ByteBuffer into = ByteBuffer.wrap(laidOut);
        int at = from + Short.BYTES;
        for (int i = 0; i < text.length; i++) {
            int length = WireReader.int32At(held, at);
            at += Integer.BYTES;
            places[i] = into.position();
            if (length < 0) {
                into.put((byte) ChangedRow.IS_NULL);
            } else {
                into.put((byte) (text[i] ? ChangedRow.IS_TEXT : ChangedRow.IS_BINARY))
                        .putInt(length)
                        .put(held, at, length);
                at += length;
            }
        }
        return new ChangedRow(table, ChangedRow.Kind.NEW, laidOut, places);
    }
}
