package dev.howdah.auth;

import dev.howdah.error.ProtocolException;
import java.util.HashMap;
import java.util.Map;

/** Reads the texts of a JSON object; other values are checked and left out. */
final class FlatJson {

    /** How deep values may lie in each other. */
    private static final int MAX_DEPTH = 8;

    private final String text;
    private int at;

    private FlatJson(String text) {
        this.text = text;
    }

    /**
     * Returns the members of the object that are texts, by name.
     *
     * @throws ProtocolException if it is no JSON object, or has a member twice
     */
    static Map<String, String> read(String text) {
        FlatJson json = new FlatJson(text);
        Map<String, String> texts = new HashMap<>();
        json.object(texts, 0);
        json.blanks();
        if (json.at != text.length()) {
            throw json.malformed();
        }
        return texts;
    }

    private void object(Map<String, String> texts, int depth) {
        Map<String, Boolean> names = new HashMap<>();
        expect('{');
        if (next() == '}') {
            at++;
            return;
        }
        while (true) {
            String name = string();
            if (names.put(name, true) != null) {
                throw malformed();
            }
            expect(':');
            if (next() == '"') {
                texts.put(name, string());
            } else {
                skip(depth + 1);
            }
            if (next() != ',') {
                expect('}');
                return;
            }
            at++;
        }
    }

    private void skip(int depth) {
        if (depth > MAX_DEPTH) {
            throw malformed();
        }
        switch (next()) {
            case '{' -> object(new HashMap<>(), depth);
            case '[' -> array(depth);
            case '"' -> string();
            default -> word();
        }
    }

    private void array(int depth) {
        expect('[');
        if (next() == ']') {
            at++;
            return;
        }
        while (true) {
            skip(depth + 1);
            if (next() != ',') {
                expect(']');
                return;
            }
            at++;
        }
    }

    /** A number, true, false or null. */
    private void word() {
        int start = at;
        while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        if (!text.substring(start, at).matches("true|false|null|-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?")) {
            throw malformed();
        }
    }

    private String string() {
        expect('"');
        StringBuilder read = new StringBuilder();
        while (true) {
            char c = take();
            if (c == '"') {
                return read.toString();
            }
            if (c < ' ') {
                throw malformed();
            }
            read.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() {
        char c = take();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> (char) (hexDigit() << 12 | hexDigit() << 8 | hexDigit() << 4 | hexDigit());
            default -> throw malformed();
        };
    }

    private int hexDigit() {
        int digit = Character.digit(take(), 16);
        if (digit < 0) {
            throw malformed();
        }
        return digit;
    }

    private void expect(char wanted) {
        blanks();
        if (take() != wanted) {
            throw malformed();
        }
    }

    /** The next character that is no blank; it stays. */
    private char next() {
        blanks();
        if (at == text.length()) {
            throw malformed();
        }
        return text.charAt(at);
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char take() {
        if (at == text.length()) {
            throw malformed();
        }
        return text.charAt(at++);
    }

    private ProtocolException malformed() {
        return new ProtocolException("the server's OAuth challenge is no JSON object, at character " + at);
    }
}
