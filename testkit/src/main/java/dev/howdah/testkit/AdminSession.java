package dev.howdah.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The superuser's own session, for what tests prepare and look up behind the back of the driver under test. It speaks only the
 * <a href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SIMPLE-QUERY">simple query protocol</a>, over the
 * Unix socket, where the server trusts the superuser. A statement may run for two minutes.
 *
 * <p>For one thread at a time.
 */
public final class AdminSession implements AutoCloseable {

    private static final int PROTOCOL_3_0 = 3 << 16;

    private final SocketChannel channel;
    private final DataInputStream in;
    private int backendPid;

    private AdminSession(SocketChannel channel) {
        this.channel = channel;
        this.in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel)));
    }

    static AdminSession connect(Path socket, String user, String database) {
        try {
            SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
            AdminSession session = new AdminSession(channel);
            try {
                session.startup(user, database);
                return session;
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no admin session on " + socket, e);
        }
    }

    /**
     * Runs a script of one or more statements.
     *
     * @return the rows of the last statement that returned any, as text, null for SQL NULL; empty when none did
     * @throws AdminException when the server reports an error
     * @throws UncheckedIOException when the connection is lost
     */
    public List<List<@Nullable String>> execute(String sql) {
        try {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            writeText(new DataOutputStream(body), sql);
            send('Q', body.toByteArray());
            return readResult();
        } catch (IOException e) {
            throw new UncheckedIOException("the admin session broke", e);
        }
    }

    /**
     * Runs a script whose last statement returns one value.
     *
     * @return the first column of the first row, as text, null for SQL NULL
     * @throws IllegalStateException when there is no row
     */
    public @Nullable String value(String sql) {
        List<List<@Nullable String>> rows = execute(sql);
        if (rows.isEmpty()) {
            throw new IllegalStateException("no row: " + sql);
        }
        return rows.get(0).get(0);
    }

    /** The process ID of the server's process for this session. */
    public int backendPid() {
        return backendPid;
    }

    /** Ends the session. The server notices; it may already be gone. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the admin session", e);
        }
    }

    private void startup(String user, String database) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(body);
        out.writeInt(PROTOCOL_3_0);
        List<String> parameters = List.of(
                "user", user,
                "database", database,
                "application_name", "howdah testkit",
                "client_encoding", "UTF8",
                "options", "-c statement_timeout=120s");
        for (String word : parameters) {
            writeText(out, word);
        }
        out.writeByte(0);
        send(0, body.toByteArray());
        readResult();
    }

    private List<List<@Nullable String>> readResult() throws IOException {
        List<List<@Nullable String>> rows = new ArrayList<>();
        @Nullable AdminException error = null;
        while (true) {
            int type = in.readUnsignedByte();
            byte[] body = new byte[in.readInt() - 4];
            in.readFully(body);
            ByteBuffer message = ByteBuffer.wrap(body);
            switch (type) {
                case 'T' -> rows = new ArrayList<>();
                case 'D' -> rows.add(row(message));
                case 'E' -> {
                    error = error(message);
                    if (error.isFatal()) {
                        throw error;
                    }
                }
                case 'K' -> backendPid = message.getInt();
                case 'R' -> {
                    if (message.getInt() != 0) {
                        throw new IOException(
                                "the server does not trust the superuser on the Unix socket: see pg_hba.conf");
                    }
                }
                case 'G' -> send('f', new byte[] {'n', 'o', 0});
                case 'Z' -> {
                    if (error != null) {
                        throw error;
                    }
                    return rows;
                }
                default -> {
                    // Parameter status, notices, completions and COPY data: nothing to do for an administrator.
                }
            }
        }
    }

    private static List<@Nullable String> row(ByteBuffer message) {
        int columns = message.getShort();
        List<@Nullable String> row = new ArrayList<>(columns);
        for (int i = 0; i < columns; i++) {
            int length = message.getInt();
            if (length < 0) {
                row.add(null);
            } else {
                byte[] value = new byte[length];
                message.get(value);
                row.add(new String(value, StandardCharsets.UTF_8));
            }
        }
        return Collections.unmodifiableList(row);
    }

    private static AdminException error(ByteBuffer message) {
        String severity = "ERROR";
        String code = "XX000";
        String text = "";
        for (byte field = message.get(); field != 0; field = message.get()) {
            String value = readText(message);
            switch (field) {
                case 'V' -> severity = value;
                case 'C' -> code = value;
                case 'M' -> text = value;
                default -> {
                    // The further fields say where in the server's source it happened.
                }
            }
        }
        return new AdminException(severity, code, text);
    }

    private static String readText(ByteBuffer message) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (byte next = message.get(); next != 0; next = message.get()) {
            text.write(next);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.writeByte(0);
    }

    private void send(int type, byte[] body) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(body.length + 5);
        if (type != 0) {
            message.put((byte) type);
        }
        message.putInt(body.length + 4).put(body).flip();
        while (message.hasRemaining()) {
            channel.write(message);
        }
    }
}
