package dev.howdah.testkit;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The servers of this JVM that have not been closed. They end with it: those that are just starting, too. Safe for several threads.
 */
final class OpenServers {

    /** How long a thread waits for the end of the JVM; a program's own shutdown hook may be waiting for that thread. */
    private static final int PATIENCE_SECONDS = 10;

    private static final Set<PostgresServer> OPEN = ConcurrentHashMap.newKeySet();
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static volatile boolean ending;

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(OpenServers::closeAll, "testkit servers"));
    }

    private OpenServers() {}

    /** What makes a server and its folder. */
    interface Making {
        PostgresServer make() throws IOException;
    }

    /**
     * Makes a server that ends with the JVM.
     *
     * @throws IllegalStateException if the JVM is ending; nothing is made then
     */
    static PostgresServer add(Making making) throws IOException {
        LOCK.lock();
        try {
            requireNotEnding();
            PostgresServer server = making.make();
            OPEN.add(server);
            return server;
        } finally {
            LOCK.unlock();
        }
    }

    static boolean contains(PostgresServer server) {
        return OPEN.contains(server);
    }

    static void remove(PostgresServer server) {
        OPEN.remove(server);
    }

    /**
     * Asks whether anything is to be started still.
     *
     * @throws IllegalStateException if the JVM is ending
     */
    static void requireNotEnding() {
        if (ending) {
            throw new IllegalStateException("the JVM is ending");
        }
    }

    /**
     * Waits for the end of the JVM, if it is ending: that a server did not start is then no failure to tell anybody of. An interrupt ends
     * the wait and is kept.
     */
    static void awaitEnd() {
        if (!ending) {
            return;
        }
        try {
            if (new CountDownLatch(1).await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody counts down");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeAll() {
        LOCK.lock();
        try {
            ending = true;
        } finally {
            LOCK.unlock();
        }
        RuntimeException failures = new IllegalStateException("servers could not be ended");
        for (PostgresServer server : OPEN) {
            try {
                server.discard();
            } catch (RuntimeException e) {
                failures.addSuppressed(e);
            }
        }
        if (failures.getSuppressed().length > 0) {
            throw failures;
        }
    }
}
