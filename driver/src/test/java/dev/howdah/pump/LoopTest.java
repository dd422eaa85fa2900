package dev.howdah.pump;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LoopTest {

    private static final int LOOPS = 300;
    private static final int CHANNELS = 6;
    private static final long PAUSE = Duration.ofMillis(400).toNanos();

    private static SocketChannel channel() throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        return channel;
    }

    /** The selector may be about to return for one that goes when the next one goes. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endsWhenItsLastChannelsGoAtTheSameTime(boolean virtual) throws Exception {
        List<Loop> loops = new ArrayList<>();
        for (int i = 0; i < LOOPS; i++) {
            Loop loop = new Loop(virtual);
            loops.add(loop);
            Phaser together = new Phaser(CHANNELS);
            List<Thread> threads = new ArrayList<>();
            for (int k = 0; k < CHANNELS; k++) {
                SocketChannel channel = channel();
                Loop.Registration registration = loop.register(channel);
                threads.add(Thread.ofPlatform().start(() -> {
                    try (channel) {
                        together.arriveAndAwaitAdvance();
                        registration.cancel();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        Await.until(
                "the loops have ended",
                Duration.ofSeconds(30),
                () -> loops.stream().noneMatch(Loop::isRunning));
    }

    /** Though nothing comes by a channel, and the channel goes: who is to be called again is not forgotten. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void callsWhatIsDueNowAndThenUntilThatIsOver(boolean virtual) throws Exception {
        Loop loop = new Loop(virtual);
        CountDownLatch calls = new CountDownLatch(5);
        AtomicReference<Thread> caller = new AtomicReference<>();
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(loopback());
                SocketChannel channel = SocketChannel.open(server.getLocalAddress())) {
            channel.configureBlocking(false);
            Loop.Registration registration = loop.register(channel);
            registration.await(SelectionKey.OP_WRITE, () -> {
                caller.set(Thread.currentThread());
                registration.cancel();
                loop.tick(
                        () -> {
                            assertThat(caller.get()).isSameAs(Thread.currentThread());
                            calls.countDown();
                            return calls.getCount() == 0 ? Ticks.Ticker.OVER : PAUSE;
                        },
                        PAUSE);
            });
            assertThat(calls.await(30, TimeUnit.SECONDS)).isTrue();
        }
        Await.until("the loop has ended", Duration.ofSeconds(30), () -> !loop.isRunning());
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}
