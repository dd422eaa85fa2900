package dev.howdah.largeobject;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Writes to a large object from where it stands on. Keeps nothing for itself, so nothing is lost if it is not closed. */
final class ObjectOutput extends OutputStream {

    private final LargeObject object;
    private boolean closed;

    ObjectOutput(LargeObject object) {
        this.object = object;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        requireOpen();
        object.write(ByteBuffer.wrap(bytes, offset, length));
    }

    @Override
    public void flush() throws IOException {
        requireOpen();
        object.flush();
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the stream has been closed");
        }
    }

    /** Waits until the server has everything, and closes the stream, not the object. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            object.flush();
        }
    }
}
