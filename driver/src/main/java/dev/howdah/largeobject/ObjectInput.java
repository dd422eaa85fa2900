package dev.howdah.largeobject;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** The bytes of a large object from where it stands on. Keeps nothing for itself, so the object stands where this does. */
final class ObjectInput extends InputStream {

    private final LargeObject object;
    private final byte[] single = new byte[1];
    private boolean closed;

    ObjectInput(LargeObject object) {
        this.object = object;
    }

    @Override
    public int read() throws IOException {
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        requireOpen();
        return object.read(ByteBuffer.wrap(bytes, offset, length));
    }

    @Override
    public byte[] readNBytes(int length) throws IOException {
        requireOpen();
        return object.read(length);
    }

    @Override
    public byte[] readAllBytes() throws IOException {
        requireOpen();
        return object.read();
    }

    @Override
    public long skip(long count) throws IOException {
        requireOpen();
        if (count <= 0) {
            return 0;
        }
        long from = object.tell();
        long to = Math.max(from, Math.min(object.size(), from + Math.min(count, LargeObject.MAX_SIZE)));
        object.position(to);
        return to - from;
    }

    @Override
    public long transferTo(OutputStream out) throws IOException {
        requireOpen();
        return ObjectBytes.copyTo(object, Objects.requireNonNull(out, "out"));
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the stream has been closed");
        }
    }

    /** Closes the stream, not the object. */
    @Override
    public void close() {
        closed = true;
    }
}
