package dev.howdah.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.type.Lsn;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is counted out from how a follower stands. */
class FollowerStatusTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private static FollowerStatus status(Instant at, String confirmed, long done, @Nullable Instant oldest) {
        return new FollowerStatus(
                at, true, Lsn.parse("0/2000"), Lsn.parse(confirmed), done, done * 3, 0, oldest, null, null, 1, 0, 0);
    }

    @Test
    void ratesAreCountedFromAnEarlierStatus() {
        FollowerStatus before = status(NOON, "0/1000", 100, null);
        FollowerStatus after = status(NOON.plusSeconds(4), "0/1000", 140, null);

        assertThat(after.transactionsPerSecond(before)).isEqualTo(10);
        assertThat(after.changesPerSecond(before)).isEqualTo(30);
        assertThat(before.changesPerSecond(before)).isZero();
    }

    @Test
    void lagIsWhatIsNotConfirmedAndHowLongTheOldestHasWaited() {
        assertThat(status(NOON, "0/1000", 1, null).lagBytes()).isEqualTo(0x1000);
        assertThat(status(NOON, "0/3000", 1, null).lagBytes()).isZero();
        assertThat(status(NOON, "0/1000", 1, null).lag()).isZero();
        assertThat(status(NOON, "0/1000", 1, NOON.minusSeconds(7)).lag()).isEqualTo(Duration.ofSeconds(7));
    }
}
