package dev.howdah;

/** What the number given to {@link BaseCursor#scroll(long, ScrollMode)} counts from. */
public enum ScrollMode {
    /** From where the cursor stands: forward if positive, backward if negative. */
    RELATIVE,
    /** From the first row, which is 0. */
    ABSOLUTE
}
