package dev.howdah.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The text that was read last in some place: it is likely to come again, and is not made anew then. Not safe for several threads. */
public final class RepeatedText {

    private static final byte[] NOTHING = new byte[0];

    private byte[] utf8 = NOTHING;
    private String text = "";

    /** Makes one that knows the empty text. */
    public RepeatedText() {}

    /** Returns whether the text stands there again, with a zero byte behind it before the limit. */
    boolean isAt(byte[] bytes, int from, int limit) {
        int length = utf8.length;
        return length < limit - from
                && bytes[from + length] == 0
                && Arrays.equals(bytes, from, from + length, utf8, 0, length);
    }

    /** Notes another text, by its bytes. */
    void set(byte[] bytes, int from, int to) {
        utf8 = Arrays.copyOfRange(bytes, from, to);
        text = new String(utf8, StandardCharsets.UTF_8);
    }

    /** Returns how many bytes the text has. */
    int length() {
        return utf8.length;
    }

    /** Returns the text. */
    String text() {
        return text;
    }
}
