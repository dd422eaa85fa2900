package dev.howdah.cli;

import dev.howdah.type.Lsn;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A place in the log, as in 0/16B3748. */
final class LsnConverter implements ITypeConverter<Lsn> {

    /** Made by picocli. */
    LsnConverter() {}

    @Override
    public Lsn convert(String text) {
        try {
            return Lsn.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("'" + text + "' is no place in the log; write it as in 0/16B3748");
        }
    }
}
