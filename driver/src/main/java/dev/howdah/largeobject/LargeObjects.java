package dev.howdah.largeobject;

import dev.howdah.message.TransactionStatus;
import dev.howdah.pump.CallLimits;
import dev.howdah.pump.ObjectHost;
import dev.howdah.pump.ObjectHost.Unit;
import dev.howdah.session.ObjectDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The large objects of a database, as one connection sees them. A large object is known by its OID, a number of 32 bits; it is
 * in no table, and whoever wants to find it again keeps the OID in one.
 *
 * <p><b>Transactions.</b> What is {@linkplain #open opened} is open as long as its transaction. What takes an OID and does
 * everything in one call makes a transaction of its own where there is none, or a savepoint within one, so it is done
 * altogether or not at all. With autocommit off it belongs to the transaction that {@code commit()} ends.
 *
 * <p><b>Privileges.</b> Who makes an object owns it, and may give others the right to read and write it. A call without
 * the right fails with 42501, an {@link dev.howdah.error.InsufficientPrivilegeException}; one of an object that is not there
 * with 42704, an {@link dev.howdah.error.UndefinedObjectException}.
 *
 * <p>Safe for several threads; an OID that is none is an {@link IllegalArgumentException} in all calls.
 *
 * @see <a href="https://www.postgresql.org/docs/current/largeobjects.html">Large objects</a>
 */
public final class LargeObjects {

    private final ObjectHost host;
    private final CallLimits limits;
    private final ObjectCatalog catalog;

    /**
     * Made by the connection.
     *
     * @param host the connection
     * @param limits of each trip to the server
     */
    public LargeObjects(ObjectHost host, CallLimits limits) {
        this.host = host;
        this.limits = limits;
        this.catalog = new ObjectCatalog(host, limits);
    }

    /**
     * Returns the same with a time limit for each trip to the server: it holds for what is opened, too, but not for an import
     * or export as a whole, which makes many trips. After that the trip is cancelled and a {@link
     * dev.howdah.error.QueryTimeoutException} is thrown.
     *
     * @param timeout more than zero
     */
    public LargeObjects withTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a timeout is more than zero, not " + timeout);
        }
        return new LargeObjects(host, new CallLimits(timeout, limits.interrupts(), limits.lease()));
    }

    /**
     * Runs work in a transaction, as {@code PgConnection.inTransaction} does: committed when it returns, rolled back when it
     * throws, run again when the server asks for that with 40001 or 40P01. What it opened is closed then.
     *
     * @return what the work returned
     * @throws X what the work threw
     */
    public <T extends @Nullable Object, X extends Exception> T inTransaction(LargeObjectBody<T, X> body) throws X {
        return host.inTransaction(() -> body.run(this), limits);
    }

    // What is open as long as its transaction

    /**
     * Opens an object, at its beginning.
     *
     * @throws IllegalStateException if no transaction is open
     */
    public LargeObject open(long oid, LargeObjectMode mode) {
        Oids.checked(oid);
        LargeObject[] opened = new LargeObject[1];
        host.inTurn(limits, () -> opened[0] = openInTurn(oid, mode));
        return opened[0];
    }

    private LargeObject openInTurn(long oid, LargeObjectMode mode) {
        requireTransaction();
        long fd = catalog.number("lo_open($1::pg_catalog.oid, $2)", oid, mode.flags());
        ObjectDescriptor descriptor = host.objects().opened((int) fd, !mode.writes());
        return new LargeObject(this, host, limits, oid, mode, descriptor);
    }

    private void requireTransaction() {
        if (host.autocommit()
                && host.session().isOpen()
                && host.session().transactionStatus() == TransactionStatus.IDLE) {
            throw new IllegalStateException(
                    "a large object is open as long as its transaction, and none is open: begin one"
                            + " with begin() or inTransaction(...), or use a call of largeObjects() that does everything at once,"
                            + " such as read(oid), write(oid, stream), importFile(path) or exportFile(oid, path)");
        }
    }

    /**
     * Makes an empty object of an OID that the server chooses, and opens it for {@link LargeObjectMode#WRITE}.
     *
     * @throws IllegalStateException if no transaction is open
     */
    public LargeObject openNew() {
        return openMade(0);
    }

    /**
     * Makes an empty object, and opens it for {@link LargeObjectMode#WRITE}.
     *
     * @param oid one that is free
     * @throws IllegalStateException if no transaction is open
     * @throws dev.howdah.error.UniqueViolationException if the OID is taken
     */
    public LargeObject openNew(long oid) {
        return openMade(Oids.checked(oid));
    }

    private LargeObject openMade(long wanted) {
        LargeObject[] opened = new LargeObject[1];
        host.inTurn(limits, () -> {
            requireTransaction();
            opened[0] = openInTurn(made(wanted), LargeObjectMode.WRITE);
        });
        return opened[0];
    }

    private long made(long wanted) {
        return wanted == 0 ? catalog.create() : catalog.create(wanted);
    }

    /**
     * Makes an object of what is in a file of this machine, and opens it for {@link LargeObjectMode#WRITE}, which lets it be
     * read, too; it stands at its beginning.
     *
     * @throws IOException if the file cannot be read; the transaction goes on, without the object
     * @throws IllegalStateException if no transaction is open
     */
    public LargeObject openImported(Path file) throws IOException {
        return openImported(file, this::openNew);
    }

    /** Makes an object of what is in a file, likewise, under an OID that is free. */
    public LargeObject openImported(Path file, long oid) throws IOException {
        Oids.checked(oid);
        return openImported(file, () -> openNew(oid));
    }

    private static LargeObject openImported(Path file, java.util.function.Supplier<LargeObject> maker)
            throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            LargeObject made = maker.get();
            try {
                ObjectBytes.copyFrom(made, in);
            } catch (IOException | UncheckedIOException e) {
                made.unlink();
                throw e;
            }
            made.position(0);
            return made;
        }
    }

    // What is done in one call

    /** Makes an empty object; returns its OID. */
    public long create() {
        return catalog.create();
    }

    /**
     * Makes an empty object.
     *
     * @param oid one that is free
     * @return the same
     * @throws dev.howdah.error.UniqueViolationException if the OID is taken
     */
    public long create(long oid) {
        return catalog.create(Oids.checked(oid));
    }

    /** Makes an object of bytes; returns its OID. */
    public long store(byte[] bytes) {
        try {
            return store(new ByteArrayInputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Makes an object of all that a stream gives; returns its OID.
     *
     * @param in is not closed
     * @throws IOException if the stream cannot be read; there is no object then
     */
    public long store(InputStream in) throws IOException {
        try (Unit unit = host.begin(limits)) {
            long oid = filled(0, in);
            unit.commit();
            return oid;
        }
    }

    private long filled(long wanted, InputStream in) throws IOException {
        try (LargeObject made = openMade(wanted)) {
            ObjectBytes.copyFrom(made, in);
            return made.oid();
        }
    }

    /** Reads an object; see {@link LargeObject#read()}. */
    public byte[] read(long oid) {
        return reading(oid, LargeObject::read);
    }

    /**
     * What is done with an object that is open.
     *
     * @param <T> what it returns
     * @param <X> what it throws
     */
    private interface Use<T, X extends Exception> {
        T of(LargeObject object) throws X;
    }

    private <T, X extends Exception> T reading(long oid, Use<T, X> use) throws X {
        return using(oid, LargeObjectMode.READ, use);
    }

    private <T, X extends Exception> T using(long oid, LargeObjectMode mode, Use<T, X> use) throws X {
        try (Unit unit = host.begin(limits)) {
            T result;
            try (LargeObject object = open(oid, mode)) {
                result = use.of(object);
            }
            unit.commit();
            return result;
        }
    }

    /**
     * Copies an object to a stream, which is not closed.
     *
     * @return how many bytes it has
     * @throws IOException if the stream does not take them
     */
    public long read(long oid, OutputStream out) throws IOException {
        return read(oid, 0, out);
    }

    /**
     * Copies what an object has behind some bytes, for who has those already.
     *
     * @param from how many bytes to leave out, from 0 to {@link LargeObject#MAX_SIZE}
     * @return how many bytes were copied
     */
    public long read(long oid, long from, OutputStream out) throws IOException {
        return reading(oid, object -> {
            object.position(from);
            return ObjectBytes.copyTo(object, out);
        });
    }

    /** Puts bytes in the place of what an object has. */
    public void write(long oid, byte[] bytes) {
        try {
            write(oid, new ByteArrayInputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Puts all that a stream gives in the place of what an object has.
     *
     * @param in is not closed
     * @return how many bytes those were
     * @throws IOException if the stream cannot be read; the object is as before then
     */
    public long write(long oid, InputStream in) throws IOException {
        return using(oid, LargeObjectMode.WRITE, object -> {
            long total = ObjectBytes.copyFrom(object, in);
            object.resize(total);
            return total;
        });
    }

    /**
     * Makes an object of what is in a file of this machine; returns its OID.
     *
     * @throws IOException if the file cannot be read; there is no object then
     */
    public long importFile(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return store(in);
        }
    }

    /**
     * Makes an object of what is in a file, likewise.
     *
     * @param oid one that is free
     * @return the same
     * @throws dev.howdah.error.UniqueViolationException if the OID is taken
     */
    public long importFile(Path file, long oid) throws IOException {
        Oids.checked(oid);
        try (InputStream in = Files.newInputStream(file);
                Unit unit = host.begin(limits)) {
            filled(oid, in);
            unit.commit();
            return oid;
        }
    }

    /**
     * Writes an object to a file of this machine, which is made or replaced once the object is there to be read.
     *
     * @return how many bytes there were
     * @throws IOException if the file cannot be written
     */
    public long exportFile(long oid, Path file) throws IOException {
        return reading(oid, object -> ObjectBytes.export(object, file));
    }

    /** Returns how many bytes an object has. */
    public long size(long oid) {
        return reading(oid, LargeObject::size);
    }

    /** Removes an object from the database. What is open of it elsewhere can still be read there, if it was opened to read. */
    public void unlink(long oid) {
        catalog.number("lo_unlink($1::pg_catalog.oid)", Oids.checked(oid));
    }

    // What the catalog knows

    /** Returns whether there is an object of that OID. */
    public boolean exists(long oid) {
        return catalog.info(Oids.checked(oid)) != null;
    }

    /** Returns what the catalog says of an object, or null if there is none of that OID. */
    public @Nullable LargeObjectInfo info(long oid) {
        return catalog.info(Oids.checked(oid));
    }

    /** Returns all objects, by their OIDs. Everybody may see them; reading what is in them is another matter. */
    public List<LargeObjectInfo> list() {
        return catalog.list();
    }

    /**
     * Says something of an object; for its owner only.
     *
     * @param text null for nothing
     */
    public void comment(long oid, @Nullable String text) {
        catalog.comment(Oids.checked(oid), text);
    }

    /**
     * Gives a role a right; for the owner only.
     *
     * @param role its name as it is, not quoted; {@code public} is everybody
     */
    public void grant(long oid, LargeObjectPrivilege privilege, String role) {
        catalog.grant(Oids.checked(oid), privilege, role);
    }

    /** Takes a right from a role; see {@link #grant}. */
    public void revoke(long oid, LargeObjectPrivilege privilege, String role) {
        catalog.revoke(Oids.checked(oid), privilege, role);
    }

    /** Gives an object to another role, whose name is not quoted; for who is owner and member of that role. */
    public void owner(long oid, String role) {
        catalog.owner(Oids.checked(oid), role);
    }

    // Orphans

    /**
     * Returns the objects that no table of this database refers to, as far as a column can be known to: one of type {@code
     * oid}, {@code lo} or a domain over them, or an array of that, in a table or materialized view. Removes nothing.
     *
     * <p>This needs the right to read all those tables. Who keeps OIDs as other numbers or as text, inside of composite values or
     * in another database must not believe it. An object that somebody has committed and will refer to in a later transaction is
     * an orphan meanwhile.
     *
     * @see <a href="https://www.postgresql.org/docs/current/vacuumlo.html">vacuumlo</a>
     */
    public List<Long> orphans() {
        return catalog.orphans();
    }

    /**
     * Removes the objects that {@link #orphans()} returns; look at that first. They are looked for anew, and removed a thousand
     * in a transaction, so what one that fails had to do can be done again.
     *
     * @return how many were removed
     */
    public long unlinkOrphans() {
        long total = 0;
        while (true) {
            long removed;
            try (Unit unit = host.begin(limits)) {
                removed = catalog.unlinkOrphans();
                unit.commit();
            }
            total += removed;
            if (removed < ObjectCatalog.ORPHANS_AT_ONCE) {
                return total;
            }
        }
    }
}
