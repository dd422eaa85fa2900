package dev.howdah.backup;

import dev.howdah.ConnectOptions;
import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import dev.howdah.error.PgException;
import dev.howdah.pump.Retries;
import dev.howdah.replication.PhysicalReplicationConnection;
import dev.howdah.type.Lsn;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Receives the write-ahead log of a server into a folder for as long as it runs, as {@code pg_receivewal} does: together with a base
 * backup, and as {@code restore_command} by {@link WalFolder#restore}, a server can be recovered from it to the last byte that came. When
 * the connection is lost, the server restarted or a standby promoted, it connects again and goes on where the folder ends.
 *
 * <p>A segment gets its name when it is whole and outlives a power cut; until then it is called {@code .partial}. The server is never told
 * that something is on the disk before it is. What stops the receiver, whenever that is, leaves a folder in which it can go on.
 *
 * <p>It ends by itself, with a {@link BackupException} or the server's own error as {@link #failure()}, where trying again is of no use: the
 * server has removed log that is needed, is another one, or has never been on the folder's timeline; a file cannot be written.
 *
 * <p>It has a thread of its own. Its methods are for any thread.
 *
 * @see <a href="https://www.postgresql.org/docs/current/app-pgreceivewal.html">pg_receivewal</a>
 */
public final class WalReceiver implements AutoCloseable {

    /** The file that keeps a folder for one receiver. */
    static final String LOCK = "receiver.lock";

    private static final Logger LOG = System.getLogger(WalReceiver.class.getName());

    private final ConnectOptions options;
    private final WalReceiverOptions settings;
    private final WalFolder folder;
    private final FolderLock lock;
    private final SegmentCompressor compressor;
    private final FolderStore store;
    private final WalReceiverCounters counters = new WalReceiverCounters();
    private final Retries retries;
    private final Thread thread;
    private volatile @Nullable WalReception reception;
    private volatile @Nullable Throwable failure;

    private WalReceiver(ConnectOptions options, WalReceiverOptions settings, FolderLock lock) {
        this.options = options;
        this.settings = settings;
        this.lock = lock;
        this.folder = settings.open();
        folder.removeLeftovers();
        this.compressor = new SegmentCompressor(settings.compression, this::stopReceiving);
        this.store = FolderStore.archive(settings.folder, compressor::compress);
        this.retries = new Retries(settings.firstPause, settings.longestPause, settings.giveUpAfter);
        this.thread = Thread.ofVirtual().name("howdah-wal-receiver").unstarted(this::run);
    }

    /**
     * Begins to receive, and returns at once.
     *
     * @param options how to connect, with a role that has the attribute REPLICATION; of several hosts it receives from the first that {@code
     *     target_session_attrs} allows
     * @throws BackupException if another receiver has the folder ({@link Reason#FOLDER_IN_USE}), or it cannot be made or written ({@link
     *     Reason#FILE_FAILED})
     * @throws IllegalArgumentException if a slot is to be made that has no name
     */
    public static WalReceiver start(ConnectOptions options, WalReceiverOptions settings) {
        if (settings.createSlot && settings.slot == null) {
            throw new IllegalArgumentException("the slot that is to be made has no name: say slot");
        }
        try {
            DurableFiles.createFolder(settings.folder);
        } catch (IOException e) {
            throw DurableFiles.failed("cannot make the folder", settings.folder, e);
        }
        FolderLock lock = FolderLock.take(settings.folder, LOCK);
        try {
            WalReceiver started = new WalReceiver(options, settings, lock);
            started.thread.start();
            return started;
        } catch (RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    /** Begins to receive; see {@link #start(ConnectOptions, WalReceiverOptions)}. */
    public static WalReceiver start(String conninfo, WalReceiverOptions settings) {
        return start(ConnectOptions.parse(conninfo), settings);
    }

    private void run() {
        try {
            if (!settings.compression.isNone()) {
                folder.leftUncompressed(SegmentCompressor.UNFINISHED).forEach(compressor::compress);
            }
            receiveOn();
        } catch (RuntimeException | Error e) {
            fail(e);
        }
        try {
            compressor.close();
        } catch (RuntimeException e) {
            fail(e);
        }
        try {
            lock.close();
        } catch (RuntimeException e) {
            fail(e);
        }
        retries.close();
    }

    private void fail(Throwable why) {
        LOG.log(Level.DEBUG, "a receiver has ended", why);
        if (failure == null) {
            failure = why;
        }
    }

    private void receiveOn() {
        while (retries.isOpen()) {
            long begun = System.nanoTime();
            try {
                receive();
                return;
            } catch (PgException e) {
                if (!retries.isOpen()) {
                    LOG.log(Level.DEBUG, "a receiver that was closed has lost its connection", e);
                    return;
                }
                Duration pause = settings.reconnects ? retries.next(e, begun, counters.streamed(begun)) : null;
                if (pause == null) {
                    throw e;
                }
                tell(new WalReceiverEvent.Interrupted(e, pause));
                retries.pause(pause);
            }
        }
    }

    /** Receives over one connection, until there is enough. */
    private void receive() {
        try (PhysicalReplicationConnection connection = PhysicalReplicationConnection.connect(options)) {
            WalSegment first = new WalBeginning(options, settings, folder, connection.cursor()).find();
            WalReception next = new WalReception(
                    connection.cursor(),
                    first.size(),
                    store,
                    new WalReception.Settings(
                            settings.slot, settings.statusInterval, settings.synchronous, settings.standbyFeedback),
                    this::tell);
            Lsn end = settings.endLsn;
            if (end != null) {
                next.endAt(end);
            }
            reception = next;
            if (!retries.isOpen()) {
                next.stop();
            }
            counters.begun(next);
            next.run(first.timeline(), first.start());
        } finally {
            counters.ended();
        }
    }

    private void tell(WalReceiverEvent event) {
        counters.note(event);
        try {
            settings.listener.accept(event);
        } catch (RuntimeException | Error e) {
            throw new BackupException(Reason.CONSUMER_FAILED, "the receiver's listener has thrown: " + e, e);
        }
    }

    private void stopReceiving() {
        retries.close();
        WalReception current = reception;
        if (current != null) {
            current.stop();
        }
    }

    /** Returns how it stands. */
    public WalReceiverStatus status() {
        return counters.status(compressor.unfinished());
    }

    /** Returns whether it receives, or tries to, or still compresses. */
    public boolean isRunning() {
        return thread.isAlive();
    }

    /**
     * Returns why it has ended by itself: a {@link BackupException}, or why it gave up.
     *
     * @return null if it has not, has reached its end, or was closed
     */
    public @Nullable Throwable failure() {
        return failure;
    }

    /**
     * Waits until it has ended.
     *
     * @return whether it has within the time
     * @throws InterruptedException if the thread was interrupted
     */
    public boolean await(Duration timeout) throws InterruptedException {
        return thread.join(timeout);
    }

    /**
     * Ends it: what has come is brought to the disk, the server is told so, and what waits to be compressed is. Waits for that as long as it
     * takes, unless the listener itself calls this; whoever is interrupted waits no longer.
     */
    @Override
    public void close() {
        stopReceiving();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "nobody waits for the end of a receiver any more", e);
            Thread.currentThread().interrupt();
        }
    }

    /** {@return the folder and how it stands} */
    @Override
    public String toString() {
        return "WalReceiver[" + settings.folder + ", " + (isRunning() ? "running" : "ended") + ", " + status() + "]";
    }
}
