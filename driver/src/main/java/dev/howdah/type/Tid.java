package dev.howdah.type;

/**
 * Where a row version lies in its table, PostgreSQL's {@code tid}, the type of {@code ctid}. Immutable.
 *
 * @param block the number of the page, from 0 to 4294967295
 * @param offset the number of the line pointer in the page, from 0 to 65535
 * @see <a href="https://www.postgresql.org/docs/current/datatype-oid.html">Object identifier types</a>
 */
public record Tid(long block, int offset) implements Comparable<Tid> {

    /**
     * Checks both numbers.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public Tid {
        if (block < 0 || block > 0xffff_ffffL || offset < 0 || offset > 0xffff) {
            throw new IllegalArgumentException("a tid's block has 32 bits, its offset 16");
        }
    }

    /**
     * Reads text such as {@code (0,1)}.
     *
     * @param text the text
     * @return never null
     * @throws IllegalArgumentException if it is no such text
     */
    public static Tid parse(String text) {
        int comma = text.indexOf(',');
        if (!text.startsWith("(") || !text.endsWith(")") || comma < 0) {
            throw new IllegalArgumentException("the text is not a tid such as (0,1)");
        }
        return new Tid(
                Long.parseLong(text.substring(1, comma)),
                Integer.parseInt(text.substring(comma + 1, text.length() - 1)));
    }

    /** Compares as PostgreSQL does: the block first. */
    @Override
    public int compareTo(Tid other) {
        int blocks = Long.compare(block, other.block);
        return blocks != 0 ? blocks : Integer.compare(offset, other.offset);
    }

    /** Returns the text as PostgreSQL prints it. */
    @Override
    public String toString() {
        return "(" + block + "," + offset + ")";
    }
}
