package dev.howdah.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how much a second may be sent, as in {@code 32kB}, {@code 20MB}, {@code 1GB}, into kB; a number alone is kB. */
final class RateConverter implements ITypeConverter<Integer> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,7})\\s*(k|M|G|)B?(/s)?");
    private static final int KILO = 1024;
    private static final int LEAST = 32;
    private static final int MOST = KILO * KILO;

    /** Made by picocli. */
    RateConverter() {}

    @Override
    public Integer convert(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text + "' is not a rate; write it as in 500kB, 20MB or 1GB");
        }
        long unit = switch (matcher.group(2)) {
            case "M" -> KILO;
            case "G" -> MOST;
            default -> 1;
        };
        long rate = Long.parseLong(matcher.group(1)) * unit;
        if (rate < LEAST || rate > MOST) {
            throw new TypeConversionException("a server limits its rate to 32kB to 1GB a second, not to " + text);
        }
        return (int) rate;
    }
}
