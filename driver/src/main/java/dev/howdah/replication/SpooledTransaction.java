package dev.howdah.replication;

import dev.howdah.error.ProtocolException;
import dev.howdah.error.ReplicationException;
import dev.howdah.wire.WireReader;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a transaction that still runs, as they came, in memory or on disk, until it is known how it ended. Written and
 * read by one thread; closed by any.
 *
 * <p>What is kept is a row of entries. One names a table, by its number among those that the transaction has touched, which counts for
 * the changes that follow; the other is a change as the server sent it, with the subtransaction that made it.
 */
final class SpooledTransaction implements Closeable {

    private static final int BLOCK = 64 << 10;
    private static final byte TABLE = 'R';
    private static final byte CHANGE = 'C';
    private static final int TABLE_HEADER = 5;
    private static final int CHANGE_HEADER = 9;
    /** Where the transaction's ID stands in a message, behind its first byte. */
    private static final int XID = 1;

    private final int xid;
    private final Spool spool;
    private final List<Relation> relations = new ArrayList<>();
    private final Map<Relation, Integer> numbers = new HashMap<>();
    /** The table that each OID stands for at the end of what is kept. */
    private final Map<Long, Relation> current = new HashMap<>();

    private final Set<Integer> aborted = new HashSet<>();
    private ArrayDeque<byte[]> blocks = new ArrayDeque<>();
    private int used;
    private volatile @Nullable SpoolFile file;
    private long onDisk;
    private boolean isEmpty = true;

    PgOutputMessage.@Nullable Origin origin;

    SpooledTransaction(int xid, Spool spool) {
        this.xid = xid;
        this.spool = spool;
    }

    int xid() {
        return xid;
    }

    boolean isEmpty() {
        return isEmpty;
    }

    /** Returns how much memory the changes take, in bytes. */
    long inMemory() {
        return (long) blocks.size() * BLOCK;
    }

    /** Returns how much disk they take, in bytes. */
    long onDisk() {
        return onDisk;
    }

    /**
     * Keeps a change.
     *
     * @param tables those it is about
     * @param message it, as the server sent it in a stream block
     */
    void add(List<Relation> tables, byte[] message) {
        for (Relation table : tables) {
            name(table);
        }
        byte[] header = new byte[CHANGE_HEADER];
        ByteBuffer.wrap(header)
                .put(CHANGE)
                .putInt(WireReader.int32At(message, XID))
                .putInt(message.length);
        append(header);
        append(message);
        isEmpty = false;
    }

    private void name(Relation table) {
        if (current.put(table.oid(), table) == table) {
            return;
        }
        Integer number = numbers.get(table);
        if (number == null) {
            number = relations.size();
            numbers.put(table, number);
            relations.add(table);
        }
        byte[] entry = new byte[TABLE_HEADER];
        ByteBuffer.wrap(entry).put(TABLE).putInt(number);
        append(entry);
    }

    private void append(byte[] bytes) {
        for (int done = 0; done < bytes.length; ) {
            if (blocks.isEmpty() || used == BLOCK) {
                spool.grows(this, BLOCK);
                blocks.add(new byte[BLOCK]);
                used = 0;
            }
            int part = Math.min(bytes.length - done, BLOCK - used);
            System.arraycopy(bytes, done, blocks.getLast(), used, part);
            used += part;
            done += part;
        }
    }

    /** Forgets what a subtransaction has done. */
    void abort(int subxid) {
        aborted.add(subxid);
    }

    /** Moves what is in memory to disk; returns how many bytes that was. */
    long spill() throws IOException {
        long before = onDisk;
        SpoolFile to = file;
        if (to == null) {
            to = spool.newFile();
            file = to;
        }
        while (!blocks.isEmpty()) {
            byte[] block = blocks.getFirst();
            int length = blocks.size() == 1 ? used : BLOCK;
            to.write(block, length);
            onDisk += length;
            blocks.removeFirst();
        }
        used = 0;
        return onDisk - before;
    }

    /** Returns the changes that were not rolled back, to be read once. */
    Replay replay() {
        List<InputStream> parts = new ArrayList<>();
        SpoolFile from = file;
        try {
            if (from != null) {
                parts.add(new BufferedInputStream(from.read(), BLOCK));
            }
        } catch (IOException e) {
            throw Spool.failed("could not be read", e);
        }
        ArrayDeque<byte[]> rest = blocks;
        blocks = new ArrayDeque<>();
        while (!rest.isEmpty()) {
            byte[] block = rest.removeFirst();
            parts.add(new ByteArrayInputStream(block, 0, rest.isEmpty() ? used : BLOCK));
        }
        return new Replay(new DataInputStream(new SequenceInputStream(Collections.enumeration(parts))));
    }

    /** Drops all, and removes the file. */
    @Override
    public void close() throws IOException {
        SpoolFile open = file;
        if (open != null) {
            open.close();
        }
    }

    /** Gives the changes back, in their order. */
    final class Replay {
        private final DataInputStream entries;
        private final WireReader in = new WireReader();
        private final Map<Integer, Relation> tables = new HashMap<>();
        private final ChangeReader reader = new ChangeReader(in, (block, oid) -> tables.get(oid));

        private Replay(DataInputStream entries) {
            this.entries = entries;
        }

        /**
         * Returns the next change, null if there is none.
         *
         * @throws ReplicationException if it cannot be read from disk
         */
        @Nullable
        Change next() {
            try {
                for (int entry = entries.read(); entry >= 0; entry = entries.read()) {
                    if (entry == TABLE) {
                        Relation table = relations.get(entries.readInt());
                        tables.put((int) table.oid(), table);
                        continue;
                    }
                    int subxid = entries.readInt();
                    int length = entries.readInt();
                    if (aborted.contains(subxid)) {
                        entries.skipNBytes(length);
                    } else {
                        byte[] message = new byte[length];
                        entries.readFully(message);
                        return read(message);
                    }
                }
                return null;
            } catch (IOException e) {
                throw Spool.failed("could not be read", e);
            }
        }

        private Change read(byte[] message) {
            in.over(message, 0, message.length);
            byte type = in.int8();
            if (reader.read(type, xid, in.uint32()) instanceof Change change) {
                return change;
            }
            throw new ProtocolException("what was kept of a transaction is no change");
        }
    }
}
