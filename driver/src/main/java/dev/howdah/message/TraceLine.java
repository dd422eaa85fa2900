package dev.howdah.message;

/** Collects the name and the fields of one message for the trace, written as libpq's PQtrace writes them. */
public final class TraceLine {

    private static final String MASK = "***";

    private final StringBuilder text = new StringBuilder();
    private boolean hasFields;

    TraceLine() {}

    TraceLine name(String name) {
        text.append(name);
        return this;
    }

    /** A letter that says what follows, or a state. */
    TraceLine letter(char letter) {
        field().append(letter);
        return this;
    }

    TraceLine int8(int value) {
        field();
        escape(value & 0xff);
        return this;
    }

    /** 16 bits, without sign: -1 is 65535. */
    TraceLine int16(int value) {
        field().append(value & 0xffff);
        return this;
    }

    TraceLine int32(int value) {
        field().append(value);
        return this;
    }

    /** Text of the peer, as it is. */
    TraceLine text(String value) {
        field().append('"').append(value).append('"');
        return this;
    }

    /** Bytes of which only the printable ones are shown as they are. */
    TraceLine bytes(Bytes value) {
        field().append('\'');
        for (int i = 0; i < value.length(); i++) {
            int b = value.at(i) & 0xff;
            if (b >= ' ' && b < 0x7f) {
                text.append((char) b);
            } else {
                escape(b);
            }
        }
        text.append('\'');
        return this;
    }

    /** What is secret. */
    TraceLine masked() {
        field().append(MASK);
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private StringBuilder field() {
        text.append(hasFields ? " " : "\t ");
        hasFields = true;
        return text;
    }

    private void escape(int b) {
        text.append("\\x");
        text.append(Character.forDigit(b >> 4, 16)).append(Character.forDigit(b & 0xf, 16));
    }
}
