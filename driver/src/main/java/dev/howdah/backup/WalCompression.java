package dev.howdah.backup;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * How segments of the log are compressed when they are whole: not at all, by gzip, or by whatever a program brings along. Immutable.
 *
 * <p>Zstandard, for instance, with the library zstd-jni:
 *
 * {@snippet :
 * WalCompression.of(".zst", out -> new ZstdOutputStream(out, 3), ZstdInputStream::new);
 * }
 */
public final class WalCompression {

    private static final int BUFFER = 64 * 1024;
    private static final Pattern SUFFIX = Pattern.compile("\\.[A-Za-z0-9]{1,16}");
    private static final Set<String> TAKEN = Set.of(".partial", ".history", ".backup", ".done", ".ready", ".tmp");

    /** Not at all. */
    public static final WalCompression NONE = new WalCompression("", out -> out, in -> in);

    private final String suffix;
    private final Layer<OutputStream> compress;
    private final Layer<InputStream> decompress;

    private WalCompression(String suffix, Layer<OutputStream> compress, Layer<InputStream> decompress) {
        this.suffix = suffix;
        this.compress = compress;
        this.decompress = decompress;
    }

    /**
     * Lays a stream over another one; closing it closes that, too.
     *
     * @param <S> what kind of stream
     */
    @FunctionalInterface
    public interface Layer<S extends Closeable> {

        /**
         * Lays it over.
         *
         * @throws IOException if that cannot be read or written
         */
        S over(S stream) throws IOException;
    }

    /** Returns gzip of the usual level; files end in {@code .gz}. */
    public static WalCompression gzip() {
        return gzip(Deflater.DEFAULT_COMPRESSION);
    }

    /**
     * Returns gzip.
     *
     * @param level from 1, the fastest, to 9, the smallest; -1 for the usual one
     */
    public static WalCompression gzip(int level) {
        if (level != Deflater.DEFAULT_COMPRESSION
                && (level < Deflater.BEST_SPEED || level > Deflater.BEST_COMPRESSION)) {
            throw new IllegalArgumentException("gzip has the levels 1 to 9, not " + level);
        }
        return new WalCompression(".gz", out -> new Gzip(out, level), in -> new GZIPInputStream(in, BUFFER));
    }

    /**
     * Returns another one.
     *
     * @param suffix what the names of its files end in, such as {@code .zst}: a dot and letters or digits
     * @param compress given a file, returns what takes the segment; must write all of it when it is closed
     * @param decompress given a file, returns what gives the segment
     */
    public static WalCompression of(String suffix, Layer<OutputStream> compress, Layer<InputStream> decompress) {
        if (!SUFFIX.matcher(suffix).matches() || TAKEN.contains(suffix)) {
            throw new IllegalArgumentException("a suffix is a dot and letters or digits, and none that files of the log"
                    + " have for other reasons, not " + suffix);
        }
        return new WalCompression(
                suffix, Objects.requireNonNull(compress, "compress"), Objects.requireNonNull(decompress, "decompress"));
    }

    /** Returns what the names of its files end in; empty if there is no compression. */
    public String suffix() {
        return suffix;
    }

    boolean isNone() {
        return suffix.isEmpty();
    }

    OutputStream compress(OutputStream file) throws IOException {
        return compress.over(file);
    }

    InputStream decompress(InputStream file) throws IOException {
        return decompress.over(file);
    }

    /** {@return the suffix, or none} */
    @Override
    public String toString() {
        return "WalCompression[" + (isNone() ? "none" : suffix) + "]";
    }

    private static final class Gzip extends GZIPOutputStream {
        Gzip(OutputStream out, int level) throws IOException {
            super(out, BUFFER);
            def.setLevel(level);
        }
    }
}
