package dev.howdah.cli;

import dev.howdah.backup.ServerCompression;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code METHOD[:DETAIL]}; a detail that is a number is a level. */
final class CompressionConverter implements ITypeConverter<ServerCompression> {

    /** Made by picocli. */
    CompressionConverter() {}

    @Override
    public ServerCompression convert(String text) {
        int colon = text.indexOf(':');
        String method = colon < 0 ? text : text.substring(0, colon);
        String detail = colon < 0 ? "" : text.substring(colon + 1);
        try {
            return new ServerCompression(method, detail.matches("-?\\d+") ? "level=" + detail : detail);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }
}
