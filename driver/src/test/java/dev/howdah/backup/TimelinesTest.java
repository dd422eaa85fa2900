package dev.howdah.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.replication.TimelineHistory;
import dev.howdah.type.Lsn;
import org.junit.jupiter.api.Test;

class TimelinesTest {

    private final Timelines timelines = Timelines.of(5, new TimelineHistory("00000005.history", """
                    1\t0/5000000\tno recovery target specified

                    # a remark 2 0/1
                    3\t0/7000100\tbefore 2020-01-01
                    """));

    @Test
    void aTimelineIsFollowedByTheNextThatTheServerWasOn() {
        assertThat(timelines.after(1)).isEqualTo(3);
        assertThat(timelines.after(3)).isEqualTo(5);
        assertThat(timelines.has(1)).isTrue();
        assertThat(timelines.has(2)).isFalse();
        assertThat(timelines.has(5)).isTrue();
        assertThat(timelines.end(3)).isEqualTo(Lsn.parse("0/7000100"));
        assertThat(timelines.end(5)).isEqualTo(Lsn.MAX);
    }

    @Test
    void aPlaceIsOnTheTimelineThatItWasWrittenOn() {
        assertThat(timelines.at(Lsn.parse("0/4FFFFFF"))).isEqualTo(1);
        assertThat(timelines.at(Lsn.parse("0/5000000"))).isEqualTo(3);
        assertThat(timelines.at(Lsn.parse("0/7000100"))).isEqualTo(5);
        assertThat(Timelines.of(1, null).at(Lsn.parse("1/0"))).isEqualTo(1);
    }
}
