package dev.howdah.benchmarks;

import java.nio.ByteBuffer;
import java.util.Random;

/**
 * The large objects of W9: bytes that cannot be compressed, and at each 4 KiB the place, as a number of 64 bits. Summed up are those
 * numbers, which costs nearly nothing, and the length.
 */
public final class LargeObjectTally {

    /** The pieces of W9 and W9r. */
    public static final int SMALL = 64 * 1024;

    /** The pieces of W9m. */
    public static final int LARGE = 1024 * 1024;

    /** Keeps the OID of what was written. */
    public static final String REMEMBER = "insert into lob_written values ($1)";

    /** Finds what is to be read. */
    public static final String FIND = "select o::int8 from lob_read";

    static final String FORGET = "select lo_unlink(o) from lob_written; truncate lob_written";

    private static final int PAGE = 4 * 1024;

    private long sum;
    private long length;

    /** Makes an empty one. */
    public LargeObjectTally() {}

    static String create(int mebibytes) {
        return """
                create table lob_written (o oid);
                create table lob_read (o oid);
                insert into lob_read values (lo_create(0));
                with pages as materialized (
                    select j, substr(decode(string_agg(md5((j * 1000 + k)::text), ''), 'hex'), 1, 4088) as noise
                    from generate_series(0, 15) j, generate_series(1, 256) k group by j)
                select lo_put(o, i * 65536::int8,
                    (select string_agg(int8send(i * 65536::int8 + j * 4096) || noise, '' order by j) from pages))
                from lob_read, generate_series(0, %d) i;
                """.formatted(mebibytes * 16 - 1);
    }

    /** The server's own answer for the object in a table. */
    static String sql(String table) {
        return """
                with size as (select o, sum(length(data))::int8 n from pg_largeobject, %s where loid = o group by o)
                select coalesce((select n || ' ' || sum(('x' || encode(lo_get(o, i, 8), 'hex'))::bit(64)::int8)
                    from size, generate_series(0, n - 1, 4096) i group by n), 'nothing')""".formatted(table);
    }

    /** Makes pieces to be written; their places are set by {@link #place}. */
    public static byte[] random() {
        byte[] bytes = new byte[SMALL];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    /** Sets the places within a piece, and adds it. */
    public void place(byte[] bytes, long at) {
        ByteBuffer numbers = ByteBuffer.wrap(bytes);
        for (int i = 0; i < bytes.length; i += PAGE) {
            numbers.putLong(i, at + i);
        }
        add(bytes, bytes.length);
    }

    /** Adds what was read; it begins at a page. */
    public void add(byte[] bytes, int count) {
        ByteBuffer numbers = ByteBuffer.wrap(bytes);
        for (int i = 0; i < count; i += PAGE) {
            sum += numbers.getLong(i);
        }
        length += count;
    }

    @Override
    public String toString() {
        return length + " " + sum;
    }
}
