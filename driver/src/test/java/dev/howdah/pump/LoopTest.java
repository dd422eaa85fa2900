package dev.howdah.pump;

import dev.howdah.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Phaser;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LoopTest {

    private static final int LOOPS = 300;
    private static final int CHANNELS = 6;

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
}
