package dev.howdah.session;

import dev.howdah.wire.WireWriter;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that wait to be sent. Small messages are gathered in one buffer; long ones are kept by reference, so that a
 * parameter of a gigabyte is not copied again.
 */
public final class Outbox {

    /** From so many bytes on an array is kept rather than copied. */
    static final int BY_REFERENCE = 64 * 1024;

    private static final int KEEP = 64 * 1024;

    private final ArrayDeque<ByteBuffer> sealed = new ArrayDeque<>();
    private final WireWriter writer = new WireWriter(1024);
    private byte @Nullable [] viewed;
    private ByteBuffer view = ByteBuffer.allocate(0);
    private int writerSent;
    private long appended;
    private long sent;

    Outbox() {}

    /** Returns where messages are written; what is written there counts as appended at once. */
    public WireWriter writer() {
        return writer;
    }

    /** Appends whole messages that were encoded elsewhere; a long array is kept and must not be changed any more. */
    public void append(byte[] bytes, int offset, int length) {
        if (length < BY_REFERENCE) {
            writer.bytes(bytes, offset, length);
            return;
        }
        seal();
        sealed.add(ByteBuffer.wrap(bytes, offset, length));
        appended += length;
    }

    /** Returns how many bytes wait. */
    public long pending() {
        return total() - sent;
    }

    /** Returns how many bytes have been appended since the beginning of the session. */
    public long total() {
        return appended + writer.position();
    }

    /** Returns how many bytes have been sent since the beginning of the session. */
    public long sent() {
        return sent;
    }

    /** Returns the next bytes to send; empty if there are none. What is taken from it is told to {@link #sent}. */
    ByteBuffer head() {
        ByteBuffer first = sealed.peekFirst();
        if (first != null) {
            return first;
        }
        if (viewed != writer.array()) {
            viewed = writer.array();
            view = ByteBuffer.wrap(writer.array());
        }
        return view.limit(writer.position()).position(writerSent);
    }

    /** Says that {@code count} bytes of {@link #head()} have been taken out of it and sent. */
    void sent(int count, @Nullable Tracer tracer) {
        sent += count;
        ByteBuffer first = sealed.peekFirst();
        if (tracer != null && count > 0) {
            ByteBuffer source = first != null ? first : ByteBuffer.wrap(writer.array(), writerSent, count);
            int end = first != null ? first.position() : writerSent + count;
            tracer.sending(source.duplicate().limit(end).position(end - count).slice());
        }
        if (first != null) {
            if (!first.hasRemaining()) {
                sealed.removeFirst();
            }
            return;
        }
        writerSent += count;
        if (writerSent == writer.position()) {
            appended += writerSent;
            writerSent = 0;
            writer.clear(KEEP);
        }
    }

    private void seal() {
        int length = writer.position() - writerSent;
        if (length > 0) {
            byte[] copy = new byte[length];
            System.arraycopy(writer.array(), writerSent, copy, 0, length);
            sealed.add(ByteBuffer.wrap(copy));
        }
        appended += writer.position();
        writerSent = 0;
        writer.clear(KEEP);
    }
}
