package dev.howdah.backup;

import dev.howdah.backup.JsonInput.Token;
import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import dev.howdah.type.Lsn;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads a manifest from beginning to end, once, and keeps what it says. For one thread. */
final class ManifestReader {

    private static final String VERSION = "PostgreSQL-Backup-Manifest-Version";
    private static final String CHECKSUM = "Manifest-Checksum";
    private static final int NEWEST_VERSION = 2;
    /** More than the last line is long. */
    private static final int TAIL = 1024;
    /** No server starts with more timelines than this in one backup. */
    private static final int MOST_RANGES = 10_000;

    private static final String ZONE = " GMT";

    private final Path file;
    private final JsonInput json;
    private final BackupManifest.Builder read = new BackupManifest.Builder();
    private String checksum = "";
    private String lastTime = "";
    private Instant lastInstant = Instant.EPOCH;

    private ManifestReader(Path file, InputStream in) {
        this.file = file;
        this.json = new JsonInput(in);
    }

    static BackupManifest read(Path file) throws IOException {
        long summed = startOfLastLine(file);
        ChecksumAlgorithm.Running sum = ChecksumAlgorithm.SHA256.begin();
        try (InputStream in = new Summing(Files.newInputStream(file), sum, summed)) {
            ManifestReader reader = new ManifestReader(file, in);
            try {
                reader.manifest();
            } catch (JsonInput.Malformed e) {
                throw reader.damaged(String.valueOf(e.getMessage()), e);
            }
            String found = sum.hex();
            if (!found.equals(reader.checksum)) {
                throw reader.damaged(
                        "its checksum is " + found + " and should be " + EntryName.shown(reader.checksum), null);
            }
            return reader.read.build();
        }
    }

