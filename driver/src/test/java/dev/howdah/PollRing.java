package dev.howdah;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Collection;

/** Drives many connections by one selector on one thread, until nothing is under way on any. */
final class PollRing {

    private PollRing() {}

    static void drive(Collection<PollingConnection> connections) throws IOException {
        try (Selector selector = Selector.open()) {
            int busy = 0;
            for (PollingConnection connection : connections) {
                busy += goOn(connection, selector) ? 1 : 0;
            }
            while (busy > 0) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    PollingConnection connection = (PollingConnection) key.attachment();
                    key.interestOps(0);
                    busy -= goOn(connection, selector) ? 0 : 1;
                }
                selector.selectedKeys().clear();
            }
        }
    }

    private static boolean goOn(PollingConnection connection, Selector selector) throws IOException {
        PollState state = connection.poll();
        if (state == PollState.OK) {
            return false;
        }
        SelectableChannel channel = connection.channel();
        SelectionKey key = channel.keyFor(selector);
        if (key == null) {
            channel.register(selector, state.interestOps(), connection);
        } else {
            key.interestOps(state.interestOps());
        }
        return true;
    }
}
