package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.cli.SlotView.Health;
import dev.howdah.replication.ReplicationType;
import dev.howdah.replication.SlotState;
import dev.howdah.type.Lsn;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SlotViewTest {

    private static final Lsn SERVER = Lsn.of(1L << 40);
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private static SlotView slot(boolean active, long kept, String status, boolean synced, @Nullable Integer age) {
        return new SlotView(
                new SlotState(
                        "shop",
                        ReplicationType.LOGICAL,
                        "pgoutput",
                        "shop",
                        false,
                        active,
                        active ? 77 : null,
                        SERVER,
                        SERVER.plus(-kept),
                        SERVER.plus(-kept),
                        status,
                        null,
                        null,
                        age,
                        false,
                        false,
                        null,
                        false,
                        synced,
                        active ? null : NOW.minus(Duration.ofHours(50))),
                null);
    }

    @Test
    void aSlotThatNobodyUsesIsWarnedOfWhenItKeepsMuch() {
        assertThat(slot(false, ByteSize.GB - 1, "reserved", false, 1).warning()).isNull();
        SlotView much = slot(false, 3 * ByteSize.GB / 2, "extended", false, 1);
        assertThat(much.warning()).isEqualTo("nobody uses it, and it keeps 1.5 GB");
        assertThat(much.health()).isEqualTo(Health.IN_DANGER);
        assertThat(slot(true, 3 * ByteSize.GB, "extended", false, 1).warning()).isNull();
        assertThat(slot(false, 3 * ByteSize.GB, "extended", true, 1).warning()).isNull();
    }

    @Test
    void whatIsWorseComesFirst() {
        assertThat(slot(false, 3 * ByteSize.GB, "lost", false, 1).warning()).isEqualTo("lost");
        assertThat(slot(false, 3 * ByteSize.GB, "lost", false, 1).health()).isEqualTo(Health.LOST);
        assertThat(slot(false, 3 * ByteSize.GB, "unreserved", false, 1).warning())
                .startsWith("will be lost soon");
    }

    @Test
    void aSlotThatHoldsBackVacuumForLongIsWarnedOf() {
        assertThat(slot(true, 0, "reserved", false, 199_999_999).health()).isEqualTo(Health.FINE);
        assertThat(slot(true, 0, "reserved", false, 250_000_000).warning())
                .isEqualTo("holds back vacuum by 250 million transactions");
    }

    @Test
    void whoUsesItOrSinceWhenNobodyDoes() {
        assertThat(slot(true, 0, "reserved", false, null).usedBy(NOW)).isEqualTo("pid 77");
        assertThat(slot(false, 0, "reserved", false, null).usedBy(NOW)).isEqualTo("nobody for 2 days");
        assertThat(SlotView.span(Duration.ofSeconds(-5))).isEqualTo("0 s");
        assertThat(SlotView.span(Duration.ofSeconds(119))).isEqualTo("119 s");
        assertThat(SlotView.span(Duration.ofMinutes(119))).isEqualTo("119 min");
        assertThat(SlotView.span(Duration.ofHours(47))).isEqualTo("47 h");
    }

    @Test
    void sizesHaveTheUnitsOfPostgres() {
        assertThat(ByteSize.text(0)).isEqualTo("0 B");
        assertThat(ByteSize.text(1023)).isEqualTo("1023 B");
        assertThat(ByteSize.text(1024)).isEqualTo("1.0 kB");
        assertThat(ByteSize.text(1024 * 1024 - 1)).isEqualTo("1.0 MB");
        assertThat(ByteSize.text(-16 * 1024 * 1024)).isEqualTo("-16.0 MB");
        assertThat(ByteSize.text(640 * ByteSize.GB)).isEqualTo("640 GB");
        assertThat(ByteSize.text(Long.MAX_VALUE)).isEqualTo("8.0 EB");
    }

    @Test
    void barsAreAsLongAsTheirShare() {
        assertThat(SlotTable.bar(0)).isEqualTo("░".repeat(20));
        assertThat(SlotTable.bar(1e-9)).isEqualTo("▏" + "░".repeat(19));
        assertThat(SlotTable.bar(0.5)).isEqualTo("█".repeat(10) + "░".repeat(10));
        assertThat(SlotTable.bar(1)).isEqualTo("█".repeat(20));
        assertThat(SlotTable.bar(7)).isEqualTo("█".repeat(20));
    }
}
