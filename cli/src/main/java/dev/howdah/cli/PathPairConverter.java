package dev.howdah.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code OLD=NEW}, both folders; {@code \=} is a {@code =} in a name. */
final class PathPairConverter implements ITypeConverter<PathPair> {

    /** Made by picocli. */
    PathPairConverter() {}

    @Override
    public PathPair convert(String text) {
        String[] parts = text.split("(?<!\\\\)=", -1);
        if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            throw new TypeConversionException("'" + text + "' is not OLD=NEW");
        }
        try {
            Path from = Path.of(parts[0].replace("\\=", "="));
            if (!from.isAbsolute()) {
                throw new TypeConversionException("'" + from + "' is not an absolute folder, as tablespaces have it");
            }
            return new PathPair(from, Path.of(parts[1].replace("\\=", "=")));
        } catch (InvalidPathException e) {
            throw new TypeConversionException("'" + text + "' does not name folders: " + e.getReason());
        }
    }
}
