package dev.howdah.message;

import java.util.Arrays;

/** Integers that nobody can change, such as OIDs or format codes, without a box for each. */
public final class IntList {

    /** No integers. */
    public static final IntList EMPTY = new IntList(new int[0]);

    private final int[] values;

    private IntList(int[] values) {
        this.values = values;
    }

    /** Copies the values. */
    public static IntList of(int... values) {
        return values.length == 0 ? EMPTY : new IntList(values.clone());
    }

    /** Takes over an array that nobody else will change. */
    static IntList owning(int[] values) {
        return values.length == 0 ? EMPTY : new IntList(values);
    }

    /** Returns how many there are. */
    public int size() {
        return values.length;
    }

    /** Returns the one at {@code index}, from 0. */
    public int get(int index) {
        return values[index];
    }

    /** Returns a copy. */
    public int[] toArray() {
        return values.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IntList that && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return Arrays.toString(values);
    }
}
