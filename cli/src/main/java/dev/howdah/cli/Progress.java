package dev.howdah.cli;

import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * How far a long work has come: a bar on standard error with the count, the rate and the time left, where that is a
 * terminal; nothing elsewhere. The bar goes away when the work ends. For one thread.
 */
public final class Progress implements AutoCloseable {

    private static final int DEFAULT_WIDTH = 80;
    private static final int LEAST_WIDTH = 20;
    private static final int UPDATE_MILLIS = 100;
    private static final long MEBIBYTE = 1L << 20;

    private final @Nullable ProgressBar bar;
    private final @Nullable Line line;

    private Progress(@Nullable ProgressBar bar, @Nullable Line line) {
        this.bar = bar;
        this.line = line;
    }

    /**
     * Begins.
     *
     * @param around whether anybody looks, and where the bar is drawn
     * @param task what is done, in a word or two
     * @param total how much there is to do; negative if that is not known
     * @param unit what is counted, as in {@code rows}
     */
    public static Progress of(Surroundings around, String task, long total, String unit) {
        return of(around, task, total, unit, 1);
    }

    /** Begins to count bytes, and shows them as MiB; see {@link #of(Surroundings, String, long, String)}. */
    public static Progress ofBytes(Surroundings around, String task, long total) {
        return of(around, task, total, "MiB", MEBIBYTE);
    }

    private static Progress of(Surroundings around, String task, long total, String unit, long size) {
        if (!around.errIsTerminal()
                || around.environment().getOrDefault("TERM", "").equals("dumb")) {
            return new Progress(null, null);
        }
        Line line = new Line(around.err(), width(around));
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setUnit(" " + unit, size)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(UPDATE_MILLIS)
                .showSpeed()
                .setConsumer(line)
                .build();
        return new Progress(bar, line);
    }

    private static int width(Surroundings around) {
        try {
            int columns = Integer.parseInt(around.environment().getOrDefault("COLUMNS", ""));
            return Math.max(columns, LEAST_WIDTH);
        } catch (NumberFormatException e) {
            return DEFAULT_WIDTH;
        }
    }

    /** Says that so much more has been done. */
    public void step(long count) {
        if (bar != null) {
            bar.stepBy(count);
        }
    }

    /** Ends; the bar goes away. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
        if (line != null) {
            line.clear();
        }
    }

    /** The line of the terminal that the bar is drawn on, again and again. */
    private static final class Line implements ProgressBarConsumer {
        private final PrintWriter out;
        private final int width;

        Line(PrintWriter out, int width) {
            this.out = out;
            this.width = width;
        }

        @Override
        public int getMaxRenderedLength() {
            return width - 1;
        }

        @Override
        public void accept(String drawn) {
            out.print("\r" + drawn);
            out.flush();
        }

        @Override
        public void clear() {
            out.print("\r" + " ".repeat(width - 1) + "\r");
            out.flush();
        }

        /** Not called for a bar that was closed before it was drawn: whoever made it clears the line. */
        @Override
        public void close() {}
    }
}
