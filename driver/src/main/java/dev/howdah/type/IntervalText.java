package dev.howdah.type;

import java.time.DateTimeException;

/**
 * The text forms of an interval.
 *
 * @see <a href="https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-INTERVAL-OUTPUT">Interval
 *     output</a>
 */
final class IntervalText {

    private static final long SECOND = 1_000_000L;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;

    private final String text;
    /** -1 for a text that ends in "ago". */
    private long direction = 1;

    private int months;
    private int days;
    private long micros;

    private IntervalText(String text) {
        this.text = text;
    }

    static Interval parse(String text) {
        if (text.equals("infinity")) {
            return Interval.INFINITY;
        } else if (text.equals("-infinity")) {
            return Interval.NEGATIVE_INFINITY;
        }
        // PostgreSQL 14 prints the fewest days there can be with two signs in style sql_standard.
        IntervalText in = new IntervalText(text.replace("--2147483648", "-2147483648"));
        try {
            if (text.startsWith("P") && text.length() > 1) {
                in.readIso();
            } else {
                in.readWords();
            }
        } catch (ArithmeticException | NumberFormatException | IndexOutOfBoundsException e) {
            throw in.wrong();
        }
        return new Interval(in.months, in.days, in.micros);
    }

    static String postgres(Interval value) {
        if (value.isInfinite()) {
            return value.months() > 0 ? "infinity" : "-infinity";
        }
        StringBuilder out = new StringBuilder(40);
        boolean negative = word(value.months() / 12, "year", false, out);
        negative = word(value.months() % 12, "mon", negative, out);
        negative = word(value.days(), "day", negative, out);
        long micros = value.microseconds();
        if (micros == 0 && !out.isEmpty()) {
            return out.toString();
        }
        if (!out.isEmpty()) {
            out.append(' ');
        }
        if (micros < 0) {
            out.append('-');
        } else if (negative) {
            out.append('+');
        }
        two(Math.abs(micros / HOUR), out);
        two(Math.abs(micros / MINUTE % 60), out.append(':'));
        two(Math.abs(micros / SECOND % 60), out.append(':'));
        DateTimeText.printFraction((int) Math.abs(micros % SECOND), out);
        return out.toString();
    }

    /** Prints one unit; after a negative one a plus is written out. Returns whether this or the one before is negative. */
    private static boolean word(int count, String unit, boolean negative, StringBuilder out) {
        if (count == 0) {
            return negative;
        }
        if (!out.isEmpty()) {
            out.append(' ');
        }
        if (negative && count > 0) {
            out.append('+');
        }
        out.append(count).append(' ').append(unit).append(count == 1 ? "" : "s");
        return count < 0;
    }

    private static void two(long value, StringBuilder out) {
        if (value < 10) {
            out.append('0');
        }
        out.append(value);
    }

    static String iso8601(Interval value) {
        if (value.isInfinite()) {
            return value.months() > 0 ? "infinity" : "-infinity";
        }
        StringBuilder out = new StringBuilder("P");
        part(value.months() / 12, 'Y', out);
        part(value.months() % 12, 'M', out);
        part(value.days(), 'D', out);
        long micros = value.microseconds();
        if (micros != 0) {
            out.append('T');
            part(micros / HOUR, 'H', out);
            part(micros / MINUTE % 60, 'M', out);
            long seconds = micros % MINUTE;
            if (seconds != 0) {
                out.append(seconds < 0 ? "-" : "").append(Math.abs(seconds / SECOND));
                DateTimeText.printFraction((int) Math.abs(seconds % SECOND), out);
                out.append('S');
            }
        }
        return out.length() == 1 ? "PT0S" : out.toString();
    }

    private static void part(long count, char unit, StringBuilder out) {
        if (count != 0) {
            out.append(count).append(unit);
        }
    }

