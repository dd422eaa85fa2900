package dev.howdah.pump;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thread that reads what comes itself, of a channel that always has something. */
@Timeout(60)
class WatchingThreadTest {

    private static final int PACKET = 8 * 1024;
    private static final int ROUNDS = 20;

    /** It has the permit then that a thread is parked without. */
    @Test
    void toBeAllowedToWatchDoesNotEndThePauseInABulk() throws Exception {
        try (ServerSocketChannel server =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel channel = SocketChannel.open(server.getLocalAddress());
                SocketChannel peer = server.accept()) {
            channel.configureBlocking(false);
            peer.write(ByteBuffer.wrap(new byte[] {1}));
            WatchingThread watching = new WatchingThread(channel, () -> PACKET);
            assertThat(watching.tryEnter()).isTrue();
            try {
                hear(watching, 2 + Bulk.ENOUGH / (PACKET - Bulk.MUCH));
                long begun = System.nanoTime();
                hear(watching, ROUNDS);
                assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(ROUNDS * Bulk.FIRST_PAUSE);
            } finally {
                watching.leave();
                watching.close();
            }
        }
    }

    private static void hear(WatchingThread watching, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            watching.allow();
            assertThat(watching.await(Long.MAX_VALUE)).isEqualTo(Waiter.Woken.READY);
        }
    }
}
