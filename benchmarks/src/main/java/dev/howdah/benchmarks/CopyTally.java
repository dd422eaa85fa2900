package dev.howdah.benchmarks;

import java.io.OutputStream;
import java.util.zip.CRC32;

/** How many bytes a COPY gave, and their checksum. For one thread. */
public final class CopyTally extends OutputStream {

    private final CRC32 sum = new CRC32();
    private long length;

    /** Makes one of nothing. */
    public CopyTally() {}

    /** Has the server write r into a file in its own folder. */
    static String writeFile(String format) {
        return "do $$begin execute format('copy r to %%L (format %s)',".formatted(format)
                + " current_setting('data_directory') || '/" + file(format) + "'); end$$";
    }

    /** The same of that file, by the server. */
    static String sql(String format) {
        return "select length(data) || ' ' || crc32(data) from pg_read_binary_file('" + file(format) + "') data";
    }

    private static String file(String format) {
        return "r." + format;
    }

    @Override
    public void write(int value) {
        sum.update(value);
        length++;
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
        sum.update(bytes, offset, count);
        length += count;
    }

    @Override
    public String toString() {
        return length + " " + sum.getValue();
    }
}
