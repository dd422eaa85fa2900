package dev.howdah.session;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** Bytes that have come before they were asked for. Used by who has the turn. */
final class ReadAhead {

    private static final int MAX_SPARE = ObjectDescriptor.WINDOW / ObjectDescriptor.READ_CHUNK;

    private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
    private final ArrayDeque<Chunk> spare = new ArrayDeque<>();
    private int size;

    /** A piece; what is left of it stands between two places. */
    private static final class Chunk {
        private final byte[] bytes;
        private int from;
        private int to;

        Chunk(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    ReadAhead() {}

    /** Returns how many bytes there are. */
    int size() {
        return size;
    }

    /** Keeps bytes behind those that are here, not more than a chunk. */
    void keep(byte[] source, int offset, int length) {
        if (length == 0) {
            return;
        }
        Chunk chunk = spare.poll();
        if (chunk == null) {
            chunk = new Chunk(new byte[ObjectDescriptor.READ_CHUNK]);
        }
        System.arraycopy(source, offset, chunk.bytes, 0, length);
        chunk.from = 0;
        chunk.to = length;
        chunks.add(chunk);
        size += length;
    }

    /** Moves what there is into a buffer, as far as it fits; returns how much that was. */
    int drain(ByteBuffer target) {
        int moved = 0;
        for (Chunk first = chunks.peek(); first != null && target.hasRemaining(); first = chunks.peek()) {
            int count = Math.min(target.remaining(), first.to - first.from);
            target.put(first.bytes, first.from, count);
            take(first, count);
            moved += count;
        }
        return moved;
    }

    /** Drops so many bytes, not more than there are. */
    void skip(int count) {
        int left = count;
        while (left > 0) {
            Chunk first = chunks.element();
            int dropped = Math.min(left, first.to - first.from);
            take(first, dropped);
            left -= dropped;
        }
    }

    private void take(Chunk first, int count) {
        first.from += count;
        size -= count;
        if (first.from == first.to) {
            chunks.remove();
            if (spare.size() < MAX_SPARE) {
                spare.add(first);
            }
        }
    }

    /** Drops everything. */
    void clear() {
        chunks.clear();
        spare.clear();
        size = 0;
    }
}
