package dev.howdah.largeobject;

/** Where an offset counts from. */
public enum Whence {
    /** From the beginning. */
    START(0),
    /** From where the object stands. */
    CURRENT(1),
    /** From the end. */
    END(2);

    private final int number;

    Whence(int number) {
        this.number = number;
    }

    /** Returns the number that C and the server use: SEEK_SET is 0, SEEK_CUR is 1, SEEK_END is 2. */
    public int number() {
        return number;
    }
}
