package dev.howdah.cli;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import dev.howdah.backup.WalCompression;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How segments are compressed: {@code none}, {@code gzip} or {@code zstd}, with or without a level, as in {@code zstd:3}. */
final class WalCompressions implements ITypeConverter<WalCompression> {

    private static final int GZIP_MOST = 9;
    private static final int ZSTD_USUAL = 3;
    private static final int ZSTD_MOST = 22;

    /** Made by picocli. */
    WalCompressions() {}

    static WalCompression zstd(int level) {
        return WalCompression.of(".zst", out -> new ZstdOutputStream(out, level), ZstdInputStream::new);
    }

    /** Reads zstd, whatever its level was. */
    static WalCompression zstd() {
        return zstd(ZSTD_USUAL);
    }

    @Override
    public WalCompression convert(String text) {
        int colon = text.indexOf(':');
        String method = colon < 0 ? text : text.substring(0, colon);
        String level = colon < 0 ? null : text.substring(colon + 1);
        return switch (method) {
            case "none" -> {
                if (level != null) {
                    throw new TypeConversionException("none has no level: " + text);
                }
                yield WalCompression.NONE;
            }
            case "gzip" -> level == null ? WalCompression.gzip() : WalCompression.gzip(level(text, level, GZIP_MOST));
            case "zstd" -> level == null ? zstd() : zstd(level(text, level, ZSTD_MOST));
            default ->
                throw new TypeConversionException("'" + text
                        + "' is not known; write none, gzip, zstd, or one of these with a level, as in zstd:3");
        };
    }

    private static int level(String text, String level, int most) {
        try {
            int number = Integer.parseInt(level);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' has a level that is no number");
        }
        throw new TypeConversionException("'" + text + "' has a level that is not from 1 to " + most);
    }
}
