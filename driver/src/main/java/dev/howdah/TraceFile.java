package dev.howdah;

import dev.howdah.error.ConfigException;
import dev.howdah.message.TraceFormat;
import dev.howdah.session.Tracer;
import java.io.IOException;
import java.io.Writer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes the messages of a connection to a file as libpq's PQtrace does, secrets masked: those of every attempt to
 * connect and those of the connection that came of it. A file that cannot be written any more is given up, not the
 * connection.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-control.html#LIBPQ-PQTRACE">PQtrace</a>
 */
final class TraceFile implements AutoCloseable {

    private static final Logger LOG = System.getLogger(TraceFile.class.getName());

    private final Path file;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Writer out;

    private TraceFile(Path file, Writer out) {
        this.file = file;
        this.out = out;
    }

    static @Nullable TraceFile open(@Nullable Path file) {
        if (file == null) {
            return null;
        }
        try {
            return new TraceFile(
                    file,
                    Files.newBufferedWriter(
                            file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw new ConfigException("trace", "the file " + file + " cannot be written", e);
        }
    }

    /** Returns a tracer for one session. */
    Tracer newTracer() {
        return new SessionTracer();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (out != null) {
                out.close();
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, () -> "the trace file " + file + " cannot be closed", e);
        } finally {
            out = null;
            lock.unlock();
        }
    }

    private void write(List<String> lines) {
        lock.lock();
        try {
            if (out == null) {
                return;
            }
            for (String line : lines) {
                out.write(TraceFormat.stamped(Instant.now(), ZoneId.systemDefault(), line));
                out.write('\n');
            }
            out.flush();
        } catch (IOException e) {
            LOG.log(Level.WARNING, () -> "the trace file " + file + " cannot be written; tracing ends", e);
            out = null;
        } finally {
            lock.unlock();
        }
    }

    private final class SessionTracer implements Tracer {
        private final TraceFormat format = new TraceFormat();
        private ByteBuffer pending = ByteBuffer.allocate(1024);
        private boolean startup = true;

        @Override
        public void received(char type, byte[] bytes, int offset, int length) {
            write(List.of(format.backend(type, bytes, offset, length)));
        }

        @Override
        public void sending(ByteBuffer bytes) {
            if (pending.remaining() < bytes.remaining()) {
                int capacity = Math.max(pending.capacity(), pending.position() + bytes.remaining());
                pending = ByteBuffer.allocate(capacity + capacity / 2).put(pending.flip());
            }
            pending.put(bytes);
            int whole = wholeMessages();
            if (whole > 0) {
                write(format.frontend(pending.array(), 0, whole));
                pending.limit(pending.position()).position(whole);
                pending.compact();
            }
        }

        /** Returns how many of the pending bytes are whole messages. */
        private int wholeMessages() {
            int end = pending.position();
            int at = 0;
            while (true) {
                int header = startup ? 0 : 1;
                if (end - at < header + Integer.BYTES) {
                    return at;
                }
                int length = header + pending.getInt(at + header);
                if (end - at < length) {
                    return at;
                }
                at += length;
                startup = false;
            }
        }
    }
}
