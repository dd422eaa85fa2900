package dev.howdah.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a whole number from 1 up. */
final class PositiveConverter implements ITypeConverter<Integer> {

    /** Made by picocli. */
    PositiveConverter() {}

    @Override
    public Integer convert(String text) {
        if (text.matches("\\d{1,9}") && Integer.parseInt(text) > 0) {
            return Integer.valueOf(text);
        }
        throw new TypeConversionException("'" + text + "' is not a whole number from 1 to 999999999");
    }
}
