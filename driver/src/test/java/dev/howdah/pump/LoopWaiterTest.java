package dev.howdah.pump;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.testkit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Virtual threads beside a loop that is one, and beside one that is none. */
@Timeout(60)
class LoopWaiterTest {

    private static final int ROUNDS = 20_000;
    private static final int LOOKS = 40;
    private static final int BYTES = 16 * 1024 * 1024;
    private static final int SMALL = 4 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int BOTH = SelectionKey.OP_READ | SelectionKey.OP_WRITE;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private ServerSocketChannel server;
    private SocketChannel channel;
    private SocketChannel peer;
    private Loop.Registration registration;

    @BeforeEach
    void connect() throws IOException {
        server = ServerSocketChannel.open();
        server.setOption(StandardSocketOptions.SO_RCVBUF, SMALL);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_SNDBUF, SMALL);
        channel.connect(server.getLocalAddress());
        channel.configureBlocking(false);
        peer = server.accept();
    }

    @AfterEach
    void close() throws IOException {
        registration.cancel();
        channel.close();
        peer.close();
        server.close();
        threads.shutdownNow();
        threads.close();
    }

    private LoopWaiter waiter(boolean virtual) throws IOException {
        registration = (virtual ? Loop.virtual(channel) : Loop.SHARED).register(channel);
        return new LoopWaiter(registration);
    }

    private void answer(int bytes) throws IOException {
        ByteBuffer some = ByteBuffer.allocate(bytes);
        while (some.hasRemaining()) {
            peer.write(some);
        }
    }

    /** Sometimes it does not wait for it: then the loop is told in vain, and looks no more just when somebody begins to wait. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noWakingIsLostHoweverFastTheAnswerIs(boolean virtual) throws Exception {
        LoopWaiter waiter = waiter(virtual);
        Future<Integer> asking = threads.submit(() -> {
            ByteBuffer one = ByteBuffer.allocate(1);
            int waits = 0;
            for (int i = 0; i < ROUNDS; i++) {
                channel.write(one.clear());
                one.clear();
                for (int looks = 0; channel.read(one) == 0; looks++) {
                    if (looks >= i % LOOKS) {
                        waits++;
                        waiter.await(SelectionKey.OP_READ, Long.MAX_VALUE);
                    }
                }
            }
            return waits;
        });
        ByteBuffer one = ByteBuffer.allocate(1);
        for (int i = 0; i < ROUNDS; i++) {
            peer.read(one.clear());
            peer.write(one.flip());
        }
        assertThat(asking.get()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatNobodyWaitsForIsLookedForNoMore(boolean virtual) throws Exception {
        LoopWaiter waiter = waiter(virtual);
        Callable<Waiter.Woken> wait = () -> waiter.await(SelectionKey.OP_READ, Long.MAX_VALUE);
        Future<Waiter.Woken> first = threads.submit(wait);
        answer(1);
        assertThat(first.get()).isEqualTo(Waiter.Woken.READY);

        Await.until("the loop looks no more", PATIENCE, () -> !registration.isWanted());

        assertThat(threads.submit(wait).get()).isEqualTo(Waiter.Woken.READY);
        assertThat(channel.read(ByteBuffer.allocate(8))).isEqualTo(1);
    }

    /** The loop may have taken back what he had asked for. */
    @Test
    void whoBeginsToWaitWhileTheLoopIsAtItIsWaked() throws Exception {
        LoopWaiter waiter = waiter(true);
        assertThat(waiter.ready()).isTrue();
        assertThat(waiter.ready()).isTrue();
        assertThat(waiter.ready()).isFalse();
        CompletableFuture<Waiter.Woken> woken = new CompletableFuture<>();
        Thread waits = Thread.ofVirtual().start(() -> {
            try {
                woken.complete(waiter.await(SelectionKey.OP_READ, Long.MAX_VALUE));
            } catch (IOException e) {
                woken.completeExceptionally(e);
            }
        });
        Await.until("it waits", PATIENCE, () -> waits.getState() == Thread.State.WAITING);
        assertThat(waiter.wakeIfWaiting()).isTrue();
        assertThat(woken.get()).isEqualTo(Waiter.Woken.READY);
    }

    /** The loop takes back that it looks for room whenever it finds anything, be it something to read. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoWaitsForRoomGetsItWhileMuchComes(boolean virtual) throws Exception {
        LoopWaiter waiter = waiter(virtual);
        Future<Integer> sending = threads.submit(() -> {
            ByteBuffer out = ByteBuffer.allocate(BYTES);
            ByteBuffer in = ByteBuffer.allocate(SMALL);
            int received = 0;
            while (out.hasRemaining() || received < BYTES) {
                int sent = channel.write(out);
                int read = channel.read(in.clear());
                received += read;
                if (sent == 0 && read == 0) {
                    waiter.await(out.hasRemaining() ? BOTH : SelectionKey.OP_READ, Long.MAX_VALUE);
                }
            }
            return received;
        });
        Future<Integer> answering = threads.submit(() -> {
            answer(BYTES);
            return BYTES;
        });
        ByteBuffer in = ByteBuffer.allocate(SMALL);
        int taken = 0;
        while (taken < BYTES) {
            taken += peer.read(in.clear());
        }
        assertThat(answering.get()).isEqualTo(BYTES);
        assertThat(sending.get()).isEqualTo(BYTES);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneThatTimesOutOrIsInterruptedMayWaitAgain(boolean virtual) throws Exception {
        LoopWaiter waiter = waiter(virtual);
        assertThat(threads.submit(() -> waiter.await(SelectionKey.OP_READ, System.nanoTime() + 1_000_000))
                        .get())
                .isEqualTo(Waiter.Woken.TIMEOUT);
        assertThat(threads.submit(() -> {
                            Thread.currentThread().interrupt();
                            return waiter.await(SelectionKey.OP_READ, Long.MAX_VALUE);
                        })
                        .get())
                .isEqualTo(Waiter.Woken.INTERRUPTED);
        assertThat(channel.isOpen()).isTrue();
        Future<Waiter.Woken> again = threads.submit(() -> waiter.await(SelectionKey.OP_READ, Long.MAX_VALUE));
        answer(1);
        assertThat(again.get()).isEqualTo(Waiter.Woken.READY);
    }

    /** One timer is for many waits: an hour's must not keep it from a shorter one, nor one that has passed. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eachWaitHasItsOwnDeadline(boolean virtual) throws Exception {
        LoopWaiter waiter = waiter(virtual);
        for (int i = 0; i < 3; i++) {
            Future<Waiter.Woken> patient = threads.submit(
                    () -> waiter.await(SelectionKey.OP_READ, System.nanoTime() + TimeUnit.HOURS.toNanos(1)));
            answer(1);
            assertThat(patient.get()).isEqualTo(Waiter.Woken.READY);
            assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(1);
            Waiter.Woken woken;
            do {
                woken = threads.submit(() -> waiter.await(
                                SelectionKey.OP_READ, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20)))
                        .get();
                // The loop may have looked once more before the byte was read.
            } while (woken == Waiter.Woken.READY);
            assertThat(woken).isEqualTo(Waiter.Woken.TIMEOUT);
        }
    }
}
