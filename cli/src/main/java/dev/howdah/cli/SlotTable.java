package dev.howdah.cli;

import dev.howdah.replication.SlotState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Slots for people: what each keeps, how far it is behind, and what is wrong.
 *
 * @param views the slots
 * @param time when they were looked at
 * @param bars whether a bar shows how much log is kept for each
 */
record SlotTable(List<SlotView> views, Instant time, boolean bars) {

    private static final String NONE = "-";
    private static final int CELLS = 20;
    private static final int PARTS = 8;
    /** An eighth of a cell, two eighths and so on. */
    private static final String EIGHTHS = "▏▎▍▌▋▊▉";

    void print(Style style, Consumer<String> line) {
        boolean warns = views.stream().anyMatch(view -> view.warning() != null);
        List<String> titles =
                new ArrayList<>(List.of("slot", "kind", "database", "used by", "behind", "delay", "keeps"));
        List<Boolean> toTheRight = new ArrayList<>(List.of(false, false, false, false, true, true, true));
        if (bars) {
            titles.add("");
            toTheRight.add(false);
        }
        titles.addAll(List.of("log", "room"));
        toTheRight.addAll(List.of(false, true));
        if (warns) {
            titles.add("warning");
            toTheRight.add(false);
        }
        boolean[] right = new boolean[toTheRight.size()];
        for (int i = 0; i < right.length; i++) {
            right[i] = toTheRight.get(i);
        }
        TextTable table = new TextTable(titles, right);
        long largest = views.stream()
                .mapToLong(view -> value(view.slot().restartLagBytes()))
                .max()
                .orElse(0);
        for (SlotView view : views) {
            table.add(row(view, Math.max(largest, SlotView.MUCH), warns), look(view.health()));
        }
        table.print(style, line);
    }

    private List<@Nullable String> row(SlotView view, long scale, boolean warns) {
        SlotState slot = view.slot();
        List<@Nullable String> row = new ArrayList<>();
        row.add(slot.name());
        row.add(view.kind() + (slot.temporary() ? ", temporary" : ""));
        row.add(slot.database() == null ? NONE : slot.database());
        row.add(view.usedBy(time));
        row.add(size(slot.confirmedFlushLagBytes() == null ? behind(view) : slot.confirmedFlushLagBytes()));
        Duration delay = view.delay();
        row.add(delay == null ? NONE : Timing.text(delay.toNanos()));
        row.add(size(slot.restartLagBytes()));
        if (bars) {
            row.add(bar(share(slot, scale)));
        }
        row.add(slot.walStatus() == null ? NONE : slot.walStatus());
        row.add(size(slot.safeWalSize()));
        if (warns) {
            row.add(view.warning() == null ? "" : "! " + view.warning());
        }
        return row;
    }

    /** What a standby has not made safe, while it is connected. */
    private static @Nullable Long behind(SlotView view) {
        return view.sender() == null ? null : view.sender().flushLagBytes();
    }

    private static TextTable.Look look(SlotView.Health health) {
        return switch (health) {
            case FINE -> (style, text) -> text;
            case IN_DANGER -> Style::yellow;
            case LOST -> Style::red;
        };
    }

    /** How much of what may be kept is kept; where nothing limits it, how much of the largest, or of what is much. */
    private static double share(SlotState slot, long scale) {
        double kept = value(slot.restartLagBytes());
        Long room = slot.safeWalSize();
        if (room == null) {
            return kept / scale;
        }
        return room <= 0 ? 1 : kept / (kept + room);
    }

    /** Returns a bar of cells and eighths of one; the least that is there can be seen. */
    static String bar(double share) {
        int eighths = (int) Math.ceil(Math.min(share, 1) * CELLS * PARTS);
        String bar = "█".repeat(eighths / PARTS) + (eighths % PARTS == 0 ? "" : EIGHTHS.charAt(eighths % PARTS - 1));
        return bar + "░".repeat(CELLS - bar.length());
    }

    private static String size(@Nullable Long bytes) {
        return bytes == null ? NONE : ByteSize.text(bytes);
    }

    private static long value(@Nullable Long bytes) {
        return bytes == null ? 0 : bytes;
    }
}
