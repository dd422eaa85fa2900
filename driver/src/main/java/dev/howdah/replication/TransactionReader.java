package dev.howdah.replication;

import dev.howdah.error.ProtocolException;
import dev.howdah.replication.PgOutputMessage.Begin;
import dev.howdah.replication.PgOutputMessage.BeginPrepare;
import dev.howdah.replication.PgOutputMessage.Commit;
import dev.howdah.replication.PgOutputMessage.CommitPrepared;
import dev.howdah.replication.PgOutputMessage.Origin;
import dev.howdah.replication.PgOutputMessage.Prepare;
import dev.howdah.replication.PgOutputMessage.RollbackPrepared;
import dev.howdah.replication.PgOutputMessage.StreamAbort;
import dev.howdah.replication.PgOutputMessage.StreamCommit;
import dev.howdah.replication.PgOutputMessage.StreamPrepare;
import dev.howdah.replication.PgOutputMessage.StreamStart;
import dev.howdah.type.Lsn;
import dev.howdah.wire.WireReader;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages about how transactions begin and end, behind their first byte.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html">Message formats</a>
 */
final class TransactionReader {

    private static final String WHOLE = "it";

    private final WireReader in;
    private final boolean streamingParallel;

    TransactionReader(WireReader in, boolean streamingParallel) {
        this.in = in;
        this.streamingParallel = streamingParallel;
    }

    Begin begin() {
        Begin begin = new Begin(lsn(), time(), in.uint32());
        in.finish(WHOLE);
        return begin;
    }

    Commit commit() {
        flags();
        Commit commit = new Commit(lsn(), lsn(), time());
        in.finish(WHOLE);
        return commit;
    }

    Origin origin() {
        Origin origin = new Origin(lsn(), in.cstring());
        in.finish(WHOLE);
        return origin;
    }

    StreamStart streamStart() {
        StreamStart start = new StreamStart(in.uint32(), in.int8() != 0);
        in.finish(WHOLE);
        return start;
    }

    StreamCommit streamCommit() {
        long xid = in.uint32();
        flags();
        StreamCommit commit = new StreamCommit(xid, lsn(), lsn(), time());
        in.finish(WHOLE);
        return commit;
    }

    StreamAbort streamAbort() {
        long xid = in.uint32();
        long subxid = in.uint32();
        @Nullable Lsn lsn = null;
        @Nullable Instant time = null;
        int more = Long.BYTES + Long.BYTES;
        if (streamingParallel) {
            if (in.remaining() == 0) {
                throw new ProtocolException("it has no LSN and time, as if streaming were not parallel");
            }
            lsn = lsn();
            time = time();
        } else if (in.remaining() == more) {
            throw new ProtocolException(
                    "it has an LSN and a time: streaming is parallel, which the decoder was not told");
        }
        in.finish(WHOLE);
        return new StreamAbort(xid, subxid, lsn, time);
    }

    BeginPrepare beginPrepare() {
        BeginPrepare begin = new BeginPrepare(lsn(), lsn(), time(), in.uint32(), in.cstring());
        in.finish(WHOLE);
        return begin;
    }

    Prepare prepare() {
        flags();
        Prepare prepare = new Prepare(lsn(), lsn(), time(), in.uint32(), in.cstring());
        in.finish(WHOLE);
        return prepare;
    }

    CommitPrepared commitPrepared() {
        flags();
        CommitPrepared commit = new CommitPrepared(lsn(), lsn(), time(), in.uint32(), in.cstring());
        in.finish(WHOLE);
        return commit;
    }

    RollbackPrepared rollbackPrepared() {
        flags();
        RollbackPrepared rollback = new RollbackPrepared(lsn(), lsn(), time(), time(), in.uint32(), in.cstring());
        in.finish(WHOLE);
        return rollback;
    }

    StreamPrepare streamPrepare() {
        flags();
        StreamPrepare prepare = new StreamPrepare(lsn(), lsn(), time(), in.uint32(), in.cstring());
        in.finish(WHOLE);
        return prepare;
    }

    /** PostgreSQL itself refuses flags, too, as long as there are none. */
    private void flags() {
        int flags = in.uint8();
        if (flags != 0) {
            throw new ProtocolException("its flags are " + flags + ", of which none is known");
        }
    }

    private Lsn lsn() {
        return Lsn.of(in.int64());
    }

    private Instant time() {
        return ServerTime.instant(in.int64());
    }
}
