package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import dev.howdah.error.ProtocolException;
import dev.howdah.message.Bytes;
import dev.howdah.session.BaseBackupExchange;
import dev.howdah.session.ReplicationGrammar;
import dev.howdah.type.Lsn;
import dev.howdah.wire.WireReader;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What BASE_BACKUP sends, in its order: where the backup begins, one archive after the other, the manifest, where it ends. Servers
 * before 15 send a COPY for each, later ones a single one with messages that tell them apart. For one thread.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-replication.html#PROTOCOL-REPLICATION-BASE-BACKUP">BASE_BACKUP</a>
 */
final class BackupArchives {

    private static final long KIBIBYTE = 1024;
    private static final int LONGEST_NAME = 255;
    private static final Pattern NAME = Pattern.compile("(base|[0-9]+)\\.tar(\\.[A-Za-z0-9]+)?");

    private final BackupStream stream;
    private final boolean framed;
    private final Meter meter;
    private final List<Place> places = new ArrayList<>();
    private Lsn startLsn = Lsn.ZERO;
    private long startTimeline;
    private int archives;
    private boolean manifestCame;
    private boolean copying;
    /** The piece at hand has not been used. */
    private boolean here;

    private @Nullable Archive open;

    /** A row of the second result: a folder on the server. */
    private record Place(BackupFile.@Nullable Tablespace tablespace, long bytes) {}

    /** Counts what comes. */
    interface Meter {
        /** So many bytes have come. May throw, to end the backup. */
        void came(int bytes);

        /** The server says how many bytes it has done. */
        void done(long bytes);
    }

    /**
     * Begins to read.
     *
     * @param version of the server, as in 180003
     */
    BackupArchives(BackupStream stream, int version, Meter meter) {
        this.stream = stream;
        this.framed = version >= ReplicationGrammar.V15;
        this.meter = meter;
    }

    // How it begins

    /** Waits until the server begins to send files, which may be long. */
    void begin() {
        require(BaseBackupExchange.ROW, "no place at the beginning");
        End first = end(stream.row());
        startLsn = first.lsn();
        startTimeline = first.timeline();
        require(BaseBackupExchange.COMPLETE, "no end of its first result");
        for (step(); stream.kind() == BaseBackupExchange.ROW; step()) {
            places.add(place(stream.row()));
        }
        if (stream.kind() != BaseBackupExchange.COMPLETE) {
            throw BackupStream.unexpected("no end of its second result");
        }
    }

