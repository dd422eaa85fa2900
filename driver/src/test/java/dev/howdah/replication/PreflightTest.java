package dev.howdah.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PreflightTest {

    @Test
    void namesOfStandbysAreReadAsTheServerReadsThem() {
        assertThat(Set.of("a, b", "2 (b)", "ANY 1 (a, \"B\")", "FIRST 1 (\"b\")", "*", "b"))
                .allMatch(list -> ServerChecks.isNamed(list, "b"));
        assertThat(Set.of("", "a", "first 1 (a, bb)", "\"b \"", "b (a)", "\"x\"\"b\"", "any 1 (c)"))
                .noneMatch(list -> ServerChecks.isNamed(list, "b"));
        assertThat(ServerChecks.isNamed("\"x\"\"b\"", "x\"b")).isTrue();
    }

    @Test
    void versionsThatLoseChangesAreKnown() {
        assertThat(ServerChecks.mended(170_004)).isEqualTo("17.5");
        assertThat(ServerChecks.mended(170_005)).isNull();
        assertThat(ServerChecks.mended(140_017)).isEqualTo("14.18");
        assertThat(ServerChecks.mended(180_000)).isNull();
    }

    @Test
    void sizesAndTimesAreWrittenForPeople() {
        assertThat(List.of(Amount.bytes(12), Amount.bytes(1536), Amount.bytes(1L << 30), Amount.bytes(Long.MAX_VALUE)))
                .containsExactly("12 bytes", "1.5 kB", "1 GB", "8 EB");
        assertThat(List.of(
                        Amount.time(Duration.ofMillis(5)),
                        Amount.time(Duration.ofSeconds(60)),
                        Amount.time(Duration.ofSeconds(90)),
                        Amount.time(Duration.ofMinutes(100)),
                        Amount.time(Duration.ofHours(5)),
                        Amount.time(Duration.ofDays(3))))
                .containsExactly("5 ms", "1 min", "90 s", "100 min", "5 h", "3 days");
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> Preflight.DEFAULT.statusInterval(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Preflight.DEFAULT.longTransaction(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Preflight.DEFAULT.largeRetention(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
