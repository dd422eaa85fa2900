package dev.howdah.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the JSON of a manifest from a stream as its caller asks, and keeps nothing but one string or number. Only what a manifest has:
 * objects, arrays, strings, whole numbers. For one thread.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259</a>
 */
final class JsonInput {

    /** Longer than any path, its bytes in hexadecimal digits included. */
    private static final int LONGEST = 8192;

    /** Deeper than a manifest nests. */
    private static final int DEEPEST = 8;

    private static final int BUFFER = 1 << 16;
    private static final int HEX = 16;
    private static final int HEX_DIGITS = 4;

    /** What a value begins with. */
    enum Token {
        OBJECT("object"),
        ARRAY("array"),
        STRING("string"),
        NUMBER("number");

        private final String text;

        Token(String text) {
            this.text = text;
        }
    }

    /** The bytes are no JSON, or not what was asked for. */
    static final class Malformed extends IOException {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int limit;
    /** Where the buffer's first byte is. */
    private long before;

    /** The string that is being read. */
    private final byte[] string = new byte[LONGEST];

    private int filled;
    private int depth;
    /** Whether something of what is being read has come before. */
    private boolean first;

    private String text = "";

    JsonInput(InputStream in) {
        this.in = in;
    }

    /** Takes a value that has to be of a kind, or its beginning. */
    void begin(Token token) throws IOException {
        space();
        switch (token) {
            case OBJECT -> open('{', token);
            case ARRAY -> open('[', token);
            case STRING -> {
                expect('"', token.text);
                text = string();
            }
            case NUMBER -> text = number();
        }
    }

    /** Returns the string or number that was taken last, or the name of the member. */
    String text() {
        return text;
    }

    /** Returns how many bytes have been taken. */
    long position() {
        return before + at;
    }

    private void open(char bracket, Token token) throws IOException {
        expect(bracket, token.text);
        if (++depth > DEEPEST) {
            throw new Malformed("it is nested too deep");
        }
        first = true;
    }

    /** Returns whether an array goes on; takes its end if not. */
    boolean hasElement() throws IOException {
        return goesOn(']');
    }

    /** Returns whether an object goes on, and takes the name of the member; takes its end if not. */
    boolean hasMember() throws IOException {
        if (!goesOn('}')) {
            return false;
        }
        begin(Token.STRING);
        space();
        expect(':', "colon");
        return true;
    }

    private boolean goesOn(char bracket) throws IOException {
        space();
        boolean begins = first;
        first = false;
        if (peek() == bracket) {
            take();
            depth--;
            return false;
        }
        if (!begins) {
            expect(',', "comma or " + bracket);
        }
        return true;
    }

    /** Requires that nothing comes behind. */
    void end() throws IOException {
        space();
        if (peek() >= 0) {
            throw new Malformed("something comes behind its end");
        }
    }

    private String number() throws IOException {
        StringBuilder digits = new StringBuilder();
        while (peek() >= '0' && peek() <= '9') {
            if (digits.length() == LONGEST) {
                throw new Malformed("a number is too long");
            }
            digits.append((char) take());
        }
        if (digits.isEmpty()) {
            throw new Malformed("a number should stand there");
        }
        return digits.toString();
    }

    private String string() throws IOException {
        filled = 0;
        boolean ascii = true;
        for (int each = take(); each != '"'; each = take()) {
            if (each < ' ') {
                throw new Malformed(each < 0 ? "it ends within a string" : "a string has a control character");
            } else if (each == '\\') {
                byte[] escaped = escape().getBytes(StandardCharsets.UTF_8);
                for (byte one : escaped) {
                    add(one);
                }
                ascii &= escaped.length == 1;
            } else {
                add((byte) each);
                ascii &= each < 0x80;
            }
        }
        return ascii ? new String(string, 0, filled, StandardCharsets.US_ASCII) : decoded();
    }

    private void add(byte one) throws Malformed {
        if (filled == string.length) {
            throw new Malformed("a string is longer than " + LONGEST + " bytes");
        }
        string[filled++] = one;
    }

    private String decoded() throws Malformed {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(string, 0, filled))
                    .toString();
        } catch (CharacterCodingException e) {
            Malformed malformed = new Malformed("a string is not UTF-8");
            malformed.initCause(e);
            throw malformed;
        }
    }

    private String escape() throws IOException {
        int escaped = take();
        return switch (escaped) {
            case '"', '\\', '/' -> Character.toString(escaped);
            case 'b' -> "\b";
            case 'f' -> "\f";
            case 'n' -> "\n";
            case 'r' -> "\r";
            case 't' -> "\t";
            case 'u' -> unicode();
            default -> throw new Malformed("an escape is none of JSON's");
        };
    }

    private String unicode() throws IOException {
        char unit = unit();
        if (!Character.isSurrogate(unit)) {
            return Character.toString(unit);
        }
        if (Character.isLowSurrogate(unit) || take() != '\\' || take() != 'u') {
            throw new Malformed("half a surrogate pair stands alone");
        }
        char low = unit();
        if (!Character.isLowSurrogate(low)) {
            throw new Malformed("half a surrogate pair stands alone");
        }
        return Character.toString(Character.toCodePoint(unit, low));
    }

    private char unit() throws IOException {
        int unit = 0;
        for (int i = 0; i < HEX_DIGITS; i++) {
            int each = take();
            int digit = each < 0 ? -1 : Character.digit((char) each, HEX);
            if (digit < 0) {
                throw new Malformed("an escape has not four hexadecimal digits");
            }
            unit = unit * HEX + digit;
        }
        return (char) unit;
    }

    private void space() throws IOException {
        while (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t') {
            take();
        }
    }

    private void expect(char expected, String what) throws IOException {
        if (peek() != expected) {
            throw new Malformed(peek() < 0 ? "it ends before its end" : "a " + what + " should stand there");
        }
        take();
    }

    /** Returns the next byte, which stays the next; -1 if there is none. */
    private int peek() throws IOException {
        if (at == limit) {
            before += limit;
            at = 0;
            limit = Math.max(in.read(buffer, 0, buffer.length), 0);
        }
        return limit == 0 ? -1 : buffer[at] & 0xff;
    }

    private int take() throws IOException {
        int taken = peek();
        if (taken >= 0) {
            at++;
        }
        return taken;
    }
}
