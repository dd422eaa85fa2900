package dev.howdah;

import dev.howdah.largeobject.LargeObjectBody;
import dev.howdah.largeobject.LargeObjectInfo;
import dev.howdah.largeobject.LargeObjects;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The large objects of an asynchronous connection, or of a transaction of it: each call is one operation, what {@link
 * LargeObjects} says of it holds here, and where a stream or file fails the stage fails with an {@link UncheckedIOException}.
 * Streams are read and written on the connection's own thread, so they may wait. What is to be opened and worked with goes into
 * {@link #inTransaction}. Safe for several threads.
 */
public final class AsyncLargeObjects {

    private final AsyncLane lane;
    private final @Nullable Duration limit;

    AsyncLargeObjects(AsyncLane lane, @Nullable Duration limit) {
        this.lane = lane;
        this.limit = limit;
    }

    /** A verb that may fail at a stream or file. */
    @FunctionalInterface
    private interface Verb<R extends @Nullable Object> {
        R on(LargeObjects objects) throws IOException;
    }

    private <R extends @Nullable Object> CompletableFuture<R> call(Verb<R> verb) {
        return lane.<R>submit(limit, (db, left) -> {
            try {
                return verb.on(within(db, left));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /**
     * Runs blocking work with large objects in a transaction, as one operation on the connection's own thread; see {@link
     * LargeObjects#inTransaction}. It should close what it opens, or leave that to the end of the transaction.
     *
     * @return what the work returned; fails with what it threw
     */
    public <T extends @Nullable Object> CompletableFuture<T> inTransaction(LargeObjectBody<T, IOException> work) {
        Objects.requireNonNull(work, "work");
        return call(objects -> objects.inTransaction(work));
    }

    /** Makes an empty object; yields its OID. */
    public CompletableFuture<Long> create() {
        return call(LargeObjects::create);
    }

    /** Makes an empty object of an OID that is free; yields the same. */
    public CompletableFuture<Long> create(long oid) {
        return call(objects -> objects.create(oid));
    }

    /**
     * Makes an object of bytes; yields its OID.
     *
     * @param bytes not to be changed before the stage is done
     */
    public CompletableFuture<Long> store(byte[] bytes) {
        Objects.requireNonNull(bytes, "bytes");
        return call(objects -> objects.store(bytes));
    }

    /** Makes an object of all that a stream gives, which is not closed; yields its OID. */
    public CompletableFuture<Long> store(InputStream in) {
        Objects.requireNonNull(in, "in");
        return call(objects -> objects.store(in));
    }

    /** Reads an object. */
    public CompletableFuture<byte[]> read(long oid) {
        return call(objects -> objects.read(oid));
    }

    /** Copies an object to a stream, which is not closed; yields how many bytes it has. */
    public CompletableFuture<Long> read(long oid, OutputStream out) {
        Objects.requireNonNull(out, "out");
        return call(objects -> objects.read(oid, out));
    }

    /**
     * Puts bytes in the place of what an object has.
     *
     * @param bytes not to be changed before the stage is done
     * @return completes when that is done
     */
    public CompletableFuture<Void> write(long oid, byte[] bytes) {
        Objects.requireNonNull(bytes, "bytes");
        return done(objects -> objects.write(oid, bytes));
    }

    /** Puts all that a stream gives, which is not closed, in the place of what an object has; yields how many bytes. */
    public CompletableFuture<Long> write(long oid, InputStream in) {
        Objects.requireNonNull(in, "in");
        return call(objects -> objects.write(oid, in));
    }

    /** Makes an object of what is in a file; yields its OID. */
    public CompletableFuture<Long> importFile(Path file) {
        Objects.requireNonNull(file, "file");
        return call(objects -> objects.importFile(file));
    }

    /** Makes an object of what is in a file, under an OID that is free; yields the same. */
    public CompletableFuture<Long> importFile(Path file, long oid) {
        Objects.requireNonNull(file, "file");
        return call(objects -> objects.importFile(file, oid));
    }

    /** Writes an object to a file, which is made or replaced; yields how many bytes there were. */
    public CompletableFuture<Long> exportFile(long oid, Path file) {
        Objects.requireNonNull(file, "file");
        return call(objects -> objects.exportFile(oid, file));
    }

    /** Yields how many bytes an object has. */
    public CompletableFuture<Long> size(long oid) {
        return call(objects -> objects.size(oid));
    }

    /** Removes an object; completes when that is done. */
    public CompletableFuture<Void> unlink(long oid) {
        return done(objects -> objects.unlink(oid));
    }

    /** Yields whether there is an object of that OID. */
    public CompletableFuture<Boolean> exists(long oid) {
        return call(objects -> objects.exists(oid));
    }

    /** Yields all objects. */
    public CompletableFuture<List<LargeObjectInfo>> list() {
        return call(LargeObjects::list);
    }

    /** Yields the objects that no table refers to; see {@link LargeObjects#orphans()}. */
    public CompletableFuture<List<Long>> orphans() {
        return call(LargeObjects::orphans);
    }

    /** Removes the objects that no table refers to; yields how many. See {@link LargeObjects#unlinkOrphans()}. */
    public CompletableFuture<Long> unlinkOrphans() {
        return call(LargeObjects::unlinkOrphans);
    }

    private CompletableFuture<Void> done(DoneVerb verb) {
        return lane.submit(limit, (db, left) -> {
            verb.on(within(db, left));
            return null;
        });
    }

    private static LargeObjects within(PgConnection db, @Nullable Duration left) {
        return left == null ? db.largeObjects() : db.largeObjects().withTimeout(left);
    }

    /** A verb that yields nothing. */
    @FunctionalInterface
    private interface DoneVerb {
        void on(LargeObjects objects);
    }
}
