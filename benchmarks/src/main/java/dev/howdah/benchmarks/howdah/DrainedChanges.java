package dev.howdah.benchmarks.howdah;

import dev.howdah.ConnectOptions;
import dev.howdah.benchmarks.Changes;
import dev.howdah.benchmarks.Data;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.RowTally;
import dev.howdah.benchmarks.Workload;
import dev.howdah.replication.Change;
import dev.howdah.replication.ChangedRow;
import dev.howdah.replication.LogicalReplicationConnection;
import dev.howdah.replication.PgOutputDecoder;
import dev.howdah.replication.PgOutputMessage;
import dev.howdah.replication.ReplicationCursor;
import dev.howdah.replication.ReplicationMessage;
import dev.howdah.replication.StreamOptions;
import dev.howdah.replication.TransactionStream;
import dev.howdah.replication.TransactionStreamOptions;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.OffsetDateTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** All changes of a slot, none of which is confirmed. A connection gives one stream, so each repetition has one of its own. */
final class DrainedChanges implements Workload {

    private final ConnectOptions options;
    private final Form form;
    private @Nullable LogicalReplicationConnection connection;
    private String expected = "";

    /** What becomes of them. */
    enum Form {
        /** They are counted. */
        RAW,
        /** They are counted, as test_decoding writes them. */
        TEXT,
        /** They are decoded, and every column is read as its Java type. */
        DECODED,
        /** Likewise, as transactions. */
        TRANSACTIONS
    }

    DrainedChanges(ConnectOptions options, Form form) {
        this.options = options;
        this.form = form;
    }

    @Override
    public void prepare(int count) {
        close();
        connection = LogicalReplicationConnection.connect(options);
        if ((form == Form.DECODED || form == Form.TRANSACTIONS) && expected.isEmpty()) {
            RowTally tally = new RowTally();
            for (Data.R row : Data.rows(count)) {
                tally.add(row.id(), row.big(), row.f8(), row.txt(), row.ts(), row.amount(), row.ok());
            }
            expected = tally.toString();
        }
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) {
        ReplicationCursor cursor = Objects.requireNonNull(connection).cursor();
        int inserts = switch (form) {
            case RAW -> counted(started(cursor), 'I', count);
            case TEXT -> counted(startedText(cursor), 't', count);
            case DECODED -> decoded(started(cursor), count);
            case TRANSACTIONS -> transactions(cursor, count);
        };
        // The slot is the next client's.
        close();
        return Answer.of(inserts);
    }

    private static ReplicationCursor started(ReplicationCursor cursor) {
        cursor.startReplication(StreamOptions.slot(Changes.SLOT)
                .option("proto_version", "1")
                .option("publication_names", Changes.PUBLICATION)
                .idleAdvance(false));
        return cursor;
    }

    private static ReplicationCursor startedText(ReplicationCursor cursor) {
        cursor.startReplication(StreamOptions.slot(Changes.TEXT_SLOT).idleAdvance(false));
        return cursor;
    }

    /** Counts the messages that begin with a letter. */
    private static int counted(ReplicationCursor cursor, char insert, int count) {
        int inserts = 0;
        for (ReplicationMessage message : cursor.messages()) {
            byte type = message.payload()[0];
            if (type == insert) {
                inserts++;
            } else if (type == 'C' && inserts == count) {
                break;
            }
        }
        return inserts;
    }

    private int decoded(ReplicationCursor cursor, int count) {
        PgOutputDecoder decoder = new PgOutputDecoder(cursor.connection().types());
        RowTally tally = new RowTally();
        int inserts = 0;
        for (ReplicationMessage message : cursor.messages()) {
            PgOutputMessage decoded = decoder.decode(ByteBuffer.wrap(message.payload()));
            if (decoded instanceof Change.Insert insert) {
                read(insert.newRow(), tally);
                inserts++;
            } else if (decoded instanceof PgOutputMessage.Commit && inserts == count) {
                break;
            }
        }
        check(tally);
        return inserts;
    }

    private int transactions(ReplicationCursor cursor, int count) {
        RowTally tally = new RowTally();
        int inserts = 0;
        try (TransactionStream stream = TransactionStream.open(
                cursor, TransactionStreamOptions.slot(Changes.SLOT).publications(Changes.PUBLICATION))) {
            while (inserts < count) {
                // None is acknowledged.
                for (Change change : Objects.requireNonNull(stream.next())) {
                    if (change instanceof Change.Insert insert) {
                        read(insert.newRow(), tally);
                        inserts++;
                    }
                }
            }
        }
        check(tally);
        return inserts;
    }

    private void check(RowTally tally) {
        if (!tally.toString().equals(expected)) {
            throw new IllegalStateException("decoded was " + tally + ", inserted " + expected);
        }
    }

    private static void read(ChangedRow row, RowTally tally) {
        tally.add(
                row.getInt(0),
                row.getLong(1),
                row.getDouble(2),
                Objects.requireNonNull(row.getString(3)),
                Objects.requireNonNull(row.get(4, OffsetDateTime.class)),
                Objects.requireNonNull(row.get(5, BigDecimal.class)),
                row.getBoolean(6));
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
        }
    }
}
