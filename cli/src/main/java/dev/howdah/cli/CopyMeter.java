package dev.howdah.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Counts what a COPY moves, shows it while it goes on, and sums it up at its end. For one thread. */
final class CopyMeter {

    private static final long LEAST_SIZE = 1024;
    private static final double MICROS = 1e6;
    /** The rates of what took less mean nothing. */
    private static final double LEAST_SECONDS = 0.5;

    private static final int GRACE_MILLIS = 100;

    private final Progress progress;
    private final boolean barOfRows;
    private final RowTally tally;
    private final long start = System.nanoTime();
    private long bytes;

    /**
     * Begins.
     *
     * @param barOfRows whether the bar counts rows; else it counts bytes, and the rows stand behind it
     */
    CopyMeter(Progress progress, boolean barOfRows, RowTally tally) {
        this.progress = progress;
        this.barOfRows = barOfRows;
        this.tally = tally;
    }

    /**
     * Returns what is read from a stream, counted.
     *
     * @param shared whether another program writes it that may be ended together with this one, by Ctrl-C: what it wrote until
     *     then is not all, and must not pass for it
     */
    InputStream counting(InputStream in, boolean shared) {
        return new FilterInputStream(in) {
            @Override
            public int read() {
                throw new UnsupportedOperationException("only pieces are read");
            }

            @Override
            public int read(byte[] piece, int offset, int length) throws IOException {
                int count = super.read(piece, offset, length);
                refuseIfInterrupted();
                if (count > 0) {
                    moved(piece, offset, count);
                } else if (count < 0 && shared) {
                    awaitInterrupt();
                }
                return count;
            }
        };
    }

    /** Returns a way into a stream that counts. */
    OutputStream counting(OutputStream out) {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] piece, int offset, int length) throws IOException {
                refuseIfInterrupted();
                out.write(piece, offset, length);
                moved(piece, offset, length);
            }

            @Override
            public void flush() throws IOException {
                out.flush();
            }
        };
    }

    /** A signal needs some milliseconds to become an interrupt of this thread, and the end of the data may be here before. */
    private static void awaitInterrupt() throws ClosedByInterruptException {
        try {
            Thread.sleep(GRACE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            refuseIfInterrupted();
        }
    }

    private static void refuseIfInterrupted() throws ClosedByInterruptException {
        if (Thread.currentThread().isInterrupted()) {
            throw new ClosedByInterruptException();
        }
    }

    private void moved(byte[] piece, int offset, int length) {
        long before = tally.rows();
        tally.take(piece, offset, length);
        bytes += length;
        if (barOfRows) {
            progress.step(tally.rows() - before);
        } else {
            progress.step(length);
            progress.note(rows(tally.rows()));
        }
    }

    /**
     * Returns what has been moved, in how long and how fast.
     *
     * @param stored how many rows the server says there are
     */
    String summary(long stored) {
        long nanos = System.nanoTime() - start;
        double seconds = seconds(nanos);
        String text = rows(stored)
                + (tally.rows() > stored ? String.format(Locale.ROOT, " of %,d", tally.rows()) : "")
                + ", " + size(bytes) + " in " + Timing.text(nanos);
        return seconds < LEAST_SECONDS
                ? text
                : text + String.format(Locale.ROOT, ": %,d rows/s, ", Math.round(stored / seconds))
                        + size(Math.round(bytes / seconds)) + "/s";
    }

    /** Returns the same for programs. */
    String json(long stored) {
        double seconds = seconds(System.nanoTime() - start);
        return JsonLine.of(object -> {
            object.writeNumberField("rows", stored);
            object.writeNumberField("read", Math.max(stored, tally.rows()));
            object.writeNumberField("bytes", bytes);
            object.writeNumberField("seconds", Math.round(seconds * MICROS) / MICROS);
        });
    }

    private static double seconds(long nanos) {
        return (double) nanos / TimeUnit.SECONDS.toNanos(1);
    }

    private static String rows(long count) {
        return String.format(Locale.ROOT, count == 1 ? "%,d row" : "%,d rows", count);
    }

    private static String size(long bytes) {
        return bytes < LEAST_SIZE ? bytes + (bytes == 1 ? " byte" : " bytes") : ByteSize.text(bytes);
    }
}
