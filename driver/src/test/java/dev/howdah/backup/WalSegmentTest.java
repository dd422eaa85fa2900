package dev.howdah.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.type.Lsn;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WalSegmentTest {

    private static final int SIZE = 16 << 20;

    @Test
    void aPlaceIsInTheSegmentThatTheServerNames() {
        WalSegment segment = WalSegment.at(1, Lsn.parse("A9/65000028"), SIZE);

        assertThat(segment.name()).isEqualTo("00000001000000A900000065");
        assertThat(segment.start()).isEqualTo(Lsn.parse("A9/65000000"));
        assertThat(segment.end()).isEqualTo(Lsn.parse("A9/66000000"));
        assertThat(segment.contains(Lsn.parse("A9/65FFFFFF"))).isTrue();
        assertThat(segment.contains(segment.end())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1 << 20, SIZE, 1 << 30})
    void aNameIsReadAsItWasWritten(int size) {
        for (Lsn place : new Lsn[] {Lsn.ZERO, Lsn.parse("0/FFFFFFFF"), Lsn.parse("1/0"), Lsn.MAX}) {
            WalSegment segment = WalSegment.at(0xffff_fffeL, place, size);

            assertThat(WalSegment.parse(segment.name(), size)).isEqualTo(segment);
        }
    }

    @Test
    void theSegmentAfterTheLastOfALogFileIsTheFirstOfTheNext() {
        WalSegment last = Objects.requireNonNull(WalSegment.parse("0000000200000000000000FF", SIZE));

        assertThat(last.next().name()).isEqualTo("000000020000000100000000");
        assertThat(last.next().start()).isEqualTo(last.end());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "000000010000000000000100",
                "000000000000000000000001",
                "00000001000000A90000006",
                "00000001000000a900000065",
                "00000001000000A900000065.partial",
                "../0001000000A9000000650",
                "00000001000000A90000006G"
            })
    void whatIsNoSegmentOfThatSizeIsNotReadAsOne(String name) {
        assertThat(WalSegment.parse(name, SIZE)).isNull();
    }

    @Test
    void segmentsAreOrderedByTimelineThenPlace() {
        WalSegment first = WalSegment.at(1, Lsn.parse("5/0"), SIZE);
        WalSegment second = WalSegment.at(2, Lsn.parse("1/0"), SIZE);

        assertThat(Stream.of(second.next(), second, first).sorted()).containsExactly(first, second, second.next());
    }

    @Test
    void whatNoServerHasIsRefused() {
        assertThatThrownBy(() -> WalSegment.at(0, Lsn.ZERO, SIZE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WalSegment.at(1, Lsn.ZERO, SIZE + 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new WalSegment(1, -1, SIZE)).isInstanceOf(IllegalArgumentException.class);
        assertThat(WalSegment.historyFileName(0xffff_ffffL)).isEqualTo("FFFFFFFF.history");
    }
}
