package dev.howdah.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 500ms}, {@code 2.5s}, {@code 1min}, {@code 1h}; a number alone is seconds. */
final class DurationConverter implements ITypeConverter<Duration> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)\\s*(ms|s|min|h|)");

    /** Made by picocli. */
    DurationConverter() {}

    @Override
    public Duration convert(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException(
                    "'" + text + "' is not a time; write it as in 500ms, 2.5s, 1min or 1h (a number alone is seconds)");
        }
        long unit = switch (matcher.group(2)) {
            case "ms" -> 1_000_000L;
            case "min" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> 1_000_000_000L;
        };
        Duration duration = Duration.ofNanos(new BigDecimal(matcher.group(1))
                .multiply(BigDecimal.valueOf(unit))
                .longValue());
        if (duration.isZero()) {
            throw new TypeConversionException("the time must be longer than nothing");
        }
        return duration;
    }
}
