package dev.howdah;

import dev.howdah.sql.Identifier;
import java.nio.charset.StandardCharsets;

/** The name of a channel. */
final class ChannelName {

    /** PostgreSQL cuts longer names. */
    private static final int MAX_BYTES = 63;

    private ChannelName() {}

    /**
     * Returns the name as SQL takes it.
     *
     * @throws IllegalArgumentException if it cannot be the name of a channel
     */
    static String quoted(String channel) {
        int length = channel.getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_BYTES) {
            throw new IllegalArgumentException("the name of a channel has at most " + MAX_BYTES
                    + " bytes in UTF-8, this one has " + length + ": " + channel);
        }
        return Identifier.of(channel).quoted();
    }
}
