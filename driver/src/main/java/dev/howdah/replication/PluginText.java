package dev.howdah.replication;

import dev.howdah.error.ConversionException;
import dev.howdah.error.Delivery;
import dev.howdah.error.ProtocolException;
import dev.howdah.type.BuiltinTypes;
import dev.howdah.type.TypeRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.function.IntPredicate;

/** Text that a plugin wrote, read from its beginning to its end. Not safe for several threads. */
final class PluginText {

    private static final long MAX_XID = 0xffff_ffffL;

    private final byte[] bytes;
    private int at;

    PluginText(byte[] bytes) {
        this.bytes = bytes;
    }

    byte[] bytes() {
        return bytes;
    }

    int position() {
        return at;
    }

    void position(int position) {
        at = position;
    }

    int remaining() {
        return bytes.length - at;
    }

    boolean isAtEnd() {
        return at == bytes.length;
    }

    /** Returns the byte that is next, -1 at the end. */
    int peek() {
        return isAtEnd() ? -1 : bytes[at] & 0xff;
    }

    /** Returns the next byte, -1 at the end. */
    int next() {
        return isAtEnd() ? -1 : bytes[at++] & 0xff;
    }

    /** Skips a text of ASCII if it is what comes next. */
    boolean skip(String text) {
        if (!startsWith(text)) {
            return false;
        }
        at += text.length();
        return true;
    }

    boolean startsWith(String text) {
        if (text.length() > remaining()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (bytes[at + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    void expect(String text) {
        if (!skip(text)) {
            throw refused("\"" + text + "\" is missing");
        }
    }

    /** Returns what comes next as long as the bytes are as they are asked to be; may be empty. */
    String take(IntPredicate fits) {
        int from = at;
        while (!isAtEnd() && fits.test(peek())) {
            at++;
        }
        return string(from, at);
    }

    /** Returns a part as text. */
    String string(int from, int to) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            throw refused("bytes " + from + " to " + to + " are not text in UTF-8", e);
        }
    }

    /** Reads what stands within quotes, which are written twice there; the first has been read. */
    String quoted(int quote) {
        int from = at;
        boolean doubled = false;
        while (true) {
            int next = next();
            if (next < 0) {
                throw refused("a closing " + (char) quote + " is missing");
            } else if (next == quote) {
                if (peek() != quote) {
                    String text = string(from, at - 1);
                    String one = Character.toString(quote);
                    return doubled ? text.replace(one + one, one) : text;
                }
                doubled = true;
                at++;
            }
        }
    }

    /** Reads a number of decimal digits. */
    long number(long max) {
        int from = at;
        long number = 0;
        while (peek() >= '0' && peek() <= '9') {
            number = number * 10 + (next() - '0');
            if (number > max) {
                throw refused("a number is greater than " + max);
            }
        }
        if (at == from) {
            throw refused("a number is missing");
        }
        return number;
    }

    /** Reads the ID of a transaction. */
    long xid() {
        return number(MAX_XID);
    }

    /** Reads a time as the server prints it in the ISO style. */
    Instant time(String printed) {
        byte[] text = printed.getBytes(StandardCharsets.UTF_8);
        try {
            return TypeRegistry.global().decode(BuiltinTypes.TIMESTAMPTZ, false, text, 0, text.length, Instant.class);
        } catch (ConversionException | DateTimeException e) {
            throw refused("a time cannot be read", e);
        }
    }

    /** Returns the exception that says what is wrong here. */
    ProtocolException refused(String what) {
        return new ProtocolException(what + " at byte " + at);
    }

    private ProtocolException refused(String what, Exception cause) {
        return new ProtocolException(what + " at byte " + at, Delivery.UNKNOWN, cause);
    }
}
