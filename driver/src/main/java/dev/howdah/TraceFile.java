package dev.howdah;

import dev.howdah.error.ConfigException;
import dev.howdah.message.TraceFormat;
import dev.howdah.session.Tracer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * Writes the messages of a connection to a file as libpq's PQtrace does, secrets masked.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-control.html#LIBPQ-PQTRACE">PQtrace</a>
 */
final class TraceFile implements Tracer {

    private final Writer out;
    private final TraceFormat format = new TraceFormat();
    private ByteBuffer pending = ByteBuffer.allocate(1024);
    private boolean startup = true;

    private TraceFile(Writer out) {
        this.out = out;
    }

    static @Nullable Tracer open(@Nullable Path file) {
        if (file == null) {
            return null;
        }
        try {
            return new TraceFile(Files.newBufferedWriter(
                    file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw new ConfigException("trace", "the file " + file + " cannot be written", e);
        }
    }

    @Override
    public void received(char type, byte[] bytes, int offset, int length) {
        write(format.backend(type, bytes, offset, length));
    }

    @Override
    public void sending(ByteBuffer bytes) {
        if (pending.remaining() < bytes.remaining()) {
            pending = ByteBuffer.allocate((pending.position() + bytes.remaining()) * 2)
                    .put(pending.flip());
        }
        pending.put(bytes);
        int whole = wholeMessages();
        if (whole > 0) {
            for (String line : format.frontend(pending.array(), 0, whole)) {
                write(line);
            }
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

    private void write(String line) {
        try {
            out.write(TraceFormat.stamped(Instant.now(), ZoneId.systemDefault(), line));
            out.write('\n');
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the trace cannot be written", e);
        }
    }
}
