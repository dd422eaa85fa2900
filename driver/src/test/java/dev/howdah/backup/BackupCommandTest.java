package dev.howdah.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.howdah.error.ServerException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BackupCommandTest {

    private static String text(int version, BackupOptions how) {
        return new BackupCommand(version, how, false, null).text();
    }

    @Test
    void eachOptionHasItsWordInBothGrammars() {
        BackupOptions how = BackupOptions.DEFAULT
                .label("it's")
                .checkpoint(CheckpointMode.FAST)
                .wal(WalMode.FETCH)
                .maxRate(4096)
                .verifyChecksums(false)
                .manifestForceEncode(true)
                .manifestChecksums(ChecksumAlgorithm.SHA256);
        assertThat(text(140_000, how))
                .isEqualTo("BASE_BACKUP LABEL 'it''s' PROGRESS FAST WAL MAX_RATE 4096 NOVERIFY_CHECKSUMS"
                        + " MANIFEST 'force-encode' MANIFEST_CHECKSUMS 'SHA256'");
        assertThat(text(150_000, how.compression(new ServerCompression("zstd", "level=3,workers=2"))))
                .isEqualTo(
                        "BASE_BACKUP (LABEL 'it''s', CHECKPOINT 'fast', PROGRESS true, WAL true, WAIT true, MAX_RATE 4096,"
                                + " TABLESPACE_MAP false, VERIFY_CHECKSUMS false, MANIFEST 'force-encode',"
                                + " MANIFEST_CHECKSUMS 'SHA256', COMPRESSION 'zstd', COMPRESSION_DETAIL 'level=3,workers=2')");
    }

    @Test
    void logThatIsStreamedNeedsNoWaitForAnArchive() {
        BackupOptions none = BackupOptions.DEFAULT.wal(WalMode.NONE);
        assertThat(text(140_000, BackupOptions.DEFAULT)).contains(" NOWAIT");
        assertThat(text(140_000, none)).doesNotContain("NOWAIT");
        assertThat(text(140_000, none.waitForArchive(false))).contains(" NOWAIT");
        assertThat(text(180_000, BackupOptions.DEFAULT)).contains("WAIT false");
        assertThat(text(180_000, none)).contains("WAIT true");
    }

    @Test
    void aPlaceOnTheServerIsQuoted() {
        BackupOptions how = BackupOptions.DEFAULT.wal(WalMode.NONE).manifest(false);
        assertThat(new BackupCommand(180_000, how, true, new BackupCommand.Place("server", "/it's")).text())
                .endsWith(
                        "TABLESPACE_MAP true, VERIFY_CHECKSUMS true, MANIFEST 'no', TARGET 'server', TARGET_DETAIL '/it''s')");
    }

    @Test
    void whatAVersionDoesNotKnowIsRefused() {
        BackupOptions plain = BackupOptions.DEFAULT;
        assertThatExceptionOfType(ServerException.class)
                .isThrownBy(() -> text(140_020, plain.compression(ServerCompression.gzip())))
                .withMessageContaining("needs PostgreSQL 15, the server is of version 14");
        assertThatExceptionOfType(ServerException.class)
                .isThrownBy(() -> text(160_000, plain.incrementalTo(Path.of("backup_manifest"))))
                .withMessageContaining("needs PostgreSQL 17");
        assertThatExceptionOfType(ServerException.class)
                .isThrownBy(() ->
                        new BackupCommand(140_000, plain, false, new BackupCommand.Place("blackhole", null)).text());
        assertThat(text(170_000, plain.incrementalTo(Path.of("backup_manifest"))))
                .endsWith(", INCREMENTAL)");
    }

    @Test
    void optionsThatCannotBeAreRefusedAtOnce() {
        for (int rate : new int[] {-1, 1, 31, 1_048_577}) {
            assertThatIllegalArgumentException().isThrownBy(() -> BackupOptions.DEFAULT.maxRate(rate));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new ServerCompression("bzip2", ""));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BackupOptions.DEFAULT.tablespace(Path.of("relative"), Path.of("here")));
    }

    @Test
    void recoverySettingsAreQuotedAndTheirTextHidesThem() {
        RecoverySettings settings =
                RecoverySettings.standby("host=primary password='it\\\\s'").with("primary_slot_name", "mine");
        assertThat(settings.lines())
                .isEqualTo("primary_conninfo = 'host=primary password=''it\\\\\\\\s'''\nprimary_slot_name = 'mine'\n");
        assertThat(settings.toString()).contains("primary_conninfo").doesNotContain("it\\");
        assertThatIllegalArgumentException().isThrownBy(() -> settings.with("a = 'b'\nc", "d"));
        assertThatIllegalArgumentException().isThrownBy(() -> settings.with("restore_command", "a\nevil = 'b'"));
    }
}
