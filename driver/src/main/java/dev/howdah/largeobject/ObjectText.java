package dev.howdah.largeobject;

import dev.howdah.error.ConversionException;
import dev.howdah.error.Delivery;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;

/** Text in a large object. What is no text of its charset is refused, never replaced. */
final class ObjectText {

    private static final int MOST_AT_ONCE = 64 * 1024;
    /** No character takes more bytes. */
    private static final int LONGEST = 4;

    private ObjectText() {}

    /** Returns what decodes all that comes; it reads ahead for itself. */
    static Reader reader(LargeObject object, Charset charset) {
        return new InputStreamReader(object.inputStream(), decoder(charset));
    }

    private static CharsetDecoder decoder(Charset charset) {
        return charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    /**
     * Reads characters; the object stands behind the last of them then, and where it stood if there is something else.
     *
     * @param limit how many chars at most; a pair of surrogates is not torn
     */
    static String read(LargeObject object, int limit, Charset charset) {
        long start = object.tell();
        StringBuilder text = new StringBuilder();
        CharsetDecoder decoder = decoder(charset);
        ByteBuffer bytes = ByteBuffer.allocate(MOST_AT_ONCE).limit(0);
        CharBuffer chars = CharBuffer.allocate(MOST_AT_ONCE);
        boolean ended = false;
        long at = start;
        while (text.length() < limit) {
            if (!ended) {
                ended = fill(object, bytes, limit - text.length());
            }
            int before = bytes.position();
            chars.clear().limit(Math.min(chars.capacity(), limit - text.length()));
            CoderResult result = decoder.decode(bytes, chars, ended);
            at += bytes.position() - before;
            text.append(chars.flip());
            if (result.isError() && text.length() < limit) {
                object.position(start);
                throw new ConversionException(
                        "the large object " + object.oid() + " is no " + charset + " text at byte " + at,
                        Delivery.COMPLETED,
                        null);
            }
            if (ended && result.isUnderflow() || result.isOverflow() && chars.limit() == 0) {
                break;
            }
        }
        object.position(at);
        return text.toString();
    }

    /** Adds bytes to those that are left; returns whether the object ends behind them. */
    private static boolean fill(LargeObject object, ByteBuffer bytes, int wanted) {
        bytes.compact();
        bytes.limit(Math.min(bytes.capacity(), bytes.position() + Math.max(wanted, LONGEST)));
        object.read(bytes);
        boolean ended = bytes.hasRemaining();
        bytes.flip();
        return ended;
    }
}