    /** The checksum is over all that is before the last line, which it is in itself. */
    private static long startOfLastLine(Path file) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long length = in.length();
            byte[] tail = new byte[(int) Math.min(TAIL, length)];
            in.seek(length - tail.length);
            in.readFully(tail);
            for (int i = tail.length - 2; i >= 0; i--) {
                if (tail[tail.length - 1] == '\n' && tail[i] == '\n') {
                    return length - tail.length + i + 1;
                }
            }
        }
        throw damaged(file, "it does not end with a line for its checksum", null);
    }

    /** Sums up the first bytes as they are read. */
    private static final class Summing extends FilterInputStream {
        private final ChecksumAlgorithm.Running sum;
        private long left;

        Summing(InputStream in, ChecksumAlgorithm.Running sum, long length) {
            super(in);
            this.sum = sum;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = in.read(bytes, offset, length);
            if (count > 0) {
                int summed = (int) Math.min(count, left);
                sum.update(bytes, offset, summed);
                left -= summed;
            }
            return count;
        }
    }

    private void manifest() throws IOException {
        json.begin(Token.OBJECT);
        require(json.hasMember() && json.text().equals(VERSION), "it does not begin with its version");
        read.version = (int) number(NEWEST_VERSION, "a version that is known here");
        require(read.version > 0, "it has not a version that is known here");
        while (json.hasMember()) {
            String name = json.text();
            require(checksum.isEmpty(), "it goes on behind its checksum");
            switch (name) {
                case "System-Identifier" -> systemIdentifier();
                case "Files" -> files();
                case "WAL-Ranges" -> read.walRanges = ranges();
                case CHECKSUM -> checksum = string();
                default -> throw damaged("it has a member " + EntryName.shown(name), null);
            }
        }
        json.end();
        require(!checksum.isEmpty(), "it has no checksum");
        require(read.version == 1 || read.systemIdentifier.isPresent(), "it does not say which system it is of");
    }

    private void systemIdentifier() throws IOException {
        json.begin(Token.NUMBER);
        try {
            read.systemIdentifier = OptionalLong.of(Long.parseUnsignedLong(json.text()));
        } catch (NumberFormatException e) {
            throw damaged("its system identifier is no number", e);
        }
    }

    private void files() throws IOException {
        json.begin(Token.ARRAY);
        while (json.hasElement()) {
            ManifestFile described = file();
            if (read.files.put(described.path(), described) != null) {
                throw damaged("it has the file " + EntryName.shown(described.path()) + " twice", null);
            }
        }
    }

    private ManifestFile file() throws IOException {
        @Nullable String path = null;
        long size = -1;
        Instant modified = Instant.EPOCH;
        ChecksumAlgorithm algorithm = ChecksumAlgorithm.NONE;
        String sum = "";
        json.begin(Token.OBJECT);
        while (json.hasMember()) {
            String name = json.text();
            switch (name) {
                case "Path", "Encoded-Path" -> {
                    require(path == null, "a file has two paths");
                    path = name.equals("Path") ? string() : decoded(string());
                }
                case "Size" -> size = number(Long.MAX_VALUE, "a size");
                case "Last-Modified" -> modified = time(string());
                case "Checksum-Algorithm" -> algorithm = algorithm(string());
                case "Checksum" -> sum = string().toLowerCase(Locale.ROOT);
                default -> throw damaged("a file has a member " + EntryName.shown(name), null);
            }
        }
        if (path == null || size < 0) {
            throw damaged("a file has no path or no size", null);
        }
        @Nullable String fault = EntryName.fault(path);
        if (fault != null) {
            throw damaged("a file is named " + EntryName.shown(path) + ", which is not taken: " + fault, null);
        } else if (sum.length() != algorithm.digits() || !isHex(sum)) {
            throw damaged("the checksum of " + EntryName.shown(path) + " is none", null);
        }
        return new ManifestFile(path, size, modified, algorithm, sum);
    }

    private static boolean isHex(String text) {
        return text.chars().allMatch(HexFormat::isHexDigit);
    }

    private String decoded(String hex) {
        try {
            return new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw damaged("an encoded path is not in hexadecimal digits", e);
        }
    }

    /** Files changed in the same second, of which there are many, share what was read. */
    private Instant time(String text) {
        if (!text.equals(lastTime)) {
            require(text.endsWith(ZONE), "a time is not in GMT");
            try {
                lastInstant = Instant.parse(
                        text.substring(0, text.length() - ZONE.length()).replace(' ', 'T') + "Z");
            } catch (DateTimeException e) {
                throw damaged("a time cannot be read: " + EntryName.shown(text), e);
            }
            lastTime = text;
        }
        return lastInstant;
    }

    private ChecksumAlgorithm algorithm(String name) {
        try {
            return ChecksumAlgorithm.named(name);
        } catch (IllegalArgumentException e) {
            throw damaged("nobody here knows the checksum algorithm " + EntryName.shown(name), e);
        }
    }

    private List<WalRange> ranges() throws IOException {
        List<WalRange> ranges = new ArrayList<>();
        json.begin(Token.ARRAY);
        while (json.hasElement()) {
            require(ranges.size() < MOST_RANGES, "it has more ranges of the log than there can be");
            ranges.add(range());
        }
        return ranges;
    }

    private WalRange range() throws IOException {
        long timeline = 0;
        @Nullable Lsn start = null;
        @Nullable Lsn end = null;
        json.begin(Token.OBJECT);
        while (json.hasMember()) {
            String name = json.text();
            switch (name) {
                case "Timeline" -> timeline = number(0xffff_ffffL, "a timeline");
                case "Start-LSN" -> start = lsn(string());
                case "End-LSN" -> end = lsn(string());
                default -> throw damaged("a range of the log has a member " + EntryName.shown(name), null);
            }
        }
        if (timeline == 0 || start == null || end == null || start.isAfter(end)) {
            throw damaged("a range of the log is none", null);
        }
        return new WalRange(timeline, start, end);
    }

    private Lsn lsn(String text) {
        try {
            return Lsn.parse(text);
        } catch (IllegalArgumentException e) {
            throw damaged("a place in the log cannot be read: " + EntryName.shown(text), e);
        }
    }

    private String string() throws IOException {
        json.begin(Token.STRING);
        return json.text();
    }

    private long number(long largest, String what) throws IOException {
        json.begin(Token.NUMBER);
        try {
            long number = Long.parseLong(json.text());
            if (number < 0 || number > largest) {
                throw damaged("it has not " + what + " but " + number, null);
            }
            return number;
        } catch (NumberFormatException e) {
            throw damaged("it has not " + what + " but " + EntryName.shown(json.text()), e);
        }
    }

    private void require(boolean what, String otherwise) {
        if (!what) {
            throw damaged(otherwise, null);
        }
    }

    private BackupException damaged(String why, @Nullable Throwable cause) {
        return damaged(file, why + " (byte " + json.position() + ")", cause);
    }

    private static BackupException damaged(Path file, String why, @Nullable Throwable cause) {
        return new BackupException(Reason.DAMAGED, "the manifest " + file + " is damaged: " + why, cause);
    }
}
