package dev.howdah.backup;

import dev.howdah.error.ServerException;
import dev.howdah.session.ReplicationGrammar;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * BASE_BACKUP as a server of some version reads it; what it does not know is refused here.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-replication.html#PROTOCOL-REPLICATION-BASE-BACKUP">BASE_BACKUP</a>
 */
final class BackupCommand {

    private final int version;
    private final BackupOptions how;
    private final boolean tablespaceMap;

    private final @Nullable Place place;

    /**
     * Where the server puts a backup itself.
     *
     * @param target as in {@code server}
     * @param detail more about that; null for nothing
     */
    record Place(String target, @Nullable String detail) {}

    /**
     * Makes one.
     *
     * @param version of the server, as in 180003
     * @param tablespaceMap whether the archive has a list of tablespaces rather than links
     * @param place null to have it sent
     */
    BackupCommand(int version, BackupOptions how, boolean tablespaceMap, @Nullable Place place) {
        this.version = version;
        this.how = how;
        this.tablespaceMap = tablespaceMap;
        this.place = place;
    }

    /**
     * Returns the command.
     *
     * @throws ServerException if the server is too old for it (0A000); nothing is sent
     */
    String text() {
        if (how.compression != null) {
            require(ReplicationGrammar.V15, "compression on the server");
        }
        if (place != null) {
            require(ReplicationGrammar.V15, "a target on the server");
        }
        if (how.incrementalTo != null) {
            require(ReplicationGrammar.V17, "an incremental backup");
        }
        return version >= ReplicationGrammar.V15 ? newText() : oldText();
    }

    private String newText() {
        List<String> all = new ArrayList<>();
        all.add("LABEL " + ReplicationGrammar.string(how.label));
        all.add("CHECKPOINT " + (how.checkpoint == CheckpointMode.FAST ? "'fast'" : "'spread'"));
        all.add("PROGRESS " + how.estimate);
        all.add("WAL " + (how.wal == WalMode.FETCH));
        all.add("WAIT " + waits());
        if (how.maxRate != 0) {
            all.add("MAX_RATE " + how.maxRate);
        }
        all.add("TABLESPACE_MAP " + tablespaceMap);
        all.add("VERIFY_CHECKSUMS " + how.verifyChecksums);
        all.add("MANIFEST " + (how.manifest ? how.forceEncode ? "'force-encode'" : "'yes'" : "'no'"));
        if (how.manifest) {
            all.add("MANIFEST_CHECKSUMS " + ReplicationGrammar.string(how.checksums.name()));
        }
        ServerCompression compression = how.compression;
        if (compression != null) {
            all.add("COMPRESSION " + ReplicationGrammar.string(compression.method()));
            if (!compression.detail().isEmpty()) {
                all.add("COMPRESSION_DETAIL " + ReplicationGrammar.string(compression.detail()));
            }
        }
        if (place != null) {
            all.add("TARGET " + ReplicationGrammar.string(place.target()));
            if (place.detail() != null) {
                all.add("TARGET_DETAIL " + ReplicationGrammar.string(place.detail()));
            }
        }
        if (how.incrementalTo != null) {
            all.add("INCREMENTAL");
        }
        return "BASE_BACKUP (" + String.join(", ", all) + ")";
    }

    private String oldText() {
        StringBuilder text = new StringBuilder("BASE_BACKUP LABEL ").append(ReplicationGrammar.string(how.label));
        flag(text, how.estimate, " PROGRESS");
        flag(text, how.checkpoint == CheckpointMode.FAST, " FAST");
        flag(text, how.wal == WalMode.FETCH, " WAL");
        flag(text, !waits(), " NOWAIT");
        flag(text, how.maxRate != 0, " MAX_RATE " + how.maxRate);
        flag(text, tablespaceMap, " TABLESPACE_MAP");
        flag(text, !how.verifyChecksums, " NOVERIFY_CHECKSUMS");
        if (how.manifest) {
            text.append(" MANIFEST ").append(how.forceEncode ? "'force-encode'" : "'yes'");
            text.append(" MANIFEST_CHECKSUMS ").append(ReplicationGrammar.string(how.checksums.name()));
        }
        return text.toString();
    }

    private static void flag(StringBuilder text, boolean on, String words) {
        if (on) {
            text.append(words);
        }
    }

    /** What is streamed is here before any archive could have it. */
    private boolean waits() {
        return how.wal == WalMode.FETCH || how.wal == WalMode.NONE && how.waitForArchive;
    }

    private void require(int needed, String what) {
        ReplicationGrammar.require(version, needed, what);
    }
}