    private void readIso() {
        boolean time = false;
        int start = 1;
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 'T' && !time) {
                time = true;
                start = i + 1;
            } else if (c >= 'A' && c <= 'Z') {
                addIso(text.substring(start, i), c, time);
                start = i + 1;
            }
        }
        if (start != text.length() || text.endsWith("T")) {
            throw wrong();
        }
    }

    private void addIso(String number, char unit, boolean time) {
        switch (unit) {
            case 'Y' -> addMonths(Math.multiplyExact(whole(number), 12L));
            case 'W' -> addDays(Math.multiplyExact(whole(number), 7L));
            case 'D' -> addDays(whole(number));
            case 'M' -> {
                if (time) {
                    addMicros(whole(number), MINUTE);
                } else {
                    addMonths(whole(number));
                }
            }
            case 'H' -> addMicros(whole(number), HOUR);
            case 'S' -> addSeconds(number, false);
            default -> throw wrong();
        }
    }

    /** Reads the styles made of words and numbers between spaces. */
    private void readWords() {
        String[] words = (text.startsWith("@ ") ? text.substring(2) : text).split(" ", -1);
        int count = words.length;
        if (words[count - 1].equals("ago")) {
            direction = -1;
            count--;
            if (count == 0) {
                throw wrong();
            }
        }
        // In style sql_standard a minus in front of the first field is meant for all fields without a sign.
        boolean negative = words[0].startsWith("-");
        boolean plain = false;
        for (int i = 0; i < count; i++) {
            String word = words[i];
            if (word.indexOf(':') > 0) {
                addClock(word, plain && negative);
            } else if (word.indexOf('-', 1) > 0) {
                addYearMonth(word);
                plain = true;
            } else if (i + 1 < count && Character.isLetter(words[i + 1].charAt(0))) {
                addUnit(word, words[i + 1]);
                i++;
            } else if (i + 1 < count) {
                addDays(plain && negative && !signed(word) ? -whole(word) : whole(word));
                plain = true;
            } else if (!word.equals("0") || count != 1) {
                throw wrong();
            }
        }
    }

    private void addUnit(String number, String unit) {
        switch (unit) {
            case "year", "years" -> addMonths(Math.multiplyExact(whole(number), 12L));
            case "mon", "mons" -> addMonths(whole(number));
            case "day", "days" -> addDays(whole(number));
            case "hour", "hours" -> addMicros(whole(number), HOUR);
            case "min", "mins" -> addMicros(whole(number), MINUTE);
            case "sec", "secs" -> addSeconds(number, false);
            default -> throw wrong();
        }
    }

    private void addYearMonth(String word) {
        int dash = word.indexOf('-', 1);
        long sign = word.startsWith("-") ? -1 : 1;
        addMonths(sign * Math.multiplyExact(Math.abs(whole(word.substring(0, dash))), 12L));
        addMonths(sign * whole(word.substring(dash + 1)));
    }

    private void addClock(String word, boolean inherited) {
        boolean negative = word.startsWith("-") || inherited && !signed(word);
        String[] parts = (signed(word) ? word.substring(1) : word).split(":", -1);
        if (parts.length != 3) {
            throw wrong();
        }
        long sign = negative ? -1 : 1;
        addMicros(sign * whole(parts[0]), HOUR);
        addMicros(sign * whole(parts[1]), MINUTE);
        addSeconds(parts[2], negative);
    }

    private void addSeconds(String number, boolean negated) {
        boolean negative = number.startsWith("-") || negated;
        String unsigned = signed(number) ? number.substring(1) : number;
        int point = unsigned.indexOf('.');
        long sign = negative ? -1 : 1;
        addMicros(sign * whole(point < 0 ? unsigned : unsigned.substring(0, point)), SECOND);
        if (point >= 0) {
            String fraction = unsigned.substring(point + 1);
            if (fraction.isEmpty() || fraction.length() > 6) {
                throw wrong();
            }
            addMicros(sign * whole((fraction + "000000").substring(0, 6)), 1);
        }
    }

    private void addMonths(long count) {
        months = Math.toIntExact(months + direction * count);
    }

    private void addDays(long count) {
        if (direction < 0 && count == Integer.MIN_VALUE) {
            // So PostgreSQL 14 prints them in style postgres_verbose, although "ago" stands for a minus.
            days = Math.addExact(days, Integer.MIN_VALUE);
            return;
        }
        days = Math.toIntExact(days + direction * count);
    }

    private void addMicros(long count, long unit) {
        micros = Math.addExact(micros, Math.multiplyExact(direction * count, unit));
    }

    private static boolean signed(String word) {
        return word.startsWith("-") || word.startsWith("+");
    }

    private static long whole(String number) {
        return Long.parseLong(number);
    }

    private DateTimeException wrong() {
        return new DateTimeException("the text is not an interval in any of PostgreSQL's styles");
    }
}
