package dev.howdah.largeobject;

import dev.howdah.error.PgException;
import dev.howdah.message.TransactionStatus;
import dev.howdah.pump.CallLimits;
import dev.howdah.pump.ObjectHost;
import dev.howdah.session.Conversation;
import dev.howdah.session.ObjectDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A large object that is open, as a channel of bytes with a position; {@code PgConnection.largeObject} opens it:
 *
 * <pre>{@code
 * try (Transaction tx = db.begin();
 *         LargeObject object = db.createLargeObject()) {
 *     object.write(bytes);
 *     db.execute("insert into document (name, data) values ($1, $2)", "report.pdf", object.oid());
 *     tx.commit();
 * }
 * }</pre>
 *
 * <p><b>How long it lives.</b> As long as its transaction, or until a rollback to a savepoint from before it was opened.
 * {@link #isOpen()} is false then, and calls throw an {@link IllegalStateException} that says what ended it.
 *
 * <p><b>Reading ahead.</b> What is opened for {@link LargeObjectMode#READ} and read one after the other is asked for before it is
 * needed, up to a megabyte of it. <b>Writing behind.</b> A call that writes does not wait for the server; up to a megabyte is
 * under way, and less than 64 KiB is kept here until more comes. All of it is sent, and answered, before anything else is run on the
 * connection, so a COMMIT makes all or nothing last. When the server refuses something, the next call or {@link #close()} throws
 * why, and the transaction has failed; {@link #flush()} waits for the answers.
 *
 * <p><b>Errors.</b> Those of the server are {@link dev.howdah.error.ServerException}s, with their SQLSTATE. What can be known to be
 * wrong here is refused with an {@link IllegalArgumentException} or {@link IllegalStateException}, before it fails the transaction.
 *
 * <p>Used by one thread at a time.
 *
 * @see <a href="https://www.postgresql.org/docs/current/largeobjects.html">Large objects</a>
 */
public final class LargeObject implements SeekableByteChannel {

    /** The longest that a large object can be, in bytes: 4 TiB less 2 KiB. */
    public static final long MAX_SIZE = ObjectDescriptor.MAX_SIZE;

    private final ObjectHost host;
    private final CallLimits limits;
    private final LargeObjects all;
    private final long oid;
    private final LargeObjectMode mode;
    private final ObjectDescriptor descriptor;
    private volatile boolean closed;

    LargeObject(
            LargeObjects all,
            ObjectHost host,
            CallLimits limits,
            long oid,
            LargeObjectMode mode,
            ObjectDescriptor descriptor) {
        this.all = all;
        this.host = host;
        this.limits = limits;
        this.oid = oid;
        this.mode = mode;
        this.descriptor = descriptor;
    }

    /** Returns its number in the database: what to keep in a column of type {@code oid}. */
    public long oid() {
        return oid;
    }

    /** Returns what it was opened for. */
    public LargeObjectMode mode() {
        return mode;
    }

    /**
     * Returns whether it can be used. Where a rollback to a savepoint may have closed it, the server is asked, once; a
     * transaction that has failed cannot be asked, then it counts as open.
     */
    @Override
    public boolean isOpen() {
        if (closed || descriptor.whyGone() != null || !host.session().isOpen()) {
            return false;
        }
        if (descriptor.isInDoubt()) {
            host.inTurn(limits, this::resolveDoubt);
        }
        return descriptor.whyGone() == null;
    }

    // Reading

    /**
     * Reads bytes from where it stands: as many as there is room for, fewer only where the object ends.
     *
     * @return how many, or -1 if it stands at the end or behind it; 0 if there is no room
     */
    @Override
    public int read(ByteBuffer target) {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("the buffer is read-only");
        }
        ByteBuffer view = target.duplicate();
        int start = view.position();
        try {
            inTurn(() -> run(view.hasRemaining() ? descriptor.read(view) : null, "loread", ", " + descriptor.asked()));
        } finally {
            target.position(view.position());
        }
        int count = view.position() - start;
        return count == 0 && view.hasRemaining() ? -1 : count;
    }

    /**
     * Reads so many bytes from where it stands.
     *
     * @param count at least 0; memory is taken for what comes, not for what could
     * @return fewer where the object ends, none at its end and behind it
     */
    public byte[] read(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("cannot read " + count + " bytes");
        }
        return ObjectBytes.read(this, count);
    }

    /**
     * Reads all bytes that are left.
     *
     * @throws IllegalStateException if they are more than an array holds, 2 GiB; {@link #inputStream()} reads those
     */
    public byte[] read() {
        return ObjectBytes.readAll(this);
    }

    /**
     * Returns a stream of what comes from where it stands on. The stream moves the position and keeps nothing for itself;
     * closing it does not close the object. Single bytes are best read by a buffered stream around it, unless the object was
     * opened for {@link LargeObjectMode#READ}.
     */
    public InputStream inputStream() {
        return new ObjectInput(this);
    }

    /** Reads all that is left as UTF-8; see {@link #readText(int)}. */
    public String readText() {
        return readText(Integer.MAX_VALUE);
    }

    /**
     * Reads text in UTF-8 from where it stands. It stands behind the last character read then: none is cut.
     *
     * @param limit how many chars at most, at least 0; a pair of surrogates is not torn
     * @throws dev.howdah.error.ConversionException if there is something that is no UTF-8; it says where, and nothing has moved
     */
    public String readText(int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("cannot read " + limit + " chars");
        }
        return ObjectText.read(this, limit, StandardCharsets.UTF_8);
    }

    /**
     * Returns a reader of the text from where it stands on. It reads ahead for itself, so the position is somewhere behind
     * what it gave. Where the bytes are no text of that charset it throws a {@link java.nio.charset.MalformedInputException}.
     */
    public Reader reader(Charset charset) {
        return ObjectText.reader(this, charset);
    }

    // Writing

    /**
     * Writes bytes where it stands, over what is there. Behind the end, zeros fill the gap.
     *
     * @param source all of it is taken
     * @return how many bytes that were
     * @throws IllegalStateException if it was opened for reading
     * @throws IllegalArgumentException if it would become longer than {@link #MAX_SIZE}
     */
    @Override
    public int write(ByteBuffer source) {
        requireWritable();
        int count = source.remaining();
        if (descriptor.isUnconfirmed()) {
            host.hear();
        }
        ByteBuffer view = source.duplicate();
        inTurn(() -> {
            if (count > MAX_SIZE - descriptor.position()) {
                throw new IllegalArgumentException("a large object has at most " + MAX_SIZE + " bytes; " + count
                        + " more at " + descriptor.position() + " are too many");
            }
            run(descriptor.write(view), "lowrite", ", $1 /* " + count + " bytes */");
            if (host.session().transactionStatus() == TransactionStatus.FAILED) {
                run(descriptor.confirm(), "lowrite", ", $1");
            }
        });
        source.position(source.limit());
        return count;
    }

    /** Writes an array; see {@link #write(ByteBuffer)}. */
    public int write(byte[] bytes) {
        return write(ByteBuffer.wrap(bytes));
    }

    /** Writes text in UTF-8; returns how many bytes that were. */
    public int writeText(CharSequence text) {
        return write(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Returns a stream that writes from where it stands on and keeps nothing for itself. Its {@code flush} and {@code close} wait
     * for the server as {@link #flush()} does; closing it does not close the object.
     */
    public OutputStream outputStream() {
        requireWritable();
        return new ObjectOutput(this);
    }

    /** Returns a writer of text, likewise. What the charset has no bytes for is a {@link dev.howdah.error.ConversionException}. */
    public Writer writer(Charset charset) {
        requireWritable();
        return new ObjectWriter(this, charset);
    }

    /** Waits until the server has all that was written; throws why it has refused something. */
    public void flush() {
        inTurn(() -> run(descriptor.isUnconfirmed() ? descriptor.confirm() : null, "lowrite", ", $1"));
    }

    private void requireWritable() {
        if (!mode.writes()) {
            throw new IllegalStateException(
                    "the large object " + oid + " was opened for reading; open it for WRITE or READ_WRITE");
        }
    }

    // Moving

    /** Returns where it stands, in bytes from the beginning. */
    @Override
    public long position() {
        requireOpen();
        return descriptor.position();
    }

    /** Returns where it stands; the same as {@link #position()}. */
    public long tell() {
        return position();
    }

    /** Stands there from now on; see {@link #seek(long, Whence)}. */
    @Override
    public LargeObject position(long newPosition) {
        seek(newPosition, Whence.START);
        return this;
    }

    /** Stands at a place from the beginning; see {@link #seek(long, Whence)}. */
    public long seek(long offset) {
        return seek(offset, Whence.START);
    }

    /**
     * Stands somewhere else from now on. That may be behind the end: what is read there is nothing, and what is written there
     * has zeros before it. Only from the end does this ask the server.
     *
     * @param offset in bytes, negative for backwards
     * @return where it stands now, from the beginning
     * @throws IllegalArgumentException if that would be before the beginning or behind {@link #MAX_SIZE}; nothing has moved
     */
    public long seek(long offset, Whence whence) {
        requireOpen();
        long from = switch (whence) {
            case START -> 0;
            case CURRENT -> descriptor.position();
            case END -> size();
        };
        long most = MAX_SIZE - from;
        if (offset < -from || offset > most) {
            throw new IllegalArgumentException("cannot stand " + offset + " bytes from " + whence + " (" + from
                    + ") in a large object: from 0 to " + MAX_SIZE + " there are places");
        }
        inTurn(() -> descriptor.moveTo(from + offset));
        return from + offset;
    }

    // Size

    /** Returns how long it is, in bytes, by asking the server. */
    @Override
    public long size() {
        long[] size = new long[1];
        inTurn(() -> {
            run(descriptor.measure(), "lo_lseek64", ", 0, 2");
            size[0] = descriptor.answer();
        });
        return size[0];
    }

    /** Cuts it off at its beginning: it is empty then, and stands there. */
    public LargeObject truncate() {
        return truncate(0);
    }

    /**
     * Cuts it off, as channels do: it is never made longer, and stands at the new end if it stood behind that. {@link
     * #resize(long)} is what the server's {@code lo_truncate} does.
     *
     * @param size at least 0
     */
    @Override
    public LargeObject truncate(long size) {
        requireSize(size);
        requireWritable();
        if (size < size()) {
            resize(size);
        }
        if (position() > size) {
            position(size);
        }
        return this;
    }

    /**
     * Makes it so long: cut off, or longer by zeros that take no space. It stands where it stood.
     *
     * @param size from 0 to {@link #MAX_SIZE}
     */
    public void resize(long size) {
        requireSize(size);
        requireWritable();
        inTurn(() -> run(descriptor.resize(size), "lo_truncate64", ", " + size));
    }

    private static void requireSize(long size) {
        if (size < 0 || size > MAX_SIZE) {
            throw new IllegalArgumentException("a large object has 0 to " + MAX_SIZE + " bytes, not " + size);
        }
    }

    // Files, and the end

    /**
     * Writes all of it to a file of this machine, which is made or replaced. It stands where it stood. Where that is closed
     * or its transaction has ended, it is read by its OID, as {@link LargeObjects#exportFile(long, Path)} does.
     *
     * @return how many bytes there were
     * @throws IOException if the file cannot be written; the transaction goes on, and what was written stays
     */
    public long export(Path file) throws IOException {
        if (!isOpen()) {
            return all.exportFile(oid, file);
        }
        return ObjectBytes.export(this, file);
    }

    /** Closes it and removes the object from the database; see {@link LargeObjects#unlink(long)}. */
    public void unlink() {
        close();
        all.unlink(oid);
    }

    /**
     * Sends what was written, waits until the server has it, and closes it. Does nothing if it is closed, or has ended with its
     * transaction. Not cut short by an interrupt or a time limit.
     *
     * @throws PgException why something that was written earlier has been refused, if no call has thrown that yet
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        host.inTurn(CallLimits.CLEANUP, this::closeInTurn);
    }

    private void closeInTurn() {
        closed = true;
        PgException failure = descriptor.takeFailure();
        if (failure == null) {
            resolveDoubt();
        }
        if (failure != null
                || descriptor.whyGone() != null
                || !host.session().isOpen()
                || host.session().transactionStatus() != TransactionStatus.IN_TRANSACTION) {
            descriptor.forget();
        } else {
            guarded(() -> host.run(descriptor.close(), sql("lo_close", ""), CallLimits.CLEANUP));
        }
        if (failure != null) {
            throw failure;
        }
    }

    // How calls are run

    private void inTurn(Runnable action) {
        requireOpen();
        host.inTurn(limits, () -> {
            throwFailure();
            resolveDoubt();
            requireOpen();
            guarded(action);
        });
    }

    /** What fails a call is told by it; what failed earlier is told by the first call that finds it. */
    private void guarded(Runnable action) {
        try {
            action.run();
        } catch (PgException e) {
            descriptor.tell(e);
            throw e;
        } finally {
            descriptor.left();
        }
        throwFailure();
    }

    private void throwFailure() {
        PgException failure = descriptor.takeFailure();
        if (failure != null) {
            throw failure;
        }
    }

    private void resolveDoubt() {
        if (descriptor.isInDoubt() && host.session().isOpen()) {
            host.run(descriptor.probe(), sql("lo_tell64", ""), limits);
        }
    }

    private void run(@Nullable Conversation<?> conversation, String function, String arguments) {
        if (conversation != null) {
            host.run(conversation, sql(function, arguments), limits);
        }
    }

    private String sql(String function, String arguments) {
        return "select pg_catalog." + function + "(" + descriptor.fd() + arguments + ")";
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the large object " + oid + " has been closed");
        }
        String why = descriptor.whyGone();
        if (why != null && !descriptor.hasFailed()) {
            throw new IllegalStateException(
                    "the large object " + oid + " is not open any more: " + why + "; open it again in a transaction");
        }
    }

    /** Returns which object this is and where it stands. */
    @Override
    public String toString() {
        return "LargeObject[" + oid + ", " + mode + ", at " + descriptor.position() + "]";
    }
}
