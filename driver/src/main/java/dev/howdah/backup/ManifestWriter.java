package dev.howdah.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Writes a manifest as a server does, to the byte: PostgreSQL's own programs read them line by line. For one thread.
 *
 * @see <a href="https://www.postgresql.org/docs/current/backup-manifest-format.html">Backup manifest format</a>
 */
final class ManifestWriter {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final OutputStream out;
    private final ChecksumAlgorithm.Running sum = ChecksumAlgorithm.SHA256.begin();
    private boolean first = true;

    /**
     * Begins.
     *
     * @param systemIdentifier makes it one of version 2; without it is of version 1
     */
    ManifestWriter(OutputStream out, OptionalLong systemIdentifier) throws IOException {
        this.out = out;
        write("{ \"PostgreSQL-Backup-Manifest-Version\": " + (systemIdentifier.isPresent() ? 2 : 1) + ",\n");
        if (systemIdentifier.isPresent()) {
            write("\"System-Identifier\": " + Long.toUnsignedString(systemIdentifier.getAsLong()) + ",\n");
        }
        write("\"Files\": [");
    }

    /** Writes a whole manifest. */
    static void write(
            OutputStream out, OptionalLong systemIdentifier, Collection<ManifestFile> files, List<WalRange> ranges)
            throws IOException {
        ManifestWriter writer = new ManifestWriter(out, systemIdentifier);
        for (ManifestFile each : files) {
            writer.file(each);
        }
        writer.end(ranges);
    }

    /** Writes what there is to say of a file. */
    void file(ManifestFile file) throws IOException {
        StringBuilder line = new StringBuilder(first ? "\n" : ",\n");
        first = false;
        line.append("{ \"Path\": ").append(quoted(file.path()));
        line.append(", \"Size\": ").append(file.size());
        line.append(", \"Last-Modified\": \"")
                .append(TIME.format(file.modified()))
                .append('"');
        if (file.algorithm() != ChecksumAlgorithm.NONE) {
            line.append(", \"Checksum-Algorithm\": \"").append(file.algorithm().name());
            line.append("\", \"Checksum\": \"").append(file.checksum()).append('"');
        }
        write(line.append(" }").toString());
    }

    /** Ends it. Closes nothing. */
    void end(List<WalRange> ranges) throws IOException {
        write("\n],\n\"WAL-Ranges\": [\n");
        String before = "";
        for (WalRange each : ranges) {
            write(before + "{ \"Timeline\": " + each.timeline() + ", \"Start-LSN\": \"" + each.start()
                    + "\", \"End-LSN\": \"" + each.end() + "\" }");
            before = ",\n";
        }
        write("\n],\n");
        write("\"Manifest-Checksum\": \"" + sum.hex() + "\"}\n");
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each == '"' || each == '\\') {
                quoted.append('\\').append(each);
            } else if (each < ' ') {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) each));
            } else {
                quoted.append(each);
            }
        }
        return quoted.append('"').toString();
    }

    private void write(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        sum.update(bytes, 0, bytes.length);
        out.write(bytes);
    }
}
