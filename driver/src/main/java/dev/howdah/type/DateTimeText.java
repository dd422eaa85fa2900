package dev.howdah.type;

import dev.howdah.error.ConversionException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * Dates and times as PostgreSQL prints them with {@code DateStyle} ISO, read from the left to the right.
 *
 * @see <a href="https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-DATETIME-OUTPUT">Output</a>
 */
final class DateTimeText {

    private final String text;
    private int at;

    private DateTimeText(String text) {
        this.text = text;
    }

    static LocalDate date(String text) {
        if (text.equals("infinity")) {
            return LocalDate.MAX;
        } else if (text.equals("-infinity")) {
            return LocalDate.MIN;
        }
        DateTimeText in = new DateTimeText(text);
        int[] fields = in.yearMonthDay();
        return in.finish(fields);
    }

    static LocalDateTime timestamp(String text) {
        if (text.equals("infinity")) {
            return LocalDateTime.MAX;
        } else if (text.equals("-infinity")) {
            return LocalDateTime.MIN;
        }
        DateTimeText in = new DateTimeText(text);
        int[] fields = in.yearMonthDay();
        in.expect(' ');
        LocalTime time = LocalTime.ofNanoOfDay(in.timeOfDay() * 1000);
        return LocalDateTime.of(in.finish(fields), time);
    }

    static OffsetDateTime timestampTz(String text) {
        if (text.equals("infinity")) {
            return OffsetDateTime.MAX;
        } else if (text.equals("-infinity")) {
            return OffsetDateTime.MIN;
        }
        DateTimeText in = new DateTimeText(text);
        int[] fields = in.yearMonthDay();
        in.expect(' ');
        LocalTime time = LocalTime.ofNanoOfDay(in.timeOfDay() * 1000);
        ZoneOffset offset = in.offset();
        return OffsetDateTime.of(LocalDateTime.of(in.finish(fields), time), offset)
                .withOffsetSameInstant(ZoneOffset.UTC);
    }

    /** Reads a time of day into microseconds, 24:00 included. */
    static long time(String text) {
        DateTimeText in = new DateTimeText(text);
        long micros = in.timeOfDay();
        in.end();
        return micros;
    }

    static TimeTz timeTz(String text) {
        DateTimeText in = new DateTimeText(text);
        long micros = in.timeOfDay();
        ZoneOffset offset = in.offset();
        in.end();
        return new TimeTz(micros, offset.getTotalSeconds());
    }

    static String print(LocalDate date) {
        StringBuilder out = new StringBuilder(16);
        printYearMonthDay(date, out);
        return era(date, out).toString();
    }

    static String print(LocalDateTime value) {
        StringBuilder out = new StringBuilder(32);
        printYearMonthDay(value.toLocalDate(), out);
        printTime(value.toLocalTime().toNanoOfDay() / 1000, out.append(' '));
        return era(value.toLocalDate(), out).toString();
    }

    /** Prints a point in UTC. */
    static String printUtc(LocalDateTime value) {
        StringBuilder out = new StringBuilder(32);
        printYearMonthDay(value.toLocalDate(), out);
        printTime(value.toLocalTime().toNanoOfDay() / 1000, out.append(' '));
        return era(value.toLocalDate(), out.append("+00")).toString();
    }

    static void printTime(long micros, StringBuilder out) {
        long seconds = micros / PgTime.MICROS_PER_SECOND;
        two(seconds / 3600, out);
        two(seconds / 60 % 60, out.append(':'));
        two(seconds % 60, out.append(':'));
        printFraction((int) (micros % PgTime.MICROS_PER_SECOND), out);
    }

    /** Prints a part of a second without trailing zeros, nothing for 0. */
    static void printFraction(int micros, StringBuilder out) {
        if (micros == 0) {
            return;
        }
        String digits = Integer.toString(micros + 1_000_000);
        int end = digits.length();
        while (digits.charAt(end - 1) == '0') {
            end--;
        }
        out.append('.').append(digits, 1, end);
    }

    static void printOffset(int seconds, StringBuilder out) {
        int rest = Math.abs(seconds);
        two(rest / 3600, out.append(seconds < 0 ? '-' : '+'));
        if (rest % 3600 != 0) {
            two(rest / 60 % 60, out.append(':'));
        }
        if (rest % 60 != 0) {
            two(rest % 60, out.append(':'));
        }
    }

    private static void printYearMonthDay(LocalDate date, StringBuilder out) {
        int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
        for (int limit = 1000; limit > year && limit > 1; limit /= 10) {
            out.append('0');
        }
        out.append(year);
        two(date.getMonthValue(), out.append('-'));
        two(date.getDayOfMonth(), out.append('-'));
    }

    private static StringBuilder era(LocalDate date, StringBuilder out) {
        return date.getYear() > 0 ? out : out.append(" BC");
    }

    private static void two(long value, StringBuilder out) {
        if (value < 10) {
            out.append('0');
        }
        out.append(value);
    }

    private int[] yearMonthDay() {
        int year = number(4, 7);
        expect('-');
        int month = number(2, 2);
        expect('-');
        return new int[] {year, month, number(2, 2)};
    }

    /** Reads the era, which stands last, and makes the date. */
    private LocalDate finish(int[] fields) {
        int year = fields[0];
        if (text.startsWith(" BC", at)) {
            at += 3;
            year = 1 - year;
        }
        end();
        try {
            return LocalDate.of(year, fields[1], fields[2]);
        } catch (DateTimeException e) {
            throw notIso();
        }
    }

    private long timeOfDay() {
        int hour = number(2, 2);
        expect(':');
        int minute = number(2, 2);
        expect(':');
        int second = number(2, 2);
        long micros = ((hour * 60L + minute) * 60 + second) * PgTime.MICROS_PER_SECOND + fraction();
        if (minute > 59 || second > 59 || micros > PgTime.MICROS_PER_DAY) {
            throw notIso();
        }
        return micros;
    }

    private int fraction() {
        if (at == text.length() || text.charAt(at) != '.') {
            return 0;
        }
        at++;
        int start = at;
        int value = number(1, 6);
        for (int digits = at - start; digits < 6; digits++) {
            value *= 10;
        }
        return value;
    }

    private ZoneOffset offset() {
        boolean west = at < text.length() && text.charAt(at) == '-';
        if (!west && (at == text.length() || text.charAt(at) != '+')) {
            throw notIso();
        }
        at++;
        int seconds = number(2, 2) * 3600;
        for (int unit = 60; unit > 0 && at < text.length() && text.charAt(at) == ':'; unit /= 60) {
            at++;
            seconds += number(2, 2) * unit;
        }
        try {
            return ZoneOffset.ofTotalSeconds(west ? -seconds : seconds);
        } catch (DateTimeException e) {
            throw notIso();
        }
    }

    private int number(int minDigits, int maxDigits) {
        int start = at;
        int value = 0;
        while (at < text.length() && at - start < maxDigits) {
            int digit = text.charAt(at) - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            value = value * 10 + digit;
            at++;
        }
        if (at - start < minDigits) {
            throw notIso();
        }
        return value;
    }

    private void expect(char c) {
        if (at == text.length() || text.charAt(at) != c) {
            throw notIso();
        }
        at++;
    }

    private void end() {
        if (at != text.length()) {
            throw notIso();
        }
    }

    private static ConversionException notIso() {
        return Refusal.reading("the text is not in ISO form; the setting DateStyle has to be ISO");
    }
}
