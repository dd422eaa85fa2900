package dev.howdah.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.type.Lsn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chains of backups that no server has made, combined; and chains that are none. */
class BackupCombinerTest {

    private static final int BLOCK = 8192;
    private static final String TABLE = "base/5/20000";
    private static final String CHANGES = "base/5/INCREMENTAL.20000";
    private static final Lsn FIRST = Lsn.parse("0/2000000");
    private static final Lsn SECOND = Lsn.parse("0/4000000");
    private static final Lsn THIRD = Lsn.parse("0/6000000");

    @TempDir
    Path temp;

    /** Returns a block that can be told from others. */
    private static byte[] block(int value) {
        byte[] block = new byte[BLOCK];
        Arrays.fill(block, (byte) value);
        return block;
    }

    private static byte[] blocks(int... values) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int each : values) {
            all.writeBytes(block(each));
        }
        return all.toByteArray();
    }

    /** Returns a file of an incremental backup; the blocks come as number and value by turns. */
    private static byte[] changes(int truncation, int... numbersAndValues) {
        int count = numbersAndValues.length / 2;
        int head = 12 + 4 * count;
        head += count == 0 ? 0 : -head & (BLOCK - 1);
        ByteBuffer file = ByteBuffer.allocate(head + count * BLOCK).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0xd3ae1f0d).putInt(count).putInt(truncation);
        for (int i = 0; i < count; i++) {
            file.putInt(numbersAndValues[2 * i]);
        }
        file.position(head);
        for (int i = 0; i < count; i++) {
            file.put(block(numbersAndValues[2 * i + 1]));
        }
        return file.array();
    }

    private static MadeUpBackup full() {
        return new MadeUpBackup(FIRST);
    }

    private static MadeUpBackup incremental(Lsn begin, Lsn from) {
        MadeUpBackup made = new MadeUpBackup(begin);
        made.files.put(
                "backup_label",
                MadeUpBackup.text("START WAL LOCATION: " + begin.plus(40) + " (file x)\nINCREMENTAL FROM LSN: "
                        + from.plus(40) + "\nINCREMENTAL FROM TLI: 1\nSTART TIMELINE: 1\n"));
        return made;
    }

    private Path place(MadeUpBackup made, String name) throws IOException {
        return made.into(temp.resolve(name), temp.resolve(name + "-tablespace"));
    }

    private BackupCombiner combiner(String last) {
        return BackupCombiner.DEFAULT
                .sync(false)
                .tablespace(temp.resolve(last + "-tablespace"), temp.resolve("new-tablespace"));
    }

    private Path target() {
        return temp.resolve("new");
    }

    /** Combines a full backup with two others that have these files. */
    private byte[] combined(byte[] whole, byte[] second, byte[] third) throws IOException {
        MadeUpBackup one = full();
        MadeUpBackup two = incremental(SECOND, FIRST);
        MadeUpBackup three = incremental(THIRD, SECOND);
        one.files.put(TABLE, whole);
        two.files.put(CHANGES, second);
        three.files.put(CHANGES, third);
        List<Path> chain = List.of(place(one, "one"), place(two, "two"), place(three, "three"));
        combiner("three").verified().combine(chain, target());
        assertThat(BackupVerifier.DEFAULT.verify(target()).problems()).isEmpty();
        assertThat(target().resolve(CHANGES)).doesNotExist();
        return Files.readAllBytes(target().resolve(TABLE));
    }

    private static void fails(Reason reason, ThrowingCallable call, String... texts) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BackupException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContainingAll(texts);
    }

    private static List<String> leftIn(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(Path::toString).toList();
        }
    }

    @Test
    void eachBlockIsTakenFromTheNewestBackupThatHasIt() throws IOException {
        assertThat(combined(blocks(1, 1, 1, 1), changes(4, 1, 2, 2, 2), changes(4, 2, 3)))
                .isEqualTo(blocks(1, 2, 3, 1));
    }

    @Test
    void aTableThatNobodyHasChangedIsThatOfTheFullBackup() throws IOException {
        assertThat(combined(blocks(1, 2, 3), changes(3), changes(3))).isEqualTo(blocks(1, 2, 3));
    }

    @Test
    void aTableThatWasCutEndsThere() throws IOException {
        assertThat(combined(blocks(1, 1, 1, 1), changes(2, 0, 2), changes(1))).isEqualTo(blocks(2));
    }

    @Test
    void aTableThatGrewHasItsNewBlocks() throws IOException {
        assertThat(combined(blocks(1), changes(2, 1, 2), changes(3, 2, 3))).isEqualTo(blocks(1, 2, 3));
        // The length is not less than its blocks ask for, and what nobody has is zeros.
    }

    @Test
    void aBlockThatNobodyHasIsZeros() throws IOException {
        assertThat(combined(blocks(1), changes(1), changes(2, 4, 3))).isEqualTo(blocks(1, 0, 0, 0, 3));
    }

    @Test
    void blocksFromBeforeACutDoNotComeBackWhenTheTableGrowsAgain() throws IOException {
        assertThat(combined(blocks(1, 1, 1, 1), changes(1), changes(4, 2, 3))).isEqualTo(blocks(1, 0, 3, 0));
    }

    @Test
    void anEmptyTableIsEmpty() throws IOException {
        assertThat(combined(new byte[0], changes(0), changes(0))).isEmpty();
    }

    @Test
    void longRunsAndManyJumpsComeOutAsAnyOtherWouldPutThemTogether() throws IOException {
        Random random = new Random(3);
        int length = 600;
        int[] expected = new int[length];
        byte[][] files = new byte[3][];
        for (int i = 0; i < length; i++) {
            expected[i] = 1 + i % 100;
        }
        files[0] = blocks(expected);
        for (int i = 1; i < 3; i++) {
            List<Integer> changed = new ArrayList<>();
            for (int block = 0; block < length; block++) {
                if (random.nextInt(3) == 0 || block > 200 && block < 500 && i == 1) {
                    expected[block] = 100 + random.nextInt(100);
                    changed.add(block);
                    changed.add(expected[block]);
                }
            }
            files[i] = changes(length, changed.stream().mapToInt(each -> each).toArray());
        }
        assertThat(Arrays.mismatch(combined(files[0], files[1], files[2]), blocks(expected)))
                .isEqualTo(-1);
    }

    @Test
    void allElseIsThatOfTheLastBackup() throws IOException {
        MadeUpBackup one = full();
        MadeUpBackup two = incremental(SECOND, FIRST);
        one.files.put("base/5/only_in_the_first", block(1));
        two.files.put("base/5/16384", MadeUpBackup.text("newer"));
        two.files.put("log/INCREMENTAL.notes", MadeUpBackup.text("no table's"));
        List<Path> chain = List.of(place(one, "one"), place(two, "two"));

        BackupManifest manifest =
                combiner("two").checksums(ChecksumAlgorithm.SHA256).combine(chain, target());

        assertThat(Files.readString(target().resolve("base/5/16384"))).isEqualTo("newer");
        assertThat(target().resolve("base/5/only_in_the_first")).doesNotExist();
        assertThat(target().resolve("log/INCREMENTAL.notes")).hasContent("no table's");
        assertThat(target().resolve("backup_label"))
                .hasContent("START WAL LOCATION: 0/4000028 (file x)\nSTART TIMELINE: 1\n");
        assertThat(Files.readSymbolicLink(target().resolve("pg_tblspc/16384")))
                .isEqualTo(temp.resolve("new-tablespace"));
        assertThat(target().resolve(MadeUpBackup.IN_TABLESPACE)).hasContent("a table of a tablespace");
        assertThat(target().resolve(PartMarker.NAME)).doesNotExist();
        assertThat(target().resolve(PartMarker.CONTROL_FILE_PART)).doesNotExist();
        assertThat(Files.getPosixFilePermissions(target())).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(manifest.version()).isEqualTo(2);
        assertThat(manifest.systemIdentifier()).hasValue(MadeUpBackup.SYSTEM);
        assertThat(manifest.walRanges()).isEqualTo(two.ranges);
        assertThat(manifest.files()).allMatch(file -> file.algorithm() == ChecksumAlgorithm.SHA256);
        assertThat(BackupVerifier.DEFAULT.verify(target()).problems()).isEmpty();
    }

    @Test
    void whatWasCombinedCanBeCombinedWithWhatFollows() throws IOException {
        MadeUpBackup one = full();
        MadeUpBackup two = incremental(SECOND, FIRST);
        MadeUpBackup three = incremental(THIRD, SECOND);
        one.files.put(TABLE, blocks(1, 1, 1));
        two.files.put(CHANGES, changes(3, 1, 2));
        three.files.put(CHANGES, changes(3, 2, 3));
        combiner("two").combine(List.of(place(one, "one"), place(two, "two")), target());

        BackupCombiner.DEFAULT
                .tablespace(temp.resolve("three-tablespace"), temp.resolve("newer-tablespace"))
                .combine(List.of(target(), place(three, "three")), temp.resolve("newer"));

        assertThat(Files.readAllBytes(temp.resolve("newer").resolve(TABLE))).isEqualTo(blocks(1, 2, 3));
        assertThat(BackupVerifier.DEFAULT.verify(temp.resolve("newer")).problems())
                .isEmpty();
    }

    @Test
    void aFullBackupAloneIsCopied() throws IOException {
        Path one = place(full(), "one");
        combiner("one").combine(List.of(one), target());
        assertThat(BackupVerifier.DEFAULT.verify(target()).problems()).isEmpty();
    }

    @Test
    void whatDoesNotFollowIsNoChainAndLeavesNothing() throws IOException {
        Path one = place(full(), "one");
        Path two = place(incremental(SECOND, FIRST), "two");
        Path three = place(incremental(THIRD, SECOND), "three");
        MadeUpBackup other = incremental(SECOND, FIRST);
        other.files.put("global/pg_control", MadeUpBackup.control(5));
        other.system = OptionalLong.of(5);
        Path others = place(other, "others");
        MadeUpBackup timeline = incremental(SECOND, FIRST);
        String label = new String(timeline.files.get("backup_label"), StandardCharsets.UTF_8);
        timeline.files.put("backup_label", MadeUpBackup.text(label.replace("FROM TLI: 1", "FROM TLI: 2")));
        Path otherTimeline = place(timeline, "timeline");

        BackupCombiner combiner = combiner("three");
        for (List<Path> chain : List.of(
                List.of(two, three),
                List.of(one, three),
                List.of(one, three, two),
                List.of(one, two, two),
                List.of(one, one),
                List.of(one, others),
                List.of(one, otherTimeline))) {
            fails(
                    Reason.CHAIN_BROKEN,
                    () -> combiner.combine(chain, target()),
                    chain.getLast().getParent().toString());
        }
        assertThat(target()).doesNotExist();
        assertThatThrownBy(() -> combiner.combine(List.of(), target())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFolderThatIsNotEmptyOrWouldBeSharedIsLeftAlone() throws IOException {
        Path one = place(full(), "one");
        fails(Reason.FOLDER_IN_USE, () -> BackupCombiner.DEFAULT.combine(List.of(one), target()), "one-tablespace");
        Files.createDirectory(target());
        Path mine = Files.writeString(target().resolve("mine"), "mine");
        fails(Reason.FOLDER_IN_USE, () -> combiner("one").combine(List.of(one), target()), "something in it");
        assertThat(mine).hasContent("mine");
        assertThat(temp.resolve("new-tablespace")).doesNotExist();
        fails(Reason.FOLDER_IN_USE, () -> combiner("one").combine(List.of(one), mine), "no folder");
        fails(Reason.FOLDER_IN_USE, () -> combiner("one").combine(List.of(one), one.resolve("new")), "lies in");
        fails(
                Reason.FOLDER_IN_USE,
                () -> BackupCombiner.DEFAULT
                        .tablespace(temp.resolve("one-tablespace"), temp.resolve("in/tablespace"))
                        .combine(List.of(one), temp.resolve("in")),
                "another folder");
        Files.delete(mine);
        combiner("one").combine(List.of(one), target());
        assertThat(BackupVerifier.DEFAULT.verify(target()).isSound()).isTrue();
    }

    @Test
    void aFileThatIsDamagedEndsItAndLeavesNothing() throws IOException {
        List<byte[]> damaged = List.of(
                new byte[0],
                new byte[11],
                Arrays.copyOf(changes(3, 1, 2), 2 * BLOCK - 1),
                Arrays.copyOf(changes(3, 1, 2), 2 * BLOCK + 1),
                changes(3, 1, 2, 1, 3),
                changes(-1),
                changes(131_073),
                changes(3, 131_072, 1),
                changes(3, -1, 1),
                ByteBuffer.allocate(12).putInt(0xd3ae1f0d).array(),
                ByteBuffer.allocate(12)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(0xd3ae1f0d)
                        .putInt(Integer.MAX_VALUE)
                        .array());
        MadeUpBackup one = full();
        one.files.put(TABLE, blocks(1, 1, 1));
        Path first = place(one, "one");
        int number = 0;
        for (byte[] each : damaged) {
            MadeUpBackup two = incremental(SECOND, FIRST);
            two.files.put(CHANGES, each);
            String name = "two" + number++;
            Path second = place(two, name);
            fails(Reason.DAMAGED, () -> combiner(name).combine(List.of(first, second), target()), "INCREMENTAL.20000");
            assertThat(target()).doesNotExist();
            assertThat(temp.resolve("new-tablespace")).doesNotExist();
        }
    }

    @Test
    void whatTheManifestDoesNotSayEndsItAndLeavesNothing() throws IOException {
        MadeUpBackup one = full();
        MadeUpBackup two = incremental(SECOND, FIRST);
        one.files.put(TABLE, blocks(1, 1));
        two.files.put(CHANGES, changes(2));
        Path first = place(one, "one");
        Path second = place(two, "two");
        List<Path> chain = List.of(first, second);
        BackupCombiner combiner = combiner("two");
        Files.createDirectory(target());

        Files.write(second.resolve("base/5/1259"), block(9));
        fails(Reason.DAMAGED, () -> combiner.combine(chain, target()), "base/5/1259", "bytes");
        byte[] changed = two.files.get("base/5/1259").clone();
        changed[0] = 1;
        Files.write(second.resolve("base/5/1259"), changed);
        fails(Reason.DAMAGED, () -> combiner.combine(chain, target()), "base/5/1259", "changed");
        Files.delete(second.resolve("base/5/1259"));
        fails(Reason.DAMAGED, () -> combiner.combine(chain, target()), "base/5/1259", "missing");
        Files.write(second.resolve("base/5/1259"), two.files.get("base/5/1259"));
        Files.write(first.resolve(TABLE), block(1));
        fails(Reason.DAMAGED, () -> combiner.combine(chain, target()), TABLE);
        Files.delete(first.resolve(TABLE));
        fails(Reason.DAMAGED, () -> combiner.combine(chain, target()), TABLE);
        Files.write(first.resolve(TABLE), blocks(1, 2));
        fails(Reason.DAMAGED, () -> combiner.verified().combine(chain, target()), "not sound", TABLE);

        assertThat(leftIn(target())).isEmpty();
        assertThat(temp.resolve("new-tablespace")).doesNotExist();
    }

    @Test
    void aFileThatOnlyLaterBackupsHaveChangesToIsDamage() throws IOException {
        MadeUpBackup two = incremental(SECOND, FIRST);
        two.files.put(CHANGES, changes(2));
        List<Path> chain = List.of(place(full(), "one"), place(two, "two"));
        fails(Reason.DAMAGED, () -> combiner("two").combine(chain, target()), "INCREMENTAL.20000");
        MadeUpBackup alone = full();
        alone.files.put(CHANGES, changes(2));
        Path only = place(alone, "alone");
        fails(Reason.DAMAGED, () -> combiner("alone").combine(List.of(only), target()), "20000");
        assertThat(leftIn(target())).isEmpty();
    }

    @Test
    void aBackupThatWasNeverFinishedOrIsInArchivesIsNotTaken() throws IOException {
        Path one = place(full(), "one");
        PartMarker.write(one, List.of());
        fails(Reason.UNFINISHED, () -> combiner("one").combine(List.of(one), target()), one.toString());
        Path archived = full().archived(temp.resolve("archived"), "", true);
        fails(Reason.DAMAGED, () -> combiner("one").combine(List.of(archived), target()), "unpacked");
        assertThat(target()).doesNotExist();
    }

    @Test
    void untilTheEndItIsMarkedAndNoServerStartsOnIt() throws IOException {
        Path one = place(full(), "one");
        List<Boolean> seen = new ArrayList<>();
        combiner("one")
                .onProgress((done, total) -> seen.add(Files.exists(target().resolve(PartMarker.NAME))
                        && !Files.exists(target().resolve(PartMarker.CONTROL_FILE))))
                .combine(List.of(one), target());
        assertThat(seen).isNotEmpty().containsOnly(true);
        assertThat(target().resolve(PartMarker.CONTROL_FILE)).exists();
    }

    @Test
    void whoeverEndsItFindsNothingLeft() throws IOException {
        Path one = place(full(), "one");
        IllegalStateException mine = new IllegalStateException("enough");
        assertThatThrownBy(() -> combiner("one")
                        .onProgress((done, total) -> {
                            if (done > total / 2) {
                                throw mine;
                            }
                        })
                        .combine(List.of(one), target()))
                .isSameAs(mine);
        assertThat(target()).doesNotExist();
        assertThatThrownBy(() -> combiner("one")
                        .onProgress((done, total) -> Thread.currentThread().interrupt())
                        .combine(List.of(one), target()))
                .isInstanceOf(InterruptedWaitException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(target()).doesNotExist();
        assertThat(temp.resolve("new-tablespace")).doesNotExist();
    }
}
