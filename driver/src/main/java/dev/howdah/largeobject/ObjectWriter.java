package dev.howdah.largeobject;

import dev.howdah.error.ConversionException;
import dev.howdah.error.Delivery;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;

/** Writes text to a large object. Keeps at most half a character, so nothing is lost if it is not closed. */
final class ObjectWriter extends Writer {

    private final LargeObject object;
    private final CharsetEncoder encoder;
    private final ByteBuffer bytes = ByteBuffer.allocate(8 * 1024);
    private boolean closed;
    private char half;
    private boolean hasHalf;

    ObjectWriter(LargeObject object, Charset charset) {
        this.object = object;
        this.encoder = charset.newEncoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    @Override
    public void write(char[] chars, int offset, int length) throws IOException {
        requireOpen();
        CharBuffer given = CharBuffer.wrap(chars, offset, length);
        if (hasHalf && length > 0) {
            hasHalf = false;
            encode(CharBuffer.wrap(new char[] {half, given.get()}), false);
        }
        encode(given, false);
        if (given.hasRemaining()) {
            half = given.get();
            hasHalf = true;
        }
    }

    private void encode(CharBuffer chars, boolean end) {
        CoderResult result;
        do {
            result = encoder.encode(chars, bytes, end);
            object.write(bytes.flip());
            bytes.clear();
            if (result.isError()) {
                encoder.reset();
                throw new ConversionException(
                        "the text has a character that " + encoder.charset() + " does not have",
                        Delivery.NOT_SENT,
                        null);
            }
        } while (result.isOverflow());
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the writer has been closed");
        }
    }

    @Override
    public void flush() throws IOException {
        requireOpen();
        object.flush();
    }

    /** Writes what is left, waits until the server has everything, and closes the writer, not the object. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        CharBuffer rest = hasHalf ? CharBuffer.wrap(new char[] {half}) : CharBuffer.allocate(0);
        encode(rest, true);
        encoder.flush(bytes);
        object.write(bytes.flip());
        object.flush();
    }
}
