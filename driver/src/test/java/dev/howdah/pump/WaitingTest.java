package dev.howdah.pump;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WaitingTest {

    private static final int ROUNDS = 100_000;
    private static final int PHASES = 1_000;

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

    /** On each version of Java, whatever the one that runs this does. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aVirtualThreadWaitsBesideALoopThatIsOneOrIsNone(boolean selects) throws Exception {
        try (ServerSocketChannel server =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel channel = SocketChannel.open(server.getLocalAddress());
                SocketChannel peer = server.accept();
                ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
            channel.configureBlocking(false);
            Waiting waiting = new Waiting(channel, Waits.USUAL, selects);
            Callable<Waiter.Woken> forEver = () -> waiting.await(SelectionKey.OP_READ, Long.MAX_VALUE);

            assertThat(virtual.submit(() -> waiting.await(SelectionKey.OP_READ, System.nanoTime() + 1_000_000))
                            .get())
                    .isEqualTo(Waiter.Woken.TIMEOUT);
            Future<Waiter.Woken> nudged = virtual.submit(forEver);
            waiting.nudge();
            assertThat(nudged.get()).isEqualTo(Waiter.Woken.READY);
            assertThat(virtual.submit(() -> {
                                Thread.currentThread().interrupt();
                                return forEver.call();
                            })
                            .get())
                    .isEqualTo(Waiter.Woken.INTERRUPTED);
            Future<Waiter.Woken> reads = virtual.submit(forEver);
            peer.write(ByteBuffer.wrap(new byte[1]));
            assertThat(reads.get()).isEqualTo(Waiter.Woken.READY);
            assertThat(channel.read(ByteBuffer.allocate(8))).isEqualTo(1);
            assertThat(forEver(waiting, peer)).isEqualTo(Waiter.Woken.READY);
            waiting.close();
        }
    }

    /** Each phase of a connection has waiters of its own; one may have nothing to wait for. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPhaseThatDidNotWaitLeavesTheChannelToTheNext(boolean selects) throws Exception {
        try (ServerSocketChannel server =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel channel = SocketChannel.open(server.getLocalAddress());
                SocketChannel peer = server.accept();
                ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
            channel.configureBlocking(false);
            peer.write(ByteBuffer.wrap(new byte[1]));
            for (int round = 0; round < PHASES; round++) {
                Waiting waiting = new Waiting(channel, Waits.USUAL, selects);
                assertThat(virtual.submit(() -> waiting.await(SelectionKey.OP_READ, Long.MAX_VALUE))
                                .get())
                        .isEqualTo(Waiter.Woken.READY);
                waiting.handOver();
                new Waiting(channel, Waits.USUAL, selects).handOver();
            }
            new Waiting(channel, Waits.USUAL, selects).close();
        }
    }

    /** Waits on a platform thread, which shares the waiter or has one of its own. */
    private static Waiter.Woken forEver(Waiting waiting, SocketChannel peer) throws IOException {
        peer.write(ByteBuffer.wrap(new byte[1]));
        return waiting.await(SelectionKey.OP_READ, Long.MAX_VALUE);
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
