package dev.howdah.benchmarks;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The tables: {@code kv (n int8, s text)} by primary key, {@code r} with seven columns of everyday types, and {@code r_copy}, which is
 * like {@code r}, unlogged and empty. Every value follows from the row's number, here and on the server alike.
 */
public final class Data {

    /** Reads one row of kv; its parameter is the key. */
    public static final String SELECT_ONE = "select n, s from kv where n = $1";

    /** Reads all of r. */
    public static final String SELECT_ALL = "select id, big, f8, txt, ts, amount, ok from r";

    /** Inserts one row into r_copy; its parameters are the seven columns. */
    public static final String INSERT =
            "insert into r_copy (id, big, f8, txt, ts, amount, ok) values ($1, $2, $3, $4, $5, $6, $7)";

    private static final OffsetDateTime ORIGIN = OffsetDateTime.of(2020, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

    private Data() {}

    /** A row of r. */
    public record R(int id, long big, double f8, String txt, OffsetDateTime ts, BigDecimal amount, boolean ok) {}

    /** The first rows of r, made anew. */
    public static List<R> rows(int count) {
        List<R> rows = new ArrayList<>(count);
        for (int i = 1; i <= count; i++) {
            rows.add(new R(
                    i,
                    i * 1_000_003L,
                    i * 0.25,
                    String.format(Locale.ROOT, "row number %09d", i),
                    ORIGIN.plus(i * 1_000_123L, ChronoUnit.MICROS),
                    BigDecimal.valueOf(i * 7L % 1_000_000_000, 2),
                    i % 3 == 0));
        }
        return rows;
    }

    /** The key that operation {@code i} of connection {@code lane} reads. */
    public static long key(int i, int lane, int round, int keys) {
        return (i * 7_919L + lane * 6_151L + round * 104_729L) % keys + 1;
    }

    static String create(Sizes sizes) {
        return """
                create table kv (n int8 primary key, s text not null);
                insert into kv select i, 'value of number ' || i from generate_series(1, %d) i;
                create table r (id int4 not null, big int8 not null, f8 float8 not null, txt text not null,
                    ts timestamptz not null, amount numeric(12,2) not null, ok bool not null);
                insert into r select i, i * 1000003::int8, i * 0.25::float8, 'row number ' || lpad(i::text, 9, '0'),
                    timestamptz '2020-01-01 00:00:00+00' + i * 1000123::int8 * interval '1 microsecond',
                    (i * 7::int8 %% 1000000000) / 100.0, i %% 3 = 0 from generate_series(1, %d) i;
                create unlogged table r_copy (like r);
                """.formatted(sizes.keys(), sizes.rows()) + LargeObjectTally.create(sizes.mebibytes());
    }

    /** The server's own answer to what W1 to W3 read. */
    static String selectSums(int perLane, int lanes, int round, int keys) {
        return ("select " + SelectTally.sql()
                        + " from generate_series(0, %d) i cross join generate_series(0, %d) lane"
                        + " join kv on n = (i * 7919::int8 + lane * 6151::int8 + %d * 104729::int8) %% %d + 1")
                .formatted(perLane - 1, lanes - 1, round, keys);
    }

    /** The server's own answer to what W4 and W4c read. */
    static String rowSums() {
        return "select " + RowTally.sql() + " from r";
    }

    /** What is not in r_copy as it should be: no row when all is well. */
    static String insertedWrongly(int count) {
        return ("select * from ((select * from r where id <= %1$d except all select * from r_copy)"
                        + " union all (select * from r_copy except all select * from r where id <= %1$d)) x limit 1")
                .formatted(count);
    }
}
