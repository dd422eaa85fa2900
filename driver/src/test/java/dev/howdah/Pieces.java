package dev.howdah;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A stream that gives what it is told to, one piece with each read. */
final class Pieces extends InputStream {

    /** Gives the pieces; each has to fit into what is read. */
    interface Giver {
        /** Returns the next one, or null at the end. */
        byte @Nullable [] next() throws IOException, InterruptedException;
    }

    private final Giver giver;

    Pieces(Giver giver) {
        this.giver = giver;
    }

    @Override
    public int read() {
        throw new IllegalStateException("not by the byte");
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        byte[] piece;
        try {
            piece = giver.next();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
        if (piece == null) {
            return -1;
        }
        System.arraycopy(piece, 0, into, offset, piece.length);
        return piece.length;
    }
}
