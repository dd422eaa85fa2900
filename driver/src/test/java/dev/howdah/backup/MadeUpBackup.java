package dev.howdah.backup;

import dev.howdah.type.Lsn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/** A small backup that no server has made, in a folder or in archives, with all that belongs to one. */
final class MadeUpBackup {

    static final long SYSTEM = 7_320_280_665_284_567_118L;
    static final Instant MODIFIED = Instant.parse("2024-02-29T23:59:58Z");
    static final String IN_TABLESPACE = "pg_tblspc/16384/PG_17_202406281/5/16385";

    final Map<String, byte[]> files = new TreeMap<>();
    final Map<String, byte[]> segments = new TreeMap<>();
    ChecksumAlgorithm algorithm = ChecksumAlgorithm.CRC32C;
    OptionalLong system = OptionalLong.of(SYSTEM);
    List<WalRange> ranges;

    MadeUpBackup() {
        this(Lsn.parse("0/2000000"));
    }

    MadeUpBackup(Lsn begin) {
        files.put("PG_VERSION", text("17\n"));
        files.put("backup_label", text("START WAL LOCATION: " + begin.plus(40) + " (file x)\nSTART TIMELINE: 1\n"));
        files.put("base/5/1259", new byte[3 * 8192]);
        files.put("base/5/16384", text("x".repeat(200_000)));
        files.put("global/pg_control", control(SYSTEM));
        files.put("postgresql.auto.conf", text("# nothing\n"));
        files.put(IN_TABLESPACE, text("a table of a tablespace"));
        WalBytes log = new WalBytes(begin, 2, ByteOrder.LITTLE_ENDIAN);
        Lsn start = log.record(500);
        log.record(WalBytes.SEGMENT + 100_000);
        ranges = List.of(new WalRange(1, start, log.end()));
        for (int i = 0; i < 2; i++) {
            Lsn place = begin.plus((long) i * WalBytes.SEGMENT);
            segments.put(place.segmentFileName(1, WalBytes.SEGMENT), log.segment(i));
        }
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns as much of a control file as is looked at. */
    static byte[] control(long system) {
        ByteBuffer control = ByteBuffer.allocate(8192).order(ByteOrder.LITTLE_ENDIAN);
        control.putLong(0, system).putInt(8, 1700).putDouble(208, 1_234_567.0);
        control.position(216).putInt(8192).putInt(131_072).putInt(WalBytes.PAGE).putInt(WalBytes.SEGMENT);
        return control.array();
    }

    ManifestFile described(String path) {
        byte[] content = files.getOrDefault(path, new byte[0]);
        ChecksumAlgorithm.Running sum = algorithm.begin();
        sum.update(content, 0, content.length);
        return new ManifestFile(path, content.length, MODIFIED, algorithm, sum.hex());
    }

    private void manifest(Path folder) throws IOException {
        try (OutputStream out = Files.newOutputStream(folder.resolve(BackupManifest.FILE_NAME))) {
            ManifestWriter.write(
                    out, system, files.keySet().stream().map(this::described).toList(), ranges);
        }
    }

    /** Writes it into a folder, the tablespace into another. */
    Path into(Path folder, Path tablespace) throws IOException {
        Files.createDirectories(folder.resolve("pg_wal/archive_status"));
        Files.createDirectories(folder.resolve("pg_tblspc"));
        Files.createDirectories(tablespace);
        Files.createSymbolicLink(folder.resolve("pg_tblspc/16384"), tablespace);
        for (Map.Entry<String, byte[]> each : files.entrySet()) {
            Path file = folder.resolve(each.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, each.getValue());
        }
        for (Map.Entry<String, byte[]> each : segments.entrySet()) {
            Files.write(folder.resolve("pg_wal").resolve(each.getKey()), each.getValue());
        }
        manifest(folder);
        return folder;
    }

    /** Writes it as archives, the log in one of its own or in the main one. */
    Path archived(Path folder, String suffix, boolean ownLog) throws IOException {
        Files.createDirectories(folder);
        Map<String, byte[]> base = new TreeMap<>(files);
        Map<String, byte[]> tablespace = new TreeMap<>();
        tablespace.put(IN_TABLESPACE.substring("pg_tblspc/16384/".length()), files.get(IN_TABLESPACE));
        base.remove(IN_TABLESPACE);
        // As a server sends them: the control file last, and the log behind it.
        byte[] control = base.remove("global/pg_control");
        Map<String, byte[]> last = new TreeMap<>();
        last.put("global/pg_control", control);
        if (!ownLog) {
            segments.forEach((name, content) -> last.put("pg_wal/" + name, content));
        } else {
            archive(folder.resolve("pg_wal.tar" + suffix), segments, Map.of());
        }
        archive(folder.resolve("base.tar" + suffix), base, last);
        archive(folder.resolve("16384.tar" + suffix), tablespace, Map.of());
        manifest(folder);
        return folder;
    }

    private static void archive(Path file, Map<String, byte[]> first, Map<String, byte[]> then) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = file.toString().endsWith(".gz") ? new GZIPOutputStream(bytes) : bytes) {
            TarWriter tar = new TarWriter(out);
            tar.begin(TarEntry.folder("pg_tblspc", 0700, 0));
            for (Map.Entry<String, byte[]> each : first.entrySet()) {
                tar.file(each.getKey(), each.getValue(), 0600, 0);
            }
            for (Map.Entry<String, byte[]> each : then.entrySet()) {
                tar.file(each.getKey(), each.getValue(), 0600, 0);
            }
            tar.finish();
        }
        Files.write(file, bytes.toByteArray());
    }
}
