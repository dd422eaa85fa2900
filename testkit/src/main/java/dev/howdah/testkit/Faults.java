package dev.howdah.testkit;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What goes wrong in one direction of a {@link FaultyWire}. Positions count the bytes that passed in this direction on one connection:
 * a fault at N happens as soon as N bytes went through, and is the same for every connection. What is said here holds from the next byte
 * on; a direction that waits for its first byte notices a new fault at 0 only when that came. Safe for several threads; each method
 * returns this.
 */
public final class Faults {

    private static final long NEVER = Long.MAX_VALUE;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int chunk = Integer.MAX_VALUE;
    private long delayNanos;
    private long stallAt = NEVER;
    private long resetAt = NEVER;
    private long closeAt = NEVER;
    private long passed;
    private int stalled;

    Faults() {}

    /** What a connection has to do next. */
    enum Step {
        PASS,
        RESET,
        CLOSE
    }

    /** Every write has at most this many bytes. (The receiver may still read several writes at once: add a {@link #delay}.) */
    public Faults chunk(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("a chunk of " + bytes + " bytes");
        }
        return set(() -> chunk = bytes);
    }

    /** Waits before each write. */
    public Faults delay(Duration pause) {
        return set(() -> delayNanos = pause.toNanos());
    }

    /** After N bytes nothing more is read or written until {@link #resume()}: the sender's writes then fill up and block too. */
    public Faults stallAt(long n) {
        return set(() -> stallAt = n);
    }

    /** Ends the stall, for good. */
    public Faults resume() {
        return set(() -> stallAt = NEVER);
    }

    /** After N bytes both sides' connections are reset (TCP RST; on a Unix socket they are just closed). */
    public Faults resetAt(long n) {
        return set(() -> resetAt = n);
    }

    /** After N bytes both sides' connections are closed in order (TCP FIN). */
    public Faults closeAt(long n) {
        return set(() -> closeAt = n);
    }

    /** No faults any more. {@link #passed()} stays. */
    public Faults clear() {
        return set(() -> {
            chunk = Integer.MAX_VALUE;
            delayNanos = 0;
            stallAt = NEVER;
            resetAt = NEVER;
            closeAt = NEVER;
        });
    }

    /** How many bytes went through in this direction, on all connections together: at least those that have been received. */
    public long passed() {
        lock.lock();
        try {
            return passed;
        } finally {
            lock.unlock();
        }
    }

    /** How many bytes have gone through once no more do, for who does not know what has been received. */
    public long settled() {
        long[] last = {-1};
        Await.until("no more bytes go through", Duration.ofSeconds(10), () -> {
            long now = passed();
            boolean same = now == last[0];
            last[0] = now;
            return same;
        });
        return last[0];
    }

    /** How many connections stand at {@link #stallAt} now. */
    public int stalled() {
        lock.lock();
        try {
            return stalled;
        } finally {
            lock.unlock();
        }
    }

    /** Waits through a stall, and says what to do at this position. */
    Step next(long at, FaultyWire.Connection connection) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (at >= stallAt && at < resetAt && at < closeAt && connection.isOpen()) {
                stalled++;
                try {
                    changed.await();
                } finally {
                    stalled--;
                }
            }
            return at >= resetAt ? Step.RESET : at >= closeAt ? Step.CLOSE : Step.PASS;
        } finally {
            lock.unlock();
        }
    }

    /** How many bytes may be read at this position; at least one. */
    int limit(long at, int capacity) {
        lock.lock();
        try {
            long toFault = Math.min(stallAt, Math.min(resetAt, closeAt)) - at;
            return (int) Math.max(1, Math.min(Math.min(capacity, chunk), toFault));
        } finally {
            lock.unlock();
        }
    }

    void pause(FaultyWire.Connection connection) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = delayNanos;
            while (left > 0 && connection.isOpen()) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    void passed(int bytes) {
        set(() -> passed += bytes);
    }

    /** Has everybody who waits look again. */
    void wake() {
        set(() -> {});
    }

    private Faults set(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return this;
    }
}