    private static Place place(List<@Nullable Bytes> row) {
        Bytes oid = row.isEmpty() ? null : row.getFirst();
        Bytes size = row.size() > 2 ? row.get(2) : null;
        long bytes = size == null ? 0 : number(size.utf8()) * KIBIBYTE;
        return oid == null
                ? new Place(null, bytes)
                : new Place(new BackupFile.Tablespace(number(oid.utf8()), BackupStream.text(row, 1)), bytes);
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw BackupStream.unexpected("a number that is none");
        }
    }

    /** Returns the place that a row of the first or the last result names. */
    private static End end(List<@Nullable Bytes> row) {
        long timeline = number(BackupStream.text(row, 1));
        try {
            return new End(Lsn.parse(BackupStream.text(row, 0)), timeline);
        } catch (IllegalArgumentException e) {
            throw BackupStream.unexpected("a place in the log that is none");
        }
    }

    Lsn startLsn() {
        return startLsn;
    }

    long startTimeline() {
        return startTimeline;
    }

    /** Returns about how many bytes will come; 0 if the server has not looked. */
    long total() {
        return places.stream().mapToLong(Place::bytes).sum();
    }

    List<BackupFile.Tablespace> tablespaces() {
        return places.stream().map(Place::tablespace).filter(Objects::nonNull).toList();
    }

    // Archive after archive

    /**
     * Returns the next archive, or the manifest, when all before it has been read.
     *
     * @return null if there is none any more
     */
    @Nullable
    Archive next() {
        Archive before = open;
        if (before != null && !before.ended) {
            throw new IllegalStateException(before.file.name() + " has not been read to its end");
        }
        open = framed ? framed() : unframed();
        return open;
    }

    private @Nullable Archive framed() {
        if (!copying) {
            if (archives > 0) {
                return null;
            }
            require(BaseBackupExchange.COPY, "no archive");
            copying = true;
        }
        step();
        while (stream.kind() == BaseBackupExchange.DATA) {
            WireReader in = stream.reader();
            char type = (char) in.uint8();
            switch (type) {
                case 'n' -> {
                    return archive(in);
                }
                case 'm' -> {
                    return manifest();
                }
                case 'p' -> meter.done(in.int64());
                default -> throw BackupStream.unexpected("a message of type '" + type + "' between archives");
            }
            step();
        }
        copyDone();
        archives++;
        return null;
    }

    private Archive archive(WireReader in) {
        String name = in.cstring();
        String location = in.cstring();
        if (manifestCame) {
            throw BackupStream.unexpected("an archive behind the manifest");
        }
        if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
            throw new BackupException(
                    Reason.ARCHIVE_REFUSED, "the server calls an archive '" + name + "', as none is called", null);
        }
        archives++;
        String stem = name.substring(0, name.indexOf('.'));
        if (stem.equals("base")) {
            return new Archive(new BackupFile(BackupFile.Kind.BASE, name, null));
        }
        for (BackupFile.Tablespace each : tablespaces()) {
            if (Long.toString(each.oid()).equals(stem) && each.location().equals(location)) {
                return new Archive(new BackupFile(BackupFile.Kind.TABLESPACE, name, each));
            }
        }
        throw new BackupException(
                Reason.ARCHIVE_REFUSED,
                "the server sends an archive '" + name + "' of a tablespace that it has not told of",
                null);
    }

    private @Nullable Archive unframed() {
        if (archives < places.size()) {
            BackupFile.Tablespace tablespace = places.get(archives).tablespace();
            require(BaseBackupExchange.COPY, "no archive");
            copying = true;
            archives++;
            return new Archive(
                    tablespace == null
                            ? new BackupFile(BackupFile.Kind.BASE, "base.tar", null)
                            : new BackupFile(BackupFile.Kind.TABLESPACE, tablespace.oid() + ".tar", tablespace));
        }
        step();
        if (manifestCame || stream.kind() != BaseBackupExchange.COPY) {
            here = true;
            return null;
        }
        copying = true;
        return manifest();
    }

    private Archive manifest() {
        if (manifestCame) {
            throw BackupStream.unexpected("a second manifest");
        }
        manifestCame = true;
        return new Archive(new BackupFile(BackupFile.Kind.MANIFEST, BackupManifest.FILE_NAME, null));
    }

    private void copyDone() {
        if (stream.kind() != BaseBackupExchange.COPY_DONE) {
            throw BackupStream.unexpected("something else than files");
        }
        copying = false;
    }

    /** Returns whether a manifest has come. */
    boolean hasManifest() {
        return manifestCame;
    }

    // How it ends

    /** Where a backup ends. */
    record End(Lsn lsn, long timeline) {}

    /** Waits for the end, when there is no archive any more; the server may wait for its archive of the log. */
    End end() {
        require(BaseBackupExchange.ROW, "no place at the end");
        End end = end(stream.row());
        while (stream.advance()) {
            if (stream.kind() != BaseBackupExchange.COMPLETE) {
                throw BackupStream.unexpected("more behind its end");
            }
        }
        return end;
    }

    private void step() {
        if (here) {
            here = false;
        } else if (!stream.advance()) {
            throw new ProtocolException("the server ended a backup before its end");
        }
    }

    private void require(byte kind, String otherwise) {
        step();
        if (stream.kind() != kind) {
            throw BackupStream.unexpected(otherwise);
        }
    }

    /** A file of the backup as it comes: to be read to its end. */
    final class Archive extends InputStream {
        private final BackupFile file;
        private int left;
        private int position;
        private boolean ended;

        private Archive(BackupFile file) {
            this.file = file;
        }

        BackupFile file() {
            return file;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            Objects.checkFromIndexSize(offset, length, target.length);
            if (length == 0) {
                return 0;
            }
            if (left == 0 && !more()) {
                return -1;
            }
            int count = Math.min(left, length);
            System.arraycopy(stream.bytes(), position, target, offset, count);
            position += count;
            left -= count;
            return count;
        }

        @Override
        public int available() {
            return left;
        }

        /** Gets the next piece of this file; returns false at its end. */
        private boolean more() {
            while (left == 0 && !ended) {
                step();
                if (stream.kind() != BaseBackupExchange.DATA) {
                    copyDone();
                    ended = true;
                } else {
                    piece();
                }
            }
            return left > 0;
        }

        private void piece() {
            position = stream.offset();
            left = stream.length();
            if (framed) {
                if (left == 0) {
                    throw BackupStream.unexpected("an empty message");
                }
                byte type = stream.bytes()[position];
                position++;
                left--;
                switch (type) {
                    case 'd' -> {}
                    case 'p' -> {
                        WireReader in = stream.reader();
                        in.uint8();
                        meter.done(in.int64());
                        left = 0;
                    }
                    default -> {
                        left = 0;
                        ended = true;
                        here = true;
                    }
                }
            }
            if (left > 0) {
                meter.came(left);
            }
        }
    }
}
