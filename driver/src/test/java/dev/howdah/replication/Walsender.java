package dev.howdah.replication;

import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.TestDatabase;
import dev.howdah.type.TypeRegistry;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A server process that sends what pgoutput says as it happens, by as much of the protocol as that takes; unlike the
 * functions of SQL, it decodes transactions whose end nobody knows yet. The publication is named {@code p}.
 */
final class Walsender implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PROTOCOL = 3 << 16;
    /** In front of what the plugin says: a letter, two places and a time. */
    private static final int HEADER = 1 + 3 * Long.BYTES;

    private final TestDatabase database;
    private final SocketChannel channel;
    private final DataInputStream in;
    private final PgOutputDecoder decoder;

    Walsender(TestDatabase database, String slot, String options, boolean parallel) throws IOException {
        this.database = database;
        this.channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        this.decoder = new PgOutputDecoder(TypeRegistry.global().child(), parallel);
        channel.connect(UnixDomainSocketAddress.of(database.server().socketFile()));
        this.in = new DataInputStream(Channels.newInputStream(channel));
        byte[] parameters = String.join(
                        "\0",
                        List.of(
                                "user",
                                PostgresServer.SUPERUSER,
                                "database",
                                database.name(),
                                "replication",
                                "database",
                                "options",
                                "-c logical_decoding_work_mem=64kB",
                                "",
                                ""))
                .getBytes(StandardCharsets.UTF_8);
        write(ByteBuffer.allocate(8 + parameters.length)
                .putInt(8 + parameters.length)
                .putInt(PROTOCOL)
                .put(parameters));
        await('Z');
        query("CREATE_REPLICATION_SLOT " + slot + " TEMPORARY LOGICAL pgoutput NOEXPORT_SNAPSHOT");
        await('Z');
        query("START_REPLICATION SLOT " + slot + " LOGICAL 0/0 (publication_names 'p', " + options + ")");
        await('W');
    }

    private void query(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        write(ByteBuffer.allocate(6 + bytes.length)
                .put((byte) 'Q')
                .putInt(5 + bytes.length)
                .put(bytes)
                .put((byte) 0));
    }

    private void write(ByteBuffer message) throws IOException {
        message.flip();
        while (message.hasRemaining()) {
            channel.write(message);
        }
    }

    /** Returns the body of the next message of a kind. */
    private byte[] await(char wanted) throws IOException {
        while (true) {
            int type = in.readUnsignedByte();
            byte[] body = in.readNBytes(in.readInt() - Integer.BYTES);
            if (type == 'E') {
                throw new IOException(new String(body, StandardCharsets.UTF_8));
            } else if (type == wanted) {
                return body;
            }
        }
    }

    /** Returns what has come, up to a message like that. */
    List<PgOutputMessage> until(Predicate<PgOutputMessage> last) throws IOException {
        List<PgOutputMessage> messages = new ArrayList<>();
        do {
            byte[] data = await('d');
            if (data[0] == 'w') {
                messages.add(decoder.decode(data, HEADER, data.length - HEADER));
            }
        } while (messages.isEmpty() || !last.test(messages.getLast()));
        return messages;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        String slots = "select from pg_replication_slots where database = '" + database.name() + "'";
        Await.until("the slot is gone", PATIENCE, () -> database.execute(slots).isEmpty());
    }
}
