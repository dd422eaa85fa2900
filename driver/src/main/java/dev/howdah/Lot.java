package dev.howdah;

import java.util.ArrayList;
import java.util.List;

/**
 * Things that came together, with how many bytes they keep; they are taken one by one when all are there. Always a new one for what comes
 * next, for it costs the collector more to be told of what an old list is given. Not safe for several threads.
 */
final class Lot<T> {

    /** How many there are to be in one at most: until all are taken none is forgotten. */
    static final int FULL = 128;

    private final List<T> all;
    private int taken;
    private long bytes;

    /** Makes an empty one, with room for some. */
    Lot(int room) {
        this.all = new ArrayList<>(room);
    }

    /** Makes the one to be filled after this: behind many there are more. */
    Lot<T> following() {
        return new Lot<>(Math.min(2 * all.size(), FULL));
    }

    /** Adds a thing that keeps so many bytes. */
    void add(T thing, long size) {
        all.add(thing);
        bytes += size;
    }

    /** Adds what another holds. */
    void addAll(Lot<T> other) {
        all.addAll(other.all);
        bytes += other.bytes;
    }

    /** Returns how many have been added. */
    int size() {
        return all.size();
    }

    /** Returns how many bytes these keep. */
    long bytes() {
        return bytes;
    }

    /** Returns what has been added, to be looked at. */
    List<T> all() {
        return all;
    }

    /** Returns how many have been taken. */
    int taken() {
        return taken;
    }

    /** Returns whether not all have been taken. */
    boolean hasNext() {
        return taken < all.size();
    }

    /** Takes one. */
    T next() {
        return all.get(taken++);
    }

    /** Returns what has not been taken. */
    List<T> rest() {
        return all.subList(taken, all.size());
    }
}
