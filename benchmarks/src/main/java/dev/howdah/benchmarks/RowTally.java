package dev.howdah.benchmarks;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Sums over the rows of the table r that were read, all of them exact. For one thread. */
public final class RowTally {

    private static final long ORIGIN = Instant.parse("2020-01-01T00:00:00Z").getEpochSecond() * 1_000_000;

    private long rows;
    private long ids;
    private long bigs;
    private double floats;
    private long lengths;
    private long lastCharacters;
    private long micros;
    private long cents;
    private long trues;

    /** Counts a row. */
    public void add(int id, long big, double f8, String txt, OffsetDateTime ts, BigDecimal amount, boolean ok) {
        rows++;
        ids += id;
        bigs += big;
        floats += f8;
        lengths += txt.length();
        lastCharacters += txt.charAt(txt.length() - 1);
        micros += ts.toEpochSecond() * 1_000_000 + ts.getNano() / 1_000 - ORIGIN;
        cents += Math.round(amount.doubleValue() * 100);
        trues += ok ? 1 : 0;
    }

    /** The same sums, made by the server over the table r. */
    static String sql() {
        return "concat_ws(',', count(*), sum(id), sum(big), (sum(f8) * 4)::int8, sum(length(txt)), sum(ascii(right(txt, 1))),"
                + " sum((extract(epoch from ts - timestamptz '2020-01-01 00:00:00+00') * 1000000)::int8),"
                + " sum((amount * 100)::int8), count(*) filter (where ok))";
    }

    @Override
    public String toString() {
        return rows + "," + ids + "," + bigs + "," + (long) (floats * 4) + "," + lengths + "," + lastCharacters + ","
                + micros + "," + cents + "," + trues;
    }
}
