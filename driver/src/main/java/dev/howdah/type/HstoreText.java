package dev.howdah.type;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text form of {@code hstore} as the server prints it: keys and values in double quotes, NULL without.
 *
 * @see <a href="https://www.postgresql.org/docs/current/hstore.html#HSTORE-EXTERNAL-REP">External representation</a>
 */
final class HstoreText {

    private final String text;
    private int at;

    HstoreText(String text) {
        this.text = text;
    }

    Map<String, @Nullable String> read() {
        Map<String, @Nullable String> map = new LinkedHashMap<>();
        skipSpace();
        while (at < text.length()) {
            if (!map.isEmpty()) {
                expect(",");
                skipSpace();
            }
            String key = quoted();
            skipSpace();
            expect("=>");
            skipSpace();
            if (text.regionMatches(true, at, "NULL", 0, 4)) {
                at += 4;
                map.put(key, null);
            } else {
                map.put(key, quoted());
            }
            skipSpace();
        }
        return Collections.unmodifiableMap(map);
    }

    private String quoted() {
        expect("\"");
        StringBuilder out = new StringBuilder();
        while (next() != '"') {
            if (next() == '\\') {
                at++;
            }
            out.append(next());
            at++;
        }
        at++;
        return out.toString();
    }

    private char next() {
        require(at < text.length());
        return text.charAt(at);
    }

    private void expect(String what) {
        require(text.startsWith(what, at));
        at += what.length();
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private static void require(boolean sound) {
        if (!sound) {
            throw Refusal.reading("the text is not an hstore");
        }
    }

    static void quote(String content, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\');
            }
            out.append(c);
        }
        out.append('"');
    }
}
