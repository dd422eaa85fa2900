package dev.howdah.largeobject;

/**
 * What a large object is opened for.
 *
 * <p>It also says what is seen: with {@link #READ} the object as it was for the transaction when it was opened, whatever
 * is written meanwhile, so it is read ahead. With the others what has been committed last and what the own transaction has
 * written, so nothing is read before it is asked for.
 *
 * @see <a href="https://www.postgresql.org/docs/current/lo-interfaces.html#LO-OPEN">lo_open</a>
 */
public enum LargeObjectMode {
    /** To be read. */
    READ(LargeObjectMode.INV_READ),
    /** To be written; the server lets it be read, too. */
    WRITE(LargeObjectMode.INV_WRITE),
    /** To be read and written. */
    READ_WRITE(LargeObjectMode.INV_READ | LargeObjectMode.INV_WRITE);

    /** The server's flag for reading. */
    public static final int INV_READ = 0x40000;

    /** The server's flag for writing. */
    public static final int INV_WRITE = 0x20000;

    private final int flags;

    LargeObjectMode(int flags) {
        this.flags = flags;
    }

    /** Returns the server's flags. */
    public int flags() {
        return flags;
    }

    /** Returns whether it may be written. */
    public boolean writes() {
        return (flags & INV_WRITE) != 0;
    }

    /**
     * Reads a mode as psycopg2 writes it: {@code r}, {@code w} or {@code rw}, and {@code t} or {@code b} behind it; nothing
     * means {@code r}. Text or bytes is up to the method that is called here, so the last letter changes nothing.
     *
     * @throws IllegalArgumentException if it is no mode; {@code n}, which opens nothing, is none either: what needs no open
     *     object is there by its OID, as {@code unlink(oid)}
     */
    public static LargeObjectMode parse(String text) {
        boolean typed = text.endsWith("t") || text.endsWith("b");
        return switch (typed ? text.substring(0, text.length() - 1) : text) {
            case "", "r" -> READ;
            case "w" -> WRITE;
            case "rw" -> READ_WRITE;
            default ->
                throw new IllegalArgumentException(
                        "'" + text + "' is no mode of a large object: one of r, w, rw, with t or b behind it");
        };
    }
}
