package dev.howdah.pump;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When what comes is a bulk, and that it is read in place of the loop then, for as long as it is one. */
@Timeout(60)
class BulkReaderTest {

    /** A full packet of the server's. */
    private static final int FULL = 8 * 1024;
    /** How many of them make a bulk, behind the first. */
    private static final int ENOUGH = Bulk.ENOUGH / (FULL - Bulk.MUCH);

    private final BlockingQueue<Long> coming = new LinkedBlockingQueue<>();
    private final Semaphore over = new Semaphore(0);
    private long now;
    private int holds = Integer.MAX_VALUE;
    private final Bulk bulk = new Bulk(() -> now, () -> holds);
    private final Semaphore relieved = new Semaphore(0);
    /** What the loop is to call, the last one. */
    private Ticks.@Nullable Ticker ticker;

    private final AtomicInteger pauses = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();
    /** There was a read before the pause in front of it was over. */
    private volatile boolean early;

    private volatile Runnable calling = () -> {};
    private final BulkReader reader = reader(this::hear);

    private BulkReader reader(LongSupplier hear) {
        return new BulkReader(
                new BulkReader.Work() {
                    @Override
                    public long hear() {
                        return hear.getAsLong();
                    }

                    @Override
                    public void handOn() {
                        calling.run();
                    }

                    @Override
                    public void over() {
                        over.release();
                    }

                    @Override
                    public void relieved() {
                        relieved.release();
                    }

                    @Override
                    public void tick(Ticks.Ticker begun, long nanos) {
                        assertThat(nanos).isBetween(Bulk.FIRST_PAUSE, Bulk.LONGEST_PAUSE);
                        ticker = begun;
                    }
                },
                new Bulk(() -> now, () -> holds),
                () -> now);
    }

