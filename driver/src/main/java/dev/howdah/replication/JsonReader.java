package dev.howdah.replication;

import dev.howdah.error.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads JSON token by token, as its caller asks. Values are given as they are written; nothing is kept of what was read. Not safe
 * for several threads.
 *
 * <p>Whatever is not JSON is a {@link ProtocolException} that says at which byte.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259</a>
 */
final class JsonReader {

    /** Deeper than any plugin nests. */
    private static final int MAX_DEPTH = 64;

    private static final int HEX = 16;
    private static final int HEX_DIGITS = 4;

    /** What comes next. */
    enum Token {
        OBJECT,
        END_OBJECT,
        ARRAY,
        END_ARRAY,
        STRING,
        NUMBER,
        TRUE,
        FALSE,
        NULL
    }

    private final PluginText in;
    private int depth;
    private String text = "";

    JsonReader(PluginText in) {
        this.in = in;
    }

    /** Takes a value, or the beginning of one. */
    Token next() {
        space();
        int next = in.next();
        return switch (next) {
            case '{' -> deeper(Token.OBJECT);
            case '[' -> deeper(Token.ARRAY);
            case '"' -> {
                text = string();
                yield Token.STRING;
            }
            case 't' -> word("rue", Token.TRUE);
            case 'f' -> word("alse", Token.FALSE);
            case 'n' -> word("ull", Token.NULL);
            case -1 -> throw in.refused("the JSON ends where a value should be");
            default -> number();
        };
    }

    /** Returns the string or number that was taken last. */
    String text() {
        return text;
    }

    private Token deeper(Token token) {
        if (++depth > MAX_DEPTH) {
            throw in.refused("the JSON is nested deeper than " + MAX_DEPTH + " levels");
        }
        return token;
    }

    private Token word(String rest, Token token) {
        in.expect(rest);
        return token;
    }

    private Token number() {
        in.position(in.position() - 1);
        int from = in.position();
        in.skip("-");
        int first = in.peek();
        int digits = digits();
        if (digits > 1 && first == '0') {
            throw in.refused("a number begins with a zero too many");
        }
        if (in.skip(".")) {
            digits();
        }
        if (in.skip("e") || in.skip("E")) {
            if (!in.skip("+")) {
                in.skip("-");
            }
            digits();
        }
        text = in.string(from, in.position());
        return Token.NUMBER;
    }

    private int digits() {
        int from = in.position();
        while (in.peek() >= '0' && in.peek() <= '9') {
            in.next();
        }
        if (in.position() == from) {
            throw in.refused("neither a value nor a digit stands");
        }
        return in.position() - from;
    }

    /** Takes what begins a value of a kind that has to come. */
    void begin(Token token) {
        if (next() != token) {
            throw in.refused("the JSON has another value in place of " + token);
        }
    }

    /** Returns whether an array goes on; takes its end if not. */
    boolean hasElement(boolean first) {
        return goesOn(']', first);
    }

    /** Returns whether an object goes on, and takes the name of the member, which {@link #text()} then is; takes its end if not. */
    boolean hasMember(boolean first) {
        if (!goesOn('}', first)) {
            return false;
        }
        begin(Token.STRING);
        String name = text;
        space();
        in.expect(":");
        text = name;
        return true;
    }

    private boolean goesOn(int end, boolean first) {
        space();
        if (in.peek() == end) {
            in.next();
            depth--;
            return false;
        }
        if (!first) {
            in.expect(",");
            space();
        }
        return true;
    }

    /** Takes a value of any kind. */
    void skip() {
        skip(next());
    }

    /** Takes the rest of a value that has begun. */
    void skip(Token begun) {
        boolean first = true;
        if (begun == Token.OBJECT) {
            while (hasMember(first)) {
                first = false;
                skip();
            }
        } else if (begun == Token.ARRAY) {
            while (hasElement(first)) {
                first = false;
                skip();
            }
        }
    }

    /** Skips white space, and returns whether nothing comes behind. */
    boolean isAtEnd() {
        space();
        return in.isAtEnd();
    }

    private void space() {
        int next = in.peek();
        while (next == ' ' || next == '\n' || next == '\r' || next == '\t') {
            in.next();
            next = in.peek();
        }
    }

    private String string() {
        int from = in.position();
        while (true) {
            int next = in.next();
            if (next == '"') {
                return in.string(from, in.position() - 1);
            } else if (next == '\\') {
                return escaped(from, in.position() - 1);
            }
            inString(next);
        }
    }

    private void inString(int next) {
        if (next < 0) {
            throw in.refused("the closing quote of a string is missing");
        } else if (next < ' ') {
            throw in.refused("a string holds a control character");
        }
    }

    /** Goes on with a string that has an escape in it. */
    private String escaped(int from, int backslash) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(in.string(from, backslash).getBytes(StandardCharsets.UTF_8));
        in.position(backslash);
        while (true) {
            int next = in.next();
            if (next == '"') {
                byte[] all = bytes.toByteArray();
                return new PluginText(all).string(0, all.length);
            } else if (next == '\\') {
                bytes.writeBytes(escape().getBytes(StandardCharsets.UTF_8));
            } else {
                inString(next);
                bytes.write(next);
            }
        }
    }

    private String escape() {
        int next = in.next();
        return switch (next) {
            case '"', '\\', '/' -> Character.toString(next);
            case 'b' -> "\b";
            case 'f' -> "\f";
            case 'n' -> "\n";
            case 'r' -> "\r";
            case 't' -> "\t";
            case 'u' -> unicode();
            default -> throw in.refused("an escape is none of JSON's");
        };
    }

    private String unicode() {
        char unit = unit();
        if (!Character.isSurrogate(unit)) {
            return Character.toString(unit);
        }
        if (Character.isLowSurrogate(unit) || !in.skip("\\u")) {
            throw in.refused("half a surrogate pair stands alone");
        }
        char low = unit();
        if (!Character.isLowSurrogate(low)) {
            throw in.refused("half a surrogate pair stands alone");
        }
        return Character.toString(Character.toCodePoint(unit, low));
    }

    private char unit() {
        int unit = 0;
        for (int i = 0; i < HEX_DIGITS; i++) {
            int next = in.next();
            int digit = next < 0 ? -1 : Character.digit((char) next, HEX);
            if (digit < 0) {
                throw in.refused("an escape has not four hexadecimal digits");
            }
            unit = unit * HEX + digit;
        }
        return (char) unit;
    }
}
