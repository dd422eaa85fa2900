package dev.howdah.replication;

import dev.howdah.error.ProtocolException;
import dev.howdah.type.Lsn;
import dev.howdah.type.TypeRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads what the output plugin {@code test_decoding} writes, PostgreSQL 14 to 18: text in, the objects that a {@link
 * PgOutputDecoder} makes out. It neither reads from anywhere nor waits, and is not safe for several threads; what it passes
 * on is.
 *
 * <p>The plugin tells less than {@code pgoutput}:
 *
 * <ul>
 *   <li>A transaction has an ID with the option {@code include-xids} (on by default), a time with {@code include-timestamp},
 *       and only at its end; else these are 0 and {@link Instant#EPOCH}. Where a commit is logged is never told: {@link
 *       Lsn#ZERO}. The end of a transaction is where its last message stands.
 *   <li>A prepared transaction begins as any other, with {@link PgOutputMessage.Begin}.
 *   <li>With {@code skip-empty-xacts} servers before 17 leave out the begin and the end of transactions that have messages
 *       only.
 *   <li>Tables have no OID. Their columns are those of the rows; a {@link PgOutputMessage.RelationMessage} comes whenever
 *       rows show something new. Which columns are the key, old rows show. Types are known by name, so that those of users
 *       are read as String.
 *   <li>Stored generated columns are among the columns, on every version.
 *   <li>NULLs of old rows are not printed, and are {@link ColumnState#ABSENT}. So is everything of a row that was not logged
 *       ({@code no-tuple-data}), as the old rows of tables without replica identity.
 *   <li>With the option {@code stream-changes} the plugin tells that a transaction still runs, and not what it changes. Blocks
 *       and their ends are passed on; what would lose a change is refused.
 * </ul>
 *
 * <p>The database's encoding has to be UTF-8. A text may be several messages, each in a line of its own, as {@code
 * pg_recvlogical} writes them.
 *
 * @see <a href="https://www.postgresql.org/docs/current/test-decoding.html">test_decoding</a>
 */
public final class TestDecodingDecoder implements ChangeDecoder {

    private static final String AT = " (at ";
    private static final String CONTENT = " content:";
    private static final String SIZE = ", sz: ";
    /** No message is so long that its size has more. */
    private static final int MAX_DIGITS = 10;

    private final TestDecodingReader reader;
    /** Streamed transactions that have begun and not ended. */
    private final Set<Long> streamed = new HashSet<>();

    /**
     * Makes a decoder for a stream.
     *
     * @param types what is known of types, such as {@code types()} of a connection to the same database, or {@code
     *     TypeRegistry.global().child()}
     */
    public TestDecodingDecoder(TypeRegistry types) {
        this.reader =
                new TestDecodingReader(new PrintedChanges(types, false, PgOutputDecoder.DEFAULT_MAX_RELATION_BYTES));
    }

    @Override
    public void decode(ReplicationMessage message, Consumer<? super PgOutputMessage> to) {
        decode(message.payload(), message.dataStart(), to);
    }

    /**
     * Reads a message that did not come by a stream, such as one of {@code pg_logical_slot_get_changes}.
     *
     * @param text the message
     * @param dataStart where it stands in the write-ahead log, {@link Lsn#ZERO} if that is not known
     * @param to takes what the message tells; under the conditions of {@link #decode(ReplicationMessage, Consumer)}
     * @throws ProtocolException if it is not what the plugin writes
     */
    public void decode(String text, Lsn dataStart, Consumer<? super PgOutputMessage> to) {
        decode(text.getBytes(StandardCharsets.UTF_8), Objects.requireNonNull(dataStart, "dataStart"), to);
    }

    private void decode(byte[] payload, Lsn dataStart, Consumer<? super PgOutputMessage> to) {
        PluginText in = new PluginText(payload);
        if (in.isAtEnd()) {
            throw new ProtocolException("a message of test_decoding has no bytes");
        }
        while (!in.isAtEnd()) {
            int from = in.position();
            try {
                read(in, dataStart, to);
                TestDecodingReader.end(in);
                in.next();
            } catch (ProtocolException e) {
                throw new ProtocolException(
                        "test_decoding's message " + kind(in, from) + ": " + e.getMessage(), e.delivery(), e);
            }
        }
    }

    /** Returns the word that a message begins with, so that no contents come into an exception. */
    private static String kind(PluginText in, int from) {
        in.position(from);
        String word = in.take(next -> next >= 'a' && next <= 'z' || next >= 'A' && next <= 'Z');
        return word.length() > 20 ? word.substring(0, 20) : word;
    }

    private void read(PluginText in, Lsn dataStart, Consumer<? super PgOutputMessage> to) {
        if (in.skip("table ")) {
            reader.table(in, to);
        } else if (in.skip("BEGIN")) {
            to.accept(begin(in));
        } else if (in.skip("COMMIT PREPARED ")) {
            Named named = named(in);
            to.accept(new PgOutputMessage.CommitPrepared(Lsn.ZERO, dataStart, named.time, named.xid, named.gid));
        } else if (in.skip("COMMIT")) {
            xid(in, " ");
            to.accept(new PgOutputMessage.Commit(Lsn.ZERO, dataStart, time(in)));
        } else if (in.skip("PREPARE TRANSACTION ")) {
            Named named = named(in);
            to.accept(new PgOutputMessage.Prepare(Lsn.ZERO, dataStart, named.time, named.xid, named.gid));
        } else if (in.skip("ROLLBACK PREPARED ")) {
            Named named = named(in);
            to.accept(new PgOutputMessage.RollbackPrepared(
                    Lsn.ZERO, dataStart, Instant.EPOCH, named.time, named.xid, named.gid));
        } else if (in.skip("message: transactional: ")) {
            to.accept(message(in, dataStart));
        } else {
            to.accept(streamed(in, dataStart));
        }
    }

    private static PgOutputMessage begin(PluginText in) {
        long xid = xid(in, " ");
        TestDecodingReader.end(in);
        return new PgOutputMessage.Begin(Lsn.ZERO, Instant.EPOCH, xid);
    }

    /** Returns the transaction if something stands before it, else 0. */
    private static long xid(PluginText in, String before) {
        if (in.startsWith(AT) || !in.skip(before)) {
            return 0;
        }
        return in.xid();
    }

    private static Instant time(PluginText in) {
        Instant time = Instant.EPOCH;
        if (in.skip(AT)) {
            time = in.time(in.take(next -> next != ')' && next != '\n'));
            in.expect(")");
        }
        TestDecodingReader.end(in);
        return time;
    }

    /** What is told of a prepared transaction. */
    private record Named(String gid, long xid, Instant time) {}

    private static Named named(PluginText in) {
        in.skip("E"); // a name with a backslash
        in.expect("'");
        String gid = in.quoted('\'');
        return new Named(gid, xid(in, ", txid "), time(in));
    }

    /** Reads a message: its prefix may hold anything, even what comes behind it, so the size has to fit. */
    private static Change.LogicalMessage message(PluginText in, Lsn dataStart) {
        boolean transactional = in.peek() == '1';
        if (!transactional && in.peek() != '0') {
            throw in.refused("a message is neither transactional nor not");
        }
        in.next();
        in.expect(" prefix: ");
        int from = in.position();
        for (int at = from; at < in.bytes().length; at++) {
            in.position(at);
            if (in.skip(SIZE)) {
                String digits = in.take(next -> next >= '0' && next <= '9');
                boolean fits = !digits.isEmpty() && digits.length() <= MAX_DIGITS && in.skip(CONTENT);
                long end = fits ? in.position() + Long.parseLong(digits) : Long.MAX_VALUE;
                if (endsAt(in, end)) {
                    int start = in.position();
                    ByteBuffer content = ByteBuffer.wrap(in.bytes(), start, (int) end - start)
                            .slice();
                    in.position((int) end);
                    return new Change.LogicalMessage(0, transactional, dataStart, in.string(from, at), content);
                }
            }
        }
        throw in.refused("the content of a message has not the size that is said");
    }

    private static boolean endsAt(PluginText in, long end) {
        byte[] bytes = in.bytes();
        return end == bytes.length || end < bytes.length && bytes[(int) end] == '\n';
    }

    private PgOutputMessage streamed(PluginText in, Lsn dataStart) {
        if (in.skip("opening a streamed block for transaction")) {
            long xid = lineOf(in);
            return new PgOutputMessage.StreamStart(xid, streamed.add(xid));
        } else if (in.skip("closing a streamed block for transaction")) {
            lineOf(in);
            return new PgOutputMessage.StreamStop();
        } else if (in.skip("committing streamed transaction")) {
            long xid = xid(in, " TXN ");
            Instant time = time(in);
            streamed.remove(xid);
            return new PgOutputMessage.StreamCommit(xid, Lsn.ZERO, dataStart, time);
        } else if (in.skip("preparing streamed transaction ")) {
            in.skip("TXN ");
            Named named = named(in);
            streamed.remove(named.xid);
            return new PgOutputMessage.StreamPrepare(Lsn.ZERO, dataStart, named.time, named.xid, named.gid);
        } else if (in.skip("aborting streamed (sub)transaction")) {
            return abort(in, lineOf(in));
        } else if (in.skip("streaming message: transactional: 0")) {
            in.position(in.position() - 1);
            return message(in, dataStart);
        } else if (in.startsWith("streaming ")) {
            throw in.refused("a change is announced and not told, which is what the option stream-changes does;"
                    + " start without it");
        }
        throw in.refused("no message begins so");
    }

    private static long lineOf(PluginText in) {
        long xid = xid(in, " TXN ");
        TestDecodingReader.end(in);
        return xid;
    }

    /** Of a subtransaction the plugin does not tell to which transaction it belongs. */
    private PgOutputMessage abort(PluginText in, long xid) {
        if (xid != 0 && streamed.remove(xid)) {
            return new PgOutputMessage.StreamAbort(xid, xid, null, null);
        } else if (xid != 0 && streamed.size() == 1) {
            return new PgOutputMessage.StreamAbort(streamed.iterator().next(), xid, null, null);
        }
        throw in.refused("it is not told which transaction is rolled back, or to which the subtransaction belongs");
    }
}
