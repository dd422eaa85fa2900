package dev.howdah.wire;

import dev.howdah.error.ProtocolException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads values in network order from a part of a byte array. Every access is checked against the end of that part: a
 * message that promises more than it holds is a {@link ProtocolException}, never a read of the next message. Not safe
 * for several threads; may be aimed at another part with {@link #over(byte[], int, int)}.
 */
public final class WireReader {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final byte[] NOTHING = new byte[0];
    private static final String NO_END = "a text in a message of the server has no end";

    private byte[] bytes = NOTHING;
    private int position;
    private int limit;

    /** Makes a reader of nothing. */
    public WireReader() {}

    /** Makes a reader of a whole array. */
    public WireReader(byte[] bytes) {
        over(bytes, 0, bytes.length);
    }

    /** Aims this reader at a part of an array. */
    public WireReader over(byte[] bytes, int offset, int length) {
        // It is the same array mostly, and to tell the collector of a change costs more than to look.
        if (this.bytes != bytes) {
            this.bytes = bytes;
        }
        this.position = offset;
        this.limit = offset + length;
        return this;
    }

    /** Returns how many bytes are left. */
    public int remaining() {
        return limit - position;
    }

    /** Returns the index in {@link #array()} of the next byte. */
    public int position() {
        return position;
    }

    /** Returns the array that is read. */
    public byte[] array() {
        return bytes;
    }

    /** Reads 8 bits, signed. */
    public byte int8() {
        return bytes[take(1)];
    }

    /** Reads 8 bits, unsigned. */
    public int uint8() {
        return bytes[take(1)] & 0xff;
    }

    /** Reads 16 bits, signed. */
    public short int16() {
        return (short) SHORT.get(bytes, take(Short.BYTES));
    }

    /** Reads 16 bits, unsigned. */
    public int uint16() {
        return int16() & 0xffff;
    }

    /** Reads 32 bits, signed. */
    public int int32() {
        return (int) INT.get(bytes, take(Integer.BYTES));
    }

    /** Reads 32 bits, unsigned, as an OID is. */
    public long uint32() {
        return int32() & 0xffff_ffffL;
    }

    /** Reads 64 bits, signed. */
    public long int64() {
        return (long) LONG.get(bytes, take(Long.BYTES));
    }

    /** Copies {@code length} bytes out. */
    public byte[] bytes(int length) {
        int from = take(length);
        return Arrays.copyOfRange(bytes, from, from + length);
    }

    /** Reads {@code length} bytes as UTF-8; what is not UTF-8 becomes U+FFFD. */
    public String utf8(int length) {
        return new String(bytes, take(length), length, StandardCharsets.UTF_8);
    }

    /** Reads text up to a zero byte, which is consumed. */
    public String cstring() {
        int end = textEnd();
        String text = new String(bytes, position, end - position, StandardCharsets.UTF_8);
        position = end + 1;
        return text;
    }

    /**
     * Reads text up to a zero byte, which is consumed.
     *
     * @param last what was read here before, and is again afterwards
     */
    public String cstring(RepeatedText last) {
        if (!last.isAt(bytes, position, limit)) {
            last.set(bytes, position, textEnd());
        }
        position += last.length() + 1;
        return last.text();
    }

    /**
     * Reads text up to a zero byte, which is consumed and is the last byte there is.
     *
     * @param what the message, for the exception
     */
    public String lastCstring(String what) {
        int length = limit - position - 1;
        if (length < 0 || bytes[limit - 1] != 0) {
            throw new ProtocolException(NO_END);
        }
        String text = new String(bytes, position, length, StandardCharsets.UTF_8);
        if (text.indexOf('\0') >= 0) {
            // It ends before the last byte, which is refused.
            cstring();
            finish(what);
        }
        position = limit;
        return text;
    }

    private int textEnd() {
        int end = zeroFrom(position);
        if (end == limit) {
            throw new ProtocolException(NO_END);
        }
        return end;
    }

    /** Returns the index of the next zero byte, or the limit; looks at eight bytes at a time. */
    private int zeroFrom(int from) {
        int i = from;
        while (limit - i >= Long.BYTES) {
            long eight = (long) LONG.get(bytes, i);
            // A borrow out of a byte, where its own top bit was not set, is one that held zero.
            long zeros = (eight - 0x0101_0101_0101_0101L) & ~eight & 0x8080_8080_8080_8080L;
            if (zeros != 0) {
                // Borrows run towards the first bytes: of those marked before the last, some may not be zero.
                break;
            }
            i += Long.BYTES;
        }
        while (i < limit && bytes[i] != 0) {
            i++;
        }
        return i;
    }

    /** Passes over {@code length} bytes. */
    public void skip(int length) {
        take(length);
    }

    /**
     * Checks that everything has been read.
     *
     * @param what the message, for the exception
     */
    public void finish(String what) {
        if (position != limit) {
            throw new ProtocolException(what + " has " + (limit - position) + " bytes too many");
        }
    }

    /** Reads a big-endian int at any index of an array; the array's own bounds are checked. */
    public static int int32At(byte[] bytes, int index) {
        return (int) INT.get(bytes, index);
    }

    /** Reads a big-endian long at any index of an array; the array's own bounds are checked. */
    public static long int64At(byte[] bytes, int index) {
        return (long) LONG.get(bytes, index);
    }

    /** Reads a big-endian short at any index of an array; the array's own bounds are checked. */
    public static short int16At(byte[] bytes, int index) {
        return (short) SHORT.get(bytes, index);
    }

    private int take(int length) {
        int from = position;
        if (length < 0 || length > limit - from) {
            throw new ProtocolException(
                    "a message of the server ends early: " + length + " bytes wanted, " + (limit - from) + " left");
        }
        position = from + length;
        return from;
    }
}
