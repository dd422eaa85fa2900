package dev.howdah.pump;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WaitingTest {

    private static final int ROUNDS = 100_000;

    /** One wants to hear, another one no more, and each asks: the connection must not stay deaf, nor watched for nobody. */
    @Test
    void whoAsksLastFindsWhatIsWantedThen() throws Exception {
        try (ServerSocketChannel server =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel channel = SocketChannel.open(server.getLocalAddress())) {
            channel.configureBlocking(false);
            Waiting waiting = new Waiting(channel, Waits.USUAL);
            AtomicBoolean wanted = new AtomicBoolean();
            AtomicInteger arrived = new AtomicInteger();
            int wrong = 0;
            Thread other = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < ROUNDS; i++) {
                    meet(arrived);
                    ask(waiting, wanted, false);
                    meet(arrived);
                }
            });
            for (int i = 0; i < ROUNDS; i++) {
                meet(arrived);
                ask(waiting, wanted, true);
                meet(arrived);
                if (waiting.isWatched() != wanted.get()) {
                    wrong++;
                }
            }
            other.join();
            waiting.close();
            assertThat(wrong).isZero();
        }
    }

    /** Waits for the other thread; parked, the two would go on one after the other. */
    private static void meet(AtomicInteger arrived) {
        int mine = arrived.incrementAndGet();
        int both = mine + mine % 2;
        while (arrived.get() < both) {
            Thread.onSpinWait();
        }
    }

    private static void ask(Waiting waiting, AtomicBoolean wanted, boolean wants) {
        wanted.set(wants);
        try {
            waiting.watch(wanted::get, () -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
