package dev.howdah.replication;

import dev.howdah.error.ProtocolException;
import java.util.function.Consumer;

/**
 * Makes of what an output plugin writes the same objects, whichever plugin it is. It neither reads from anywhere nor waits,
 * and is not safe for several threads; what it passes on is.
 *
 * <p>A decoder is for one stream, and gets all its messages in their order.
 *
 * @see <a href="https://www.postgresql.org/docs/current/logicaldecoding-output-plugin.html">Logical decoding output
 *     plugins</a>
 */
public sealed interface ChangeDecoder permits PgOutputDecoder, TestDecodingDecoder, Wal2JsonDecoder {

    /**
     * Reads one message of a stream.
     *
     * @param message what came; its payload is kept by what is made of it, so nobody may change it any more
     * @param to takes what the message tells, in its order: nothing, one thing, or many where a plugin writes a whole
     *     transaction into one message. It must not call the decoder. What it throws goes through, and the rest of the message
     *     is then lost
     * @throws ProtocolException if the plugin writes what it must not; nothing, or a part of the message, has been passed on
     */
    void decode(ReplicationMessage message, Consumer<? super PgOutputMessage> to);
}
