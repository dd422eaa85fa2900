package dev.howdah.replication;

import dev.howdah.error.ReplicationException;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where transactions wait that the server sends while they run: in memory as long as all of them fit, then the largest goes to
 * disk. Used by one thread; closed by any.
 */
final class Spool implements Closeable {

    private static final Logger LOG = System.getLogger(Spool.class.getName());

    private final long memory;
    private final long disk;
    private final @Nullable Path folder;
    private final Map<Integer, SpooledTransaction> transactions = new ConcurrentHashMap<>();
    private final AtomicLong onDisk = new AtomicLong();
    private volatile boolean closed;

    /**
     * Makes an empty one.
     *
     * @param memory about how much it may take, in bytes
     * @param disk how much it may take of that, in bytes
     * @param folder null for the one for temporary files
     */
    Spool(long memory, long disk, @Nullable Path folder) {
        this.memory = memory;
        this.disk = disk;
        this.folder = folder;
    }

    /** Returns what a transaction's changes are kept in, from its first block to its end. */
    SpooledTransaction of(int xid) {
        return transactions.computeIfAbsent(xid, id -> new SpooledTransaction(id, this));
    }

    /** Returns what is kept of a transaction, null if there is nothing. */
    @Nullable
    SpooledTransaction find(int xid) {
        return transactions.get(xid);
    }

    /** Drops what was kept of a transaction. */
    void drop(int xid) {
        SpooledTransaction dropped = transactions.remove(xid);
        if (dropped != null) {
            onDisk.addAndGet(-dropped.onDisk());
            close(dropped);
        }
    }

    private static void close(SpooledTransaction transaction) {
        try {
            transaction.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a file of transactions that waited could not be removed", e);
        }
    }

    /** Makes room for a transaction that grows. */
    void grows(SpooledTransaction transaction, int bytes) {
        long held = bytes;
        for (SpooledTransaction each : transactions.values()) {
            held += each.inMemory();
        }
        if (held <= memory) {
            return;
        }
        SpooledTransaction largest = transactions.values().stream()
                .max(Comparator.comparingLong(SpooledTransaction::inMemory))
                .orElse(transaction);
        long moved = largest.inMemory();
        if (onDisk.get() + moved > disk) {
            throw new ReplicationException(
                    ReplicationException.Reason.SPOOL_FULL,
                    "transactions that still run take more than the " + disk
                            + " bytes of disk that were allowed: allow more, or have them wait at the server"
                            + " (streaming off)",
                    null);
        }
        try {
            onDisk.addAndGet(largest.spill());
        } catch (IOException e) {
            throw failed("could not be written", e);
        }
    }

    /** Returns how many transactions wait. */
    int size() {
        return transactions.size();
    }

    /** Returns how many bytes of them are on disk. */
    long onDisk() {
        return onDisk.get();
    }

    SpoolFile newFile() throws IOException {
        if (closed) {
            throw new IOException("the stream is closed");
        }
        return SpoolFile.create(folder);
    }

    static ReplicationException failed(String what, IOException cause) {
        return new ReplicationException(
                ReplicationException.Reason.SPOOL_FAILED,
                "transactions that wait for their end " + what + ": " + cause,
                cause);
    }

    /** Drops all, and removes the files. */
    @Override
    public void close() {
        closed = true;
        for (SpooledTransaction each : transactions.values()) {
            close(each);
        }
        transactions.clear();
        onDisk.set(0);
    }
}
