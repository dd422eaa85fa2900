package dev.howdah.type;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text between Java and the wire, without silent loss. */
final class Utf8 {

    private Utf8() {}

    /** Reads UTF-8; bytes that are none are refused, not replaced. */
    static String decode(byte[] bytes, int offset, int length) {
        String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
        // For text of Latin-1 characters this search ends at once; only a hit needs the strict decoder.
        if (text.indexOf('\uFFFD') >= 0) {
            strict(bytes, offset, length);
        }
        return text;
    }

    private static void strict(byte[] bytes, int offset, int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, offset, length));
        } catch (CharacterCodingException e) {
            throw Refusal.reading("its bytes are not UTF-8 (a database with encoding SQL_ASCII?); read them as byte[]");
        }
    }

    /** Checks that text can be stored and sent: no U+0000, no half of a surrogate pair. */
    static String checked(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw Refusal.writing(
                        "the text contains the character U+0000 (at index " + i + "), which PostgreSQL cannot store");
            }
            if (Character.isSurrogate(c)) {
                if (Character.isLowSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw Refusal.writing("the text contains half a surrogate pair (at index " + i + ")");
                }
                i++;
            }
        }
        return text;
    }
}
