package dev.howdah.transport;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * How TCP watches over a connection. What a system does not offer is left as it is there.
 *
 * @param keepalives whether an idle peer is asked if it is there
 * @param idle how long a connection is idle before that, or null for the system's own
 * @param interval the time between two questions, or null for the system's own
 * @param count after how many unanswered questions the connection is lost, or 0 for the system's own
 */
public record SocketSettings(
        boolean keepalives,
        @Nullable Duration idle,
        @Nullable Duration interval,
        int count) {

    void apply(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, keepalives);
        if (!keepalives) {
            return;
        }
        if (idle != null && channel.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
            channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, seconds(idle));
        }
        if (interval != null && channel.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPINTERVAL)) {
            channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, seconds(interval));
        }
        if (count > 0 && channel.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPCOUNT)) {
            channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, count);
        }
    }

    private static int seconds(Duration duration) {
        return (int) Math.max(1, Math.min(Short.MAX_VALUE, duration.toSeconds()));
    }
}
