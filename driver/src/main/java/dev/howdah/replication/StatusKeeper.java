package dev.howdah.replication;

import dev.howdah.pump.ReplicationHost;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that the server is told in time how far the consumer has got, and is answered, while the consumer does something else.
 * As long as he reads he does that himself; when he has been away for a moment, the connection is watched for him.
 */
final class StatusKeeper {

    private static final long AWAY = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long RETRY = TimeUnit.MILLISECONDS.toNanos(100);

    private final ReplicationHost host;
    private final MessageQueue queue;
    private final AtomicBoolean watched = new AtomicBoolean();
    private volatile boolean reading;
    private volatile long left = System.nanoTime();
    private volatile boolean ended;
    private volatile @Nullable Thread thread;

    StatusKeeper(ReplicationHost host, MessageQueue queue) {
        this.host = host;
        this.queue = queue;
    }

    void start() {
        thread = Thread.ofVirtual().name("howdah-replication-status").start(this::run);
    }

    /** Notes that the consumer waits for the server now. */
    void reads() {
        reading = true;
        unwatch();
    }

    /** Notes that he does not any more. */
    void leaves() {
        left = System.nanoTime();
        reading = false;
    }

    /** Has it look at once: there may be something to tell. */
    void wake() {
        LockSupport.unpark(thread);
    }

    void end() {
        ended = true;
        unwatch();
        wake();
    }

    private void run() {
        while (!ended && host.session().isOpen()) {
            long wait = queue.untilDue();
            if (wait == 0) {
                host.nudge();
                wait = queue.untilDue() == 0 ? RETRY : 0;
            } else if (reading) {
                wait = Math.min(wait, LOOK);
            } else if (!watched.get()) {
                long until = left + AWAY - System.nanoTime();
                if (until <= 0) {
                    watch();
                    until = 0;
                }
                wait = Math.min(wait, until);
            }
            if (wait > 0) {
                LockSupport.parkNanos(this, wait);
            }
        }
    }

    private void watch() {
        watched.set(true);
        host.watch(true);
        if (ended || reading) {
            unwatch();
        }
    }

    private void unwatch() {
        if (watched.get() && watched.compareAndSet(true, false)) {
            host.watch(false);
        }
    }
}
