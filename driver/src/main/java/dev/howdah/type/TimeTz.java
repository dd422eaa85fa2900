package dev.howdah.type;

/**
 * Everything that a {@code timetz} can be, 24:00 included.
 *
 * @param micros microseconds since midnight, up to 24 hours
 * @param offsetSeconds seconds east of UTC
 */
record TimeTz(long micros, int offsetSeconds) {

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(24);
        DateTimeText.printTime(micros, out);
        DateTimeText.printOffset(offsetSeconds, out);
        return out.toString();
    }
}
