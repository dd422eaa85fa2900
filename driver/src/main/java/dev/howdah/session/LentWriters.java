package dev.howdah.session;

import dev.howdah.wire.WireWriter;
import java.util.ArrayDeque;

/**
 * Writers whose arrays an outbox has by reference; each is used again when its bytes have been sent, for to make a long array costs nearly as much
 * as to fill it.
 */
final class LentWriters {

    /** So many bytes a writer may have more than asked for. */
    private static final int SPARE = 4 * 1024;

    /** So many are kept at most. */
    static final int MOST = 16;

    private final ArrayDeque<Lent> lent = new ArrayDeque<>();

    /** A writer, and where its bytes end in all that the outbox has had. */
    private record Lent(WireWriter writer, Outbox to, long end) {}

    /** Returns an empty writer with room for so many bytes. */
    WireWriter take(int capacity) {
        Lent first = capacity < Outbox.BY_REFERENCE ? null : lent.peek();
        if (first == null || first.to.sent() < first.end) {
            return new WireWriter(capacity);
        }
        lent.remove();
        int length = first.writer.array().length;
        if (length < capacity || length > capacity + SPARE) {
            return new WireWriter(capacity);
        }
        first.writer.clear(length);
        return first.writer;
    }

    /** Has what a writer has be sent; it must not be used any more. */
    void send(WireWriter writer, Outbox to) {
        to.append(writer.array(), 0, writer.position());
        if (writer.position() >= Outbox.BY_REFERENCE && lent.size() < MOST) {
            lent.add(new Lent(writer, to, to.total()));
        }
    }

    /** Forgets all. */
    void clear() {
        lent.clear();
    }
}
