package dev.howdah.wire;

import dev.howdah.error.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Holds the bytes received and cuts them into messages: one length, one limit. The owner reads into {@link #space()},
 * says how much with {@link #received(int)}, then takes message after message with {@link #next()}. Not safe for several
 * threads.
 */
public final class Framer {

    private static final int HEADER = 1 + Integer.BYTES;
    private static final int INITIAL = 8 * 1024;
    private static final int USUAL = 64 * 1024;
    private static final int MAX_CAPACITY = Integer.MAX_VALUE - 8;

    private byte[] bytes = new byte[INITIAL];
    private ByteBuffer view = ByteBuffer.wrap(bytes);
    private int start;
    private int end;
    private int limit;
    private char type;
    private int bodyOffset;
    private int bodyLength;

    /**
     * Makes a framer.
     *
     * @param limit the longest message accepted, in bytes, its length word included
     */
    public Framer(int limit) {
        this.limit = limit;
    }

    /** Changes the longest message accepted, in bytes. */
    public void limit(int limit) {
        this.limit = limit;
    }

    /** Returns free space to read into, never empty; valid until the next call of {@link #next()}. */
    public ByteBuffer space() {
        if (start == end) {
            start = 0;
            end = 0;
            if (bytes.length > USUAL) {
                replace(new byte[USUAL]);
            }
        }
        int wanted = pendingLength();
        if (end == bytes.length || wanted > bytes.length - start) {
            makeRoom(wanted);
        }
        return view.limit(bytes.length).position(end);
    }

    /** Says that {@code count} bytes have been put into {@link #space()}. */
    public void received(int count) {
        end += count;
        if (end == bytes.length && start == 0 && bytes.length < USUAL) {
            replace(Arrays.copyOf(bytes, bytes.length * 4));
        }
    }

    /** Returns true if bytes have been received that no message has taken yet. */
    public boolean hasLeftover() {
        return start < end;
    }

    /**
     * Takes the next whole message, if there is one. Its type and body can then be asked for until the next call.
     *
     * @throws ProtocolException if the length announced is impossible or over the limit
     */
    public boolean next() {
        int available = end - start;
        if (available < HEADER) {
            return false;
        }
        int length = announced();
        if (available - 1 < length) {
            return false;
        }
        type = (char) (bytes[start] & 0xff);
        bodyOffset = start + HEADER;
        bodyLength = length - Integer.BYTES;
        start += 1 + length;
        return true;
    }

    /** Returns the type byte of the message taken last. */
    public char type() {
        return type;
    }

    /** Returns the array that holds the body of the message taken last. */
    public byte[] array() {
        return bytes;
    }

    /** Returns where in {@link #array()} the body of the message taken last begins. */
    public int bodyOffset() {
        return bodyOffset;
    }

    /** Returns how many bytes the body of the message taken last has. */
    public int bodyLength() {
        return bodyLength;
    }

    private int announced() {
        int length = WireReader.int32At(bytes, start + 1);
        if (length < Integer.BYTES || length > limit) {
            throw new ProtocolException("the server announces a message " + describe(bytes[start]) + " of "
                    + Integer.toUnsignedString(length) + " bytes; accepted are " + Integer.BYTES + " to " + limit);
        }
        return length;
    }

    private static String describe(byte type) {
        return type > ' ' && type < 0x7f ? "'" + (char) type + "'" : String.format("0x%02x", type & 0xff);
    }

    /** Returns how many bytes the message at {@code start} has in all, 0 when that is not known yet. */
    private int pendingLength() {
        return end - start < HEADER ? 0 : (int) Math.min(MAX_CAPACITY, 1L + announced());
    }

    /**
     * Moves what is unread to the front, into a longer array if need be. It grows with what has really arrived (at most
     * four times of it), so that a length announced by a liar costs nothing.
     */
    private void makeRoom(int wanted) {
        int held = end - start;
        long size = Math.max(bytes.length, Math.min(wanted, Math.max(USUAL, held * 4L)));
        if (held == bytes.length) {
            size = Math.max(size, Math.min(MAX_CAPACITY, held * 2L));
        }
        byte[] target = size > bytes.length ? new byte[(int) size] : bytes;
        System.arraycopy(bytes, start, target, 0, held);
        start = 0;
        end = held;
        if (target != bytes) {
            replace(target);
        }
    }

    private void replace(byte[] target) {
        bytes = target;
        view = ByteBuffer.wrap(target);
    }
}
