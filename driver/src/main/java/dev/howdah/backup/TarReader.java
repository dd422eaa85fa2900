package dev.howdah.backup;

import dev.howdah.backup.TarHeader.RefusedHeader;
import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Takes an archive apart as its bytes come, in pieces of any length, and keeps no more of it than a header. It trusts nobody: what
 * PostgreSQL does not write is a {@link BackupException} of {@link Reason#ARCHIVE_REFUSED}, and nothing can be read on afterwards. For one
 * thread.
 */
final class TarReader {

    /** Where in the archive the next byte is. */
    private enum State {
        HEADER,
        DATA,
        PADDING,
        /** Behind the first block of zeros. */
        ENDING,
        /** Behind the second one. */
        ENDED,
        REFUSED
    }

    private final String archive;
    private final TarHandler handler;
    private final byte[] header = new byte[TarHeader.BLOCK];
    private int filled;
    private State state = State.HEADER;
    /** How much there is to come of the data or the padding. */
    private long left;

    private @Nullable TarEntry entry;

    /**
     * Begins.
     *
     * @param archive its name, for messages
     */
    TarReader(String archive, TarHandler handler) {
        this.archive = archive;
        this.handler = handler;
    }

    /**
     * Takes the next bytes.
     *
     * @throws BackupException if they are not of an archive of a server's
     * @throws IOException what the handler throws
     */
    void accept(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            at += switch (state) {
                case HEADER, ENDING -> header(bytes, at, end);
                case DATA -> data(bytes, at, end);
                case PADDING -> padding(end - at);
                case ENDED -> zeros(bytes, at, end);
                case REFUSED -> throw new IllegalStateException("the archive was refused before");
            };
        }
    }

    /**
     * Says that no more bytes come. Servers before 15 end an archive with its last file.
     *
     * @throws BackupException if something is missing
     */
    void end() {
        if (state == State.DATA || state == State.PADDING) {
            throw refused(
                    "it ends within " + EntryName.shown(name()) + ", " + left + " bytes before that file's end", null);
        } else if (filled > 0) {
            throw refused("it ends within a header, behind " + EntryName.shown(name()), null);
        }
    }

    /** Returns whether the blocks of zeros have been seen that end an archive. */
    boolean isEnded() {
        return state == State.ENDED;
    }

    private String name() {
        return entry == null ? "" : entry.name();
    }

    private int header(byte[] bytes, int at, int end) throws IOException {
        int taken = Math.min(end - at, TarHeader.BLOCK - filled);
        System.arraycopy(bytes, at, header, filled, taken);
        filled += taken;
        if (filled == TarHeader.BLOCK) {
            filled = 0;
            header();
        }
        return taken;
    }

    private void header() throws IOException {
        if (isZero(header)) {
            state = state == State.HEADER ? State.ENDING : State.ENDED;
            return;
        } else if (state == State.ENDING) {
            throw refused("it goes on behind its end", null);
        }
        TarEntry begun;
        try {
            begun = TarHeader.read(header);
        } catch (RefusedHeader e) {
            String where = entry == null ? "" : " (behind " + EntryName.shown(name()) + ")";
            throw refused(e.getMessage() + where, e);
        }
        entry = begun;
        handler.begin(begun);
        if (begun.kind() == TarEntry.Kind.FILE) {
            left = begun.size();
            state = State.DATA;
            endIfWhole(begun);
        }
    }

    private static boolean isZero(byte[] block) {
        for (byte each : block) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }

    private int data(byte[] bytes, int at, int end) throws IOException {
        TarEntry file = entry;
        int taken = (int) Math.min(end - at, left);
        handler.data(bytes, at, taken);
        left -= taken;
        if (file != null) {
            endIfWhole(file);
        }
        return taken;
    }

    private void endIfWhole(TarEntry file) throws IOException {
        if (left == 0) {
            handler.end();
            left = -file.size() & (TarHeader.BLOCK - 1);
            state = left == 0 ? State.HEADER : State.PADDING;
        }
    }

    private int padding(int there) {
        int taken = (int) Math.min(there, left);
        left -= taken;
        if (left == 0) {
            state = State.HEADER;
        }
        return taken;
    }

    private int zeros(byte[] bytes, int at, int end) {
        for (int i = at; i < end; i++) {
            if (bytes[i] != 0) {
                throw refused("it goes on behind its end", null);
            }
        }
        return end - at;
    }

    private BackupException refused(String why, @Nullable Throwable cause) {
        state = State.REFUSED;
        return new BackupException(
                Reason.ARCHIVE_REFUSED, "the archive " + EntryName.shown(archive) + " is refused: " + why, cause);
    }
}
