package dev.howdah.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.type.Lsn;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The records of a log, whole and broken. */
class WalRecordsTest {

    private static final Lsn BEGIN = Lsn.parse("1/200000");

    private final WalBytes log = new WalBytes(BEGIN, 3, ByteOrder.LITTLE_ENDIAN);

    private static WalRecords walk(byte[] bytes, Lsn from, Lsn to, int piece) {
        WalRecords records = new WalRecords(1, from, to, WalBytes.SEGMENT);
        for (int at = 0; at < bytes.length; at += piece) {
            records.accept(bytes, at, Math.min(piece, bytes.length - at));
        }
        return records;
    }

    private WalRecords walk(Lsn from, Lsn to) {
        return walk(log.bytes(), from, to, 1 << 16);
    }

    private static void isWhole(WalRecords records, long count) {
        assertThat(records.fault()).isNull();
        assertThat(records.isWhole()).as(records.lacks()).isTrue();
        assertThat(records.count()).isEqualTo(count);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 24, 8191, 1 << 20, 3 << 20})
    void recordsOfEachLengthAreFollowedOverPagesAndSegmentsInPiecesOfAnySize(int piece) {
        Lsn from = log.record(24);
        long count = 1;
        for (int length = 25; log.end().minus(BEGIN) < WalBytes.SEGMENT + 100_000; length += 37) {
            log.record(length);
            count++;
        }
        log.record(600_000);
        Lsn to = log.end();

        isWhole(walk(log.bytes(), from, to, piece), count + 1);
    }

    @Test
    void theFirstRecordMayBeAnyOne() {
        List<Lsn> places = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            places.add(log.record(1000 + i));
        }
        Lsn to = log.end();
        for (int i = 0; i < places.size(); i++) {
            isWhole(walk(places.get(i), to), places.size() - i);
        }
        isWhole(walk(to, to), 0);
        isWhole(walk(places.getFirst(), places.get(3)), 3);
    }

    @Test
    void aRecordMayBeginAndTheLogEndWhereAPageDoes() {
        Lsn from = log.record(24);
        // The rest of the first page.
        log.record(WalBytes.PAGE - 40 - 24);
        assertThat(log.end()).isEqualTo(BEGIN.plus(WalBytes.PAGE));
        isWhole(walk(from, log.end()), 2);
        Lsn behind = log.end();
        log.record(100);
        isWhole(walk(from, behind.plus(24)), 2);
        isWhole(walk(behind, log.end()), 1);
        isWhole(walk(behind.plus(24), log.end()), 1);
        assertThat(walk(behind.plus(8), log.end()).fault()).contains("within the header of a page");
    }

    @Test
    void aSegmentMayBeLeftBeforeItsEnd() {
        Lsn from = log.record(100);
        log.switchSegment();
        log.record(50);
        log.switchSegment();
        log.record(70);

        isWhole(walk(from, log.end()), 5);
    }

    @Test
    void aRecordThatACrashHasCutIsPassedOver() {
        Lsn from = log.record(100);
        log.record(5000);
        log.crash(9000);
        log.record(60);
        log.record(70);

        isWhole(walk(from, log.end()), 4);
    }

    @Test
    void theBytesMayBeInTheOtherOrder() {
        WalBytes big = new WalBytes(BEGIN, 2, ByteOrder.BIG_ENDIAN);
        Lsn from = big.record(100);
        big.record(WalBytes.SEGMENT);

        isWhole(walk(big.bytes(), from, big.end(), 4096), 2);
    }

    @Test
    void pagesMayBeOfTheTimelineBeforeAndNotOfALaterOne() {
        Lsn from = log.record(100);
        log.record(9000);
        Lsn before = log.end();
        log.timeline(2);
        log.record(9000);

        isWhole(walk(from, before), 2);
        assertThat(walk(from, log.end()).fault()).contains("is of timeline 2");
        WalRecords second = new WalRecords(2, from, log.end(), WalBytes.SEGMENT);
        second.accept(log.bytes(), 0, log.bytes().length);
        isWhole(second, 3);
        log.timeline(1);
        log.record(9000);
        WalRecords back = new WalRecords(2, from, log.end(), WalBytes.SEGMENT);
        back.accept(log.bytes(), 0, log.bytes().length);
        assertThat(back.fault()).contains("is of timeline 1");
    }

    @Test
    void everyChangedByteOfARecordOrHeaderIsNoticed() {
        Lsn from = log.record(100);
        log.record(9000);
        log.record(30);
        Lsn to = log.end();
        int length = (int) to.minus(BEGIN);
        byte[] good = Arrays.copyOf(log.bytes(), length);
        // What is not looked at: of the long header the system, of the short one the padding, and behind a record the
        // padding.
        for (int at = 0; at < length; at++) {
            int inPage = at % WalBytes.PAGE;
            boolean idle = inPage >= 20 && inPage < 24
                    || at >= 24 && at < 32
                    || at >= 140 && at < 144
                    || at >= length - 2
                    || inPage == 2
                    || inPage == 3
                    || at >= 16 && at < 20;
            if (!idle) {
                byte[] changed = good.clone();
                changed[at] ^= 0x10;
                WalRecords records = walk(changed, from, to, 1 << 20);
                assertThat(records.isWhole()).as("byte %d", at).isFalse();
            }
        }
    }

    @Test
    void whatIsBrokenIsNamedWithItsPlace() {
        Lsn from = log.record(100);
        Lsn second = log.record(9000);
        Lsn third = log.record(30);
        Lsn to = log.end();
        byte[] log1 = log.bytes().clone();
        log1[(int) second.minus(BEGIN) + 500] ^= 1;
        assertThat(walk(log1, from, to, 8192).fault()).isEqualTo("the record at " + second + " has not its checksum");
        byte[] log2 = log.bytes().clone();
        log2[(int) third.minus(BEGIN) + 8] ^= 1;
        assertThat(walk(log2, from, to, 8192).fault()).contains("the record at " + third, "points back");
        byte[] log3 = log.bytes().clone();
        log3[(int) third.minus(BEGIN)] = 3;
        assertThat(walk(log3, from, to, 8192).fault()).contains("no record begins at " + third, "3 bytes");
        byte[] log4 = log.bytes().clone();
        log4[WalBytes.PAGE + 16] ^= 1;
        assertThat(walk(log4, from, to, 8192).fault()).contains("does not go on with the record at " + second);
        byte[] log5 = log.bytes().clone();
        log5[WalBytes.PAGE + 9] ^= 1;
        assertThat(walk(log5, from, to, 8192).fault()).contains("the page at", "is that of another place");
        assertThat(walk(new byte[100], from, to, 8192).fault()).contains("does not begin a segment");
        assertThat(walk(from, to.plus(8)).fault()).contains("no record begins at " + to, "0 bytes");
    }

    @Test
    void aLogThatEndsTooEarlySaysWhere() {
        Lsn from = log.record(100);
        Lsn second = log.record(9000);
        byte[] cut = Arrays.copyOf(log.bytes(), 5000);

        WalRecords records = walk(cut, from, log.end(), 100);

        assertThat(records.isWhole()).isFalse();
        assertThat(records.fault()).isNull();
        assertThat(records.lacks())
                .contains("ends at " + BEGIN.plus(5000), "within the record at " + second, "up to " + log.end());
    }

    @Test
    void aLengthThatIsALieTakesNoMemory() {
        Lsn from = log.record(100);
        Lsn to = log.end().plus(1 << 18);
        byte[] lie = log.bytes();
        lie[(int) from.minus(BEGIN) + 3] = 0x3f;

        assertThat(walk(lie, from, to, 8192).isWhole()).isFalse();
    }

    @Test
    void rubbishBreaksTheLogAndNothingElse() {
        Random random = new Random(5);
        Lsn from = log.record(100);
        while (log.end().minus(BEGIN) < 100_000) {
            log.record(24 + random.nextInt(3000));
        }
        for (int i = 0; i < 2_000; i++) {
            byte[] changed = Arrays.copyOf(log.bytes(), 100_000);
            for (int j = 0; j < 4; j++) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            walk(changed, from, log.end(), 1 + random.nextInt(20_000));
        }
        assertThat(walk(from, log.end()).isWhole()).isTrue();
    }

    @Test
    void rangesAreReadFromAFolderOrOutOfAnArchiveInAnyOrder() throws IOException {
        Lsn from = log.record(100);
        log.record(WalBytes.SEGMENT);
        log.record(WalBytes.SEGMENT);
        List<WalRange> range = List.of(new WalRange(1, from, log.end()));
        Map<String, byte[]> segments = new HashMap<>();
        for (int i = 0; i < 3; i++) {
            segments.put(BEGIN.plus((long) i * WalBytes.SEGMENT).segmentFileName(1, WalBytes.SEGMENT), log.segment(i));
        }

        WalRanges fromFolder = new WalRanges(range, WalBytes.SEGMENT);
        fromFolder.read(name -> {
            byte[] found = segments.get(name);
            return found == null ? null : new ByteArrayInputStream(found);
        });
        assertThat(fromFolder.faults()).isEmpty();
        assertThat(fromFolder.count()).isEqualTo(3);

        WalRanges archived = new WalRanges(range, WalBytes.SEGMENT);
        List<String> backwards = segments.keySet().stream().sorted().toList().reversed();
        for (int pass = 0; pass < 3; pass++) {
            assertThat(archived.isOpen()).isTrue();
            for (String name : backwards) {
                archived.begin(name, WalBytes.SEGMENT);
                archived.data(segments.get(name), 0, WalBytes.SEGMENT);
            }
        }
        assertThat(archived.isOpen()).isFalse();
        assertThat(archived.faults()).isEmpty();

        String second = backwards.get(1);
        segments.remove(second);
        WalRanges missing = new WalRanges(range, WalBytes.SEGMENT);
        missing.read(name -> {
            byte[] found = segments.get(name);
            return found == null ? null : new ByteArrayInputStream(found);
        });
        assertThat(missing.faults()).singleElement().asString().contains("segment " + second + " is missing");
    }

    @Test
    void theEndOfATimelineMayBeKeptAsTheBeginningOfTheNext() throws IOException {
        Lsn from = log.record(100);
        log.record(9000);
        Lsn switched = log.end();
        log.timeline(2);
        log.record(9000);
        String only = BEGIN.segmentFileName(2, WalBytes.SEGMENT);
        WalRanges ranges = new WalRanges(
                List.of(new WalRange(2, switched, log.end()), new WalRange(1, from, switched)), WalBytes.SEGMENT);

        ranges.read(name -> name.equals(only) ? new ByteArrayInputStream(log.segment(0)) : null);

        assertThat(ranges.faults()).isEmpty();
        assertThat(ranges.count()).isEqualTo(3);
    }
}
