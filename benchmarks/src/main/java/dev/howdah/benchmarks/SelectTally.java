package dev.howdah.benchmarks;

/** Sums over the rows of the table kv that were read. For one thread. */
public final class SelectTally {

    private long rows;
    private long numbers;
    private long lengths;
    private long lastCharacters;

    /** Counts a row. */
    public void add(long n, String s) {
        rows++;
        numbers += n;
        lengths += s.length();
        lastCharacters += s.charAt(s.length() - 1);
    }

    /** Counts all that another one has counted. */
    public void add(SelectTally other) {
        rows += other.rows;
        numbers += other.numbers;
        lengths += other.lengths;
        lastCharacters += other.lastCharacters;
    }

    /** The same sums, made by the server over the joined table kv. */
    static String sql() {
        return "concat_ws(',', count(*), sum(n), sum(length(s)), sum(ascii(right(s, 1))))";
    }

    @Override
    public String toString() {
        return rows + "," + numbers + "," + lengths + "," + lastCharacters;
    }
}
