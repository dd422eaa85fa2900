package dev.howdah.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing buffer of bytes in network order. A message or a length-prefixed value is written between a begin and an
 * end; its length is patched in at the end. Not safe for several threads.
 *
 * <p>A writer whose encoding failed half way is set back with {@link #truncate(int)} to a position taken before, so that
 * half a message never leaves.
 */
public final class WireWriter {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** The largest array that every JVM can make. */
    private static final int MAX_CAPACITY = Integer.MAX_VALUE - 8;

    private byte[] bytes;
    private int position;
    private int messageStart = -1;

    /**
     * Makes an empty writer.
     *
     * @param capacity bytes to hold before the first growth
     */
    public WireWriter(int capacity) {
        this.bytes = new byte[capacity];
    }

    /** Writes a big-endian int at any index of an array; the array's own bounds are checked. */
    public static void int32At(byte[] bytes, int index, int value) {
        INT.set(bytes, index, value);
    }

    /** Returns how many bytes have been written. */
    public int position() {
        return position;
    }

    /** Returns the array behind this writer; valid until the next write. */
    public byte[] array() {
        return bytes;
    }

    /** Returns how many bytes the array behind this writer holds, written or not. */
    public int capacity() {
        return bytes.length;
    }

    /** Forgets everything written after {@code position}, an open message included. */
    public void truncate(int position) {
        if (position < 0 || position > this.position) {
            throw new IllegalArgumentException("cannot go back from " + this.position + " to " + position);
        }
        this.position = position;
        this.messageStart = -1;
    }

    /** Forgets everything written; keeps the array unless it grew beyond {@code keep} bytes. */
    public void clear(int keep) {
        position = 0;
        messageStart = -1;
        if (bytes.length > keep) {
            bytes = new byte[keep];
        }
    }

    /** Returns a copy of what has been written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, position);
    }

    /** Begins a message with a type byte. */
    public WireWriter begin(char type) {
        int8(type);
        return begin();
    }

    /** Begins a message without a type byte, as StartupMessage and CancelRequest are. */
    public WireWriter begin() {
        if (messageStart >= 0) {
            throw new IllegalStateException("the message before is not ended");
        }
        messageStart = position;
        return int32(0);
    }

    /** Ends the message begun last: its length, itself included and the type byte not, is patched in. */
    public WireWriter end() {
        if (messageStart < 0) {
            throw new IllegalStateException("no message is begun");
        }
        INT.set(bytes, messageStart, position - messageStart);
        messageStart = -1;
        return this;
    }

    /** Begins a value that is preceded by its length; the returned mark goes to {@link #endValue(int)}. */
    public int beginValue() {
        int mark = position;
        int32(0);
        return mark;
    }

    /** Ends the value that began at {@code mark}: the count of bytes written since is patched in. */
    public void endValue(int mark) {
        INT.set(bytes, mark, position - mark - Integer.BYTES);
    }

    /** Writes the length -1 that stands for SQL NULL. */
    public WireWriter nullValue() {
        return int32(-1);
    }

    /** Writes the lowest 8 bits of {@code value}. */
    public WireWriter int8(int value) {
        need(1);
        bytes[position++] = (byte) value;
        return this;
    }

    /** Writes the lowest 16 bits of {@code value}. */
    public WireWriter int16(int value) {
        need(Short.BYTES);
        SHORT.set(bytes, position, (short) value);
        position += Short.BYTES;
        return this;
    }

    /** Writes 32 bits. */
    public WireWriter int32(int value) {
        need(Integer.BYTES);
        INT.set(bytes, position, value);
        position += Integer.BYTES;
        return this;
    }

    /** Writes 64 bits. */
    public WireWriter int64(long value) {
        need(Long.BYTES);
        LONG.set(bytes, position, value);
        position += Long.BYTES;
        return this;
    }

    /** Overwrites 32 bits written before at {@code at}. */
    public void patch32(int at, int value) {
        if (at < 0 || at + Integer.BYTES > position) {
            throw new IndexOutOfBoundsException("no 32 bits were written at " + at);
        }
        INT.set(bytes, at, value);
    }

    /** Overwrites 16 bits written before at {@code at}. */
    public void patch16(int at, int value) {
        if (at < 0 || at + Short.BYTES > position) {
            throw new IndexOutOfBoundsException("no 16 bits were written at " + at);
        }
        SHORT.set(bytes, at, (short) value);
    }

    /** Writes bytes as they are. */
    public WireWriter bytes(byte[] source) {
        return bytes(source, 0, source.length);
    }

    /** Writes a part of an array. */
    public WireWriter bytes(byte[] source, int offset, int length) {
        need(length);
        System.arraycopy(source, offset, bytes, position, length);
        position += length;
        return this;
    }

    /** Writes text in UTF-8, neither length nor terminator. An unpaired surrogate is written as '?'. */
    public WireWriter utf8(String text) {
        int length = text.length();
        need(length);
        int at = position;
        byte[] target = bytes;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                position = at;
                return bytes(text.substring(i).getBytes(StandardCharsets.UTF_8));
            }
            target[at++] = (byte) c;
        }
        position = at;
        return this;
    }

    /**
     * Writes text in UTF-8 with a zero byte behind it.
     *
     * @throws IllegalArgumentException if the text itself contains NUL, which the protocol cannot carry here
     */
    public WireWriter cstring(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "text with a NUL character cannot be sent to PostgreSQL (at index " + text.indexOf('\0') + ")");
        }
        return utf8(text).int8(0);
    }

    /** Makes room for {@code length} more bytes. */
    private void need(int length) {
        if (bytes.length - position < length) {
            grow(length);
        }
    }

    private void grow(int length) {
        long wanted = (long) position + length;
        if (wanted > MAX_CAPACITY) {
            throw new IllegalArgumentException("a message of " + wanted + " bytes is longer than PostgreSQL can read");
        }
        long doubled = Math.min(MAX_CAPACITY, bytes.length * 2L);
        bytes = Arrays.copyOf(bytes, (int) Math.max(Math.max(wanted, doubled), 64));
    }
}
