package dev.howdah.type;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which transactions were visible at a moment, PostgreSQL's {@code pg_snapshot} and {@code txid_snapshot}. Immutable.
 * Transaction numbers have 64 bits; a negative long stands for 2<sup>63</sup> and more.
 *
 * @param xmin the lowest transaction that was still running; all before it were over
 * @param xmax the first transaction that had not begun
 * @param inProgress the transactions between the two that were running, ascending
 * @see <a href="https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT">Transaction ID and
 *     snapshot information</a>
 */
public record PgSnapshot(long xmin, long xmax, List<Long> inProgress) {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if the numbers do not ascend
     */
    public PgSnapshot {
        inProgress = List.copyOf(inProgress);
        if (xmin == 0 || Long.compareUnsigned(xmin, xmax) > 0) {
            throw wrong();
        }
        long before = xmin;
        boolean first = true;
        for (long xid : inProgress) {
            int step = Long.compareUnsigned(xid, before);
            if (step < 0 || step == 0 && !first || Long.compareUnsigned(xid, xmax) >= 0) {
                throw wrong();
            }
            before = xid;
            first = false;
        }
    }

    /**
     * Reads text such as {@code 10:20:10,14,15}.
     *
     * @param text the text
     * @return never null
     * @throws IllegalArgumentException if it is no such text
     */
    public static PgSnapshot parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            throw wrong();
        }
        List<Long> inProgress = new ArrayList<>();
        if (!parts[2].isEmpty()) {
            for (String xid : parts[2].split(",", -1)) {
                inProgress.add(Long.parseUnsignedLong(xid));
            }
        }
        return new PgSnapshot(Long.parseUnsignedLong(parts[0]), Long.parseUnsignedLong(parts[1]), inProgress);
    }

    private static IllegalArgumentException wrong() {
        return new IllegalArgumentException("a snapshot's transactions ascend: from xmin to before xmax");
    }

    /** Returns the text as PostgreSQL prints it. */
    @Override
    public String toString() {
        return Long.toUnsignedString(xmin) + ":" + Long.toUnsignedString(xmax) + ":"
                + inProgress.stream().map(Long::toUnsignedString).collect(Collectors.joining(","));
    }
}