    private long hear() {
        early |= reads.incrementAndGet() > pauses.get();
        try {
            return coming.take();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Does as the loop when the time is up; returns what the ticker says. */
    private long tick() {
        assertThat(ticker).isNotNull();
        pauses.incrementAndGet();
        return ticker.tick();
    }

    /** Has the reader read so much and then so much ... */
    private void read(long... counts) {
        for (long count : counts) {
            coming.add(count);
        }
        while (!coming.isEmpty()) {
            tick();
            Thread.onSpinWait();
        }
    }

    /** Has the reader find that nothing comes any more. */
    private void readToTheEnd() {
        read(new long[Bulk.PATIENCE]);
        acquire(over);
        assertThat(tick()).isEqualTo(Ticks.Ticker.OVER);
    }

    private static void acquire(Semaphore semaphore) {
        try {
            assertThat(semaphore.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void packets(int count, int bytes, long apart) {
        for (int i = 0; i < count; i++) {
            now += apart;
            bulk.came(bytes);
        }
    }

    @Test
    void littleAndSmallAndSlowPiecesAreNoBulk() {
        packets(1 + ENOUGH - 1, FULL, 1);
        packets(1, FULL, Bulk.SOON);
        packets(ENOUGH - 1, FULL, 1);
        packets(1_000, 100, 1);
        packets(1_000, Bulk.MUCH, 1);
        packets(1_000, FULL, Bulk.SOON);
        assertThat(bulk.isOn()).isFalse();
        packets(ENOUGH, FULL, 1);
        assertThat(bulk.isOn()).isTrue();
    }

    @Test
    void theLastPacketOfATransactionMayBeSmallAndTheNextOneTakeAMoment() {
        for (int i = 0; i < ENOUGH && !bulk.isOn(); i++) {
            packets(5, FULL, 1);
            packets(1, 100, Bulk.SOON / 2);
        }
        assertThat(bulk.isOn()).isTrue();
    }

    @Test
    void aBulkIsOverWhenLittleComesSeveralTimesInARow() {
        packets(1 + ENOUGH, FULL, 1);
        for (int i = 0; i < 10; i++) {
            packets(Bulk.PATIENCE - 1, 0, 1);
            packets(1, Bulk.MUCH, 1);
        }
        assertThat(bulk.isOn()).isTrue();
        packets(Bulk.PATIENCE - 1, 100, 1);
        bulk.came(-1);
        assertThat(bulk.isOn()).isFalse();
    }

    @Test
    void pausesGrowWhileThereIsRoomForMore() {
        assertThat(bulk.pause()).isZero();
        packets(1 + ENOUGH, FULL, 1);
        assertThat(bulk.pause()).isEqualTo(Bulk.FIRST_PAUSE);
        packets(1, FULL, 1);
        assertThat(bulk.pause()).isEqualTo(2 * Bulk.FIRST_PAUSE);
        packets(10, FULL, 1);
        assertThat(bulk.pause()).isEqualTo(Bulk.LONG_PAUSE);
        packets(1, Bulk.PLENTY, 1);
        assertThat(bulk.pause()).isEqualTo(Bulk.LONG_PAUSE / 2);
        packets(10, Bulk.PLENTY, 1);
        assertThat(bulk.pause()).isEqualTo(Bulk.FIRST_PAUSE);
        packets(Bulk.PATIENCE, 0, 1);
        assertThat(bulk.pause()).isZero();
    }

    @Test
    void theLongestPausesAreForVeryMuch() {
        packets(1 + ENOUGH, FULL, 1);
        packets(10, Bulk.VERY_MUCH - 1, 1);
        assertThat(bulk.pause()).isEqualTo(Bulk.LONG_PAUSE);
        packets(10, Bulk.VERY_MUCH, 1);
        assertThat(bulk.pause()).isEqualTo(Bulk.LONGEST_PAUSE);
        packets(1, Bulk.VERY_MUCH - 1, 1);
        assertThat(bulk.pause()).isEqualTo(Bulk.LONG_PAUSE);
    }

    @Test
    void whatASocketHoldsIsNotFilled() {
        packets(1 + ENOUGH, FULL, 1);
        packets(10, Bulk.VERY_MUCH, 1);
        holds = 2 * Bulk.VERY_MUCH;
        packets(1, Bulk.VERY_MUCH - 1, 1);
        assertThat(bulk.pause()).isEqualTo(Bulk.LONG_PAUSE);
        packets(1, Bulk.VERY_MUCH, 1);
        assertThat(bulk.pause()).isEqualTo(Bulk.LONG_PAUSE / 2);
    }

    @Test
    void aChannelTellsWhatItHoldsUntilItIsClosed() throws IOException {
        SocketChannel channel = SocketChannel.open();
        assertThat(Bulk.holds(channel)).isPositive().isEqualTo(channel.getOption(StandardSocketOptions.SO_RCVBUF));
        channel.close();
        assertThat(Bulk.holds(channel)).isEqualTo(Bulk.VERY_MUCH);
    }

    private void beginToRead(BulkReader begun) {
        for (int i = 0; i <= ENOUGH; i++) {
            begun.came(FULL);
        }
    }

    @Test
    void aBulkIsReadToItsEnd() {
        reader.came(FULL);
        assertThat(reader.isReading()).isFalse();
        beginToRead(reader);
        assertThat(reader.isReading()).isTrue();
        read(FULL, FULL, FULL, FULL, FULL);
        read(new long[Bulk.PATIENCE - 1]);
        assertThat(over.tryAcquire()).isFalse();
        read(0);
        acquire(over);
        assertThat(reader.isReading()).isFalse();
        assertThat(tick()).isEqualTo(Ticks.Ticker.OVER);
        beginToRead(reader);
        assertThat(reader.isReading()).isTrue();
        readToTheEnd();
        assertThat(early).as("read before a pause was over").isFalse();
    }

    @Test
    void theLoopIsToldHowLongThePausesAre() {
        beginToRead(reader);
        Semaphore go = new Semaphore(0);
        for (long pause = Bulk.FIRST_PAUSE; pause <= Bulk.LONG_PAUSE; pause *= 2) {
            readUntilKept(go);
            assertThat(tick()).isEqualTo(pause);
            go.release();
        }
        calling = () -> {};
        readToTheEnd();
    }

    @Test
    void muchIsHandedOnPieceByPieceWithoutAPauseInBetween() {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        BulkReader noting = reader(() -> {
            long count = hear();
            order.add("read " + count);
            return count;
        });
        Semaphore handedOn = new Semaphore(0);
        calling = () -> {
            order.add("handed on");
            handedOn.release();
        };
        beginToRead(noting);
        coming.addAll(List.of((long) BulkReader.PIECE, (long) BulkReader.PIECE, 1L));
        tick();
        acquire(handedOn);
        acquire(handedOn);
        acquire(handedOn);
        assertThat(order)
                .containsExactly(
                        "read " + BulkReader.PIECE,
                        "handed on",
                        "read " + BulkReader.PIECE,
                        "handed on",
                        "read 1",
                        "handed on");
        readToTheEnd();
    }

    @Test
    void theLoopWatchesAgainWhenReadingFails() {
        BulkReader failing = reader(() -> {
            throw new IllegalStateException("on purpose");
        });
        AtomicBoolean handedOn = new AtomicBoolean();
        calling = () -> handedOn.set(true);
        beginToRead(failing);
        tick();
        acquire(over);
        assertThat(failing.isReading()).isFalse();
        assertThat(tick()).isEqualTo(Ticks.Ticker.OVER);
        assertThat(handedOn).as("what it had read before it failed").isTrue();
    }

    /** Has the reader read once more, and waits until it runs the user's code, which is kept until {@code go}. */
    private void readUntilKept(Semaphore go) {
        Semaphore kept = new Semaphore(0);
        calling = () -> {
            kept.release();
            acquire(go);
        };
        read(FULL);
        acquire(kept);
    }

    @Test
    void anotherReadsWhileTheUsersCodeTakesLong() {
        beginToRead(reader);
        Ticks.Ticker kept = ticker;
        Semaphore go = new Semaphore(0);
        readUntilKept(go);
        assertThat(tick()).as("it may have begun just now").isPositive();
        now += BulkReader.LONG - 1;
        assertThat(tick()).isPositive();
        assertThat(reader.isReading()).isTrue();
        now++;
        assertThat(tick()).isEqualTo(Ticks.Ticker.OVER);
        assertThat(reader.isReading()).isFalse();
        assertThat(relieved.tryAcquire()).isTrue();

        calling = () -> {};
        beginToRead(reader);
        assertThat(reader.isReading()).as("another thread").isTrue();
        assertThat(ticker).isNotSameAs(kept);
        go.release();
        readToTheEnd();
        assertThat(over.tryAcquire()).as("the relieved one ends nothing").isFalse();
        assertThat(relieved.tryAcquire()).isFalse();
    }

    @Test
    void codeThatComesBackInTimeRelievesNobody() {
        beginToRead(reader);
        Semaphore go = new Semaphore(0);
        for (int i = 0; i < 5; i++) {
            readUntilKept(go);
            assertThat(tick()).isPositive();
            now += BulkReader.LONG - 1;
            assertThat(tick()).isPositive();
            go.release();
        }
        calling = () -> {};
        readToTheEnd();
        assertThat(relieved.tryAcquire()).isFalse();
    }

    @Test
    void anInterruptThatTheUsersCodeLeavesEndsNoPause() {
        AtomicBoolean left = new AtomicBoolean();
        BulkReader noting = reader(() -> {
            left.compareAndSet(false, Thread.currentThread().isInterrupted());
            return hear();
        });
        calling = () -> Thread.currentThread().interrupt();
        beginToRead(noting);
        readToTheEnd();
        assertThat(left).isFalse();
    }
}
