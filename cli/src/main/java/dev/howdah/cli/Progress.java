package dev.howdah.cli;

import java.io.PrintWriter;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
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

    /** Returns one that shows nothing. */
    static Progress none() {
        return new Progress(null, null);
    }

    /** Returns whether anything would be shown. */
    static boolean isSeen(Surroundings around) {
        return around.errIsTerminal()
                && !around.environment().getOrDefault("TERM", "").equals("dumb");
    }

    private static Progress of(Surroundings around, String task, long total, String unit, long size) {
        if (!isSeen(around)) {
            return none();
        }
        Line line = new Line(around.err(), width(around));
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setUnit(" " + unit, size)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(UPDATE_MILLIS)
                .showSpeed(
                        new DecimalFormat(size == 1 ? "#,##0" : "0.0", DecimalFormatSymbols.getInstance(Locale.ROOT)))
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

    /** Says something behind the bar, where there is room. */
    void note(String text) {
        if (bar != null) {
            bar.setExtraMessage(" " + text);
        }
    }

    /** Prints a line to standard error in place of the bar, which goes on below it. Any thread may call it. */
    static void remark(Surroundings around, String text) {
        String place = isSeen(around) ? "\r" + " ".repeat(width(around) - 1) + "\r" : "";
        // One call, so that no other thread writes in between.
        around.err().print(place + text + System.lineSeparator());
        around.err().flush();
    }

    /** Ends; the bar goes away. */
    @Override
    public void close() {
        if (bar != null) {
            // It waits for its last picture, unless it is interrupted, and would forget that it was.
            boolean interrupted = Thread.interrupted();
            bar.close();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        if (line != null) {
            line.end();
        }
    }

    /** The line of the terminal that the bar is drawn on, again and again. */
    private static final class Line implements ProgressBarConsumer {
        private final PrintWriter out;
        private final int width;
        private volatile boolean ended;

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
            if (!ended) {
                out.print("\r" + drawn);
                out.flush();
            }
        }

        void end() {
            ended = true;
            clear();
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
