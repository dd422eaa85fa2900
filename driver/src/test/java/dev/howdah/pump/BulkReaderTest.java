package dev.howdah.pump;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
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
    private final Bulk bulk = new Bulk(() -> now);
    private final Semaphore relieved = new Semaphore(0);
    private final BlockingQueue<Runnable> checks = new LinkedBlockingQueue<>();
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
                },
                () -> now,
                checks::add);
    }

    private long hear() {
        try {
            return coming.take();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
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
        assertThat(bulk.pause()).isEqualTo(Bulk.LONGEST_PAUSE);
        packets(1, Bulk.PLENTY, 1);
        assertThat(bulk.pause()).isEqualTo(Bulk.LONGEST_PAUSE / 2);
        packets(10, Bulk.PLENTY, 1);
        assertThat(bulk.pause()).isEqualTo(Bulk.FIRST_PAUSE);
        packets(Bulk.PATIENCE, 0, 1);
        assertThat(bulk.pause()).isZero();
    }

    private void beginToRead(BulkReader begun) {
        for (int i = 0; i <= ENOUGH; i++) {
            begun.came(FULL);
        }
    }

    @Test
    void aBulkIsReadToItsEnd() throws InterruptedException {
        reader.came(FULL);
        assertThat(reader.isReading()).isFalse();
        beginToRead(reader);
        assertThat(reader.isReading()).isTrue();
        for (int i = 0; i < 5; i++) {
            coming.add((long) FULL);
        }
        for (int i = 1; i < Bulk.PATIENCE; i++) {
            coming.add(0L);
        }
        assertThat(over.tryAcquire()).isFalse();
        coming.add(0L);
        assertThat(over.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        assertThat(reader.isReading()).isFalse();
        assertThat(coming).isEmpty();
        beginToRead(reader);
        assertThat(reader.isReading()).isTrue();
        for (int i = 0; i < Bulk.PATIENCE; i++) {
            coming.add(0L);
        }
        assertThat(over.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theLoopWatchesAgainWhenReadingFails() throws InterruptedException {
        BulkReader failing = reader(() -> {
            throw new IllegalStateException("on purpose");
        });
        AtomicBoolean handedOn = new AtomicBoolean();
        calling = () -> handedOn.set(true);
        beginToRead(failing);
        assertThat(over.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        assertThat(failing.isReading()).isFalse();
        assertThat(handedOn).as("what it had read before it failed").isTrue();
    }

    private void look() throws InterruptedException {
        Runnable check = checks.poll(30, TimeUnit.SECONDS);
        assertThat(check).isNotNull();
        check.run();
    }

    /** Lets the reader read once more, and waits until it runs the user's code, which is kept until {@code go}. */
    private void readUntilKept(Semaphore go) {
        Semaphore kept = new Semaphore(0);
        calling = () -> {
            kept.release();
            acquire(go);
        };
        coming.add((long) FULL);
        acquire(kept);
    }

    @Test
    void anotherReadsWhileTheUsersCodeTakesLong() throws InterruptedException {
        beginToRead(reader);
        Semaphore go = new Semaphore(0);
        readUntilKept(go);
        look();
        assertThat(reader.isReading()).as("it may have begun just now").isTrue();
        look();
        assertThat(reader.isReading()).isFalse();
        assertThat(relieved.tryAcquire()).isTrue();
        assertThat(checks).isEmpty();

        calling = () -> {};
        beginToRead(reader);
        assertThat(reader.isReading()).as("another thread's").isTrue();
        go.release();
        for (int i = 0; i < Bulk.PATIENCE; i++) {
            coming.add(0L);
        }
        acquire(over);
        look();
        assertThat(over.tryAcquire()).as("the relieved one ends nothing").isFalse();
        assertThat(relieved.tryAcquire()).isFalse();
        assertThat(checks).isEmpty();
    }

    @Test
    void codeThatComesBackInTimeRelievesNobody() throws InterruptedException {
        beginToRead(reader);
        Semaphore go = new Semaphore(0);
        for (int i = 0; i < 5; i++) {
            readUntilKept(go);
            look();
            assertThat(reader.isReading()).isTrue();
            go.release();
        }
        calling = () -> {};
        for (int i = 0; i < Bulk.PATIENCE; i++) {
            coming.add(0L);
        }
        acquire(over);
        assertThat(relieved.tryAcquire()).isFalse();
        look();
        assertThat(checks).as("nothing is looked at any more").isEmpty();
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
        for (int i = 0; i < Bulk.PATIENCE; i++) {
            coming.add(0L);
        }
        acquire(over);
        assertThat(left).isFalse();
    }
}
