package dev.howdah.replication;

import dev.howdah.error.ProtocolException;
import dev.howdah.replication.PgOutputMessage.Begin;
import dev.howdah.replication.PgOutputMessage.BeginPrepare;
import dev.howdah.replication.PgOutputMessage.Commit;
import dev.howdah.replication.PgOutputMessage.CommitPrepared;
import dev.howdah.replication.PgOutputMessage.Origin;
import dev.howdah.replication.PgOutputMessage.Prepare;
import dev.howdah.replication.PgOutputMessage.RelationMessage;
import dev.howdah.replication.PgOutputMessage.RollbackPrepared;
import dev.howdah.replication.PgOutputMessage.StreamAbort;
import dev.howdah.replication.PgOutputMessage.StreamCommit;
import dev.howdah.replication.PgOutputMessage.StreamPrepare;
import dev.howdah.replication.PgOutputMessage.StreamStart;
import dev.howdah.replication.PgOutputMessage.StreamStop;
import dev.howdah.replication.PgOutputMessage.TypeMessage;
import dev.howdah.replication.PgOutputMessage.Unknown;
import dev.howdah.replication.ReplicatedTransaction.Kind;
import dev.howdah.type.Lsn;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes transactions of the messages of a {@link TransactionStream}: one after the other as they come whole, while those that the server
 * sends in blocks wait in the {@link Spool}. For the thread that reads.
 */
final class TransactionAssembler {

    private final TransactionStream stream;
    private final Spool spool;
    private final RelationNews news;
    /** What is under way. */
    private @Nullable ReplicatedTransaction open;
    /** What was handed out last of what came as it was handed out. */
    private @Nullable ReplicatedTransaction handedOut;
    /** What the stream block that is under way belongs to. */
    private @Nullable SpooledTransaction block;

    TransactionAssembler(TransactionStream stream, Spool spool, RelationNews news) {
        this.stream = stream;
        this.spool = spool;
        this.news = news;
    }

    /**
     * Deals with a message.
     *
     * @param payload the message as it came
     * @return what is to be handed out because of it, null if nothing is
     */
    @Nullable
    ReplicatedTransaction handle(PgOutputMessage message, byte[] payload) {
        return switch (message) {
            case Begin m -> begins(Kind.COMMITTED, m.xid(), null, m.finalLsn(), m.commitTime());
            case BeginPrepare m -> begins(Kind.PREPARED, m.xid(), m.gid(), m.prepareLsn(), m.prepareTime());
            case Commit m -> ends(m.commitLsn(), m.endLsn(), m.commitTime());
            case Prepare m -> prepared(m);
            case Origin m -> comesFrom(m);
            case StreamStart m -> {
                block = spool.of((int) m.xid());
                yield null;
            }
            case StreamStop m -> {
                block = null;
                yield null;
            }
            case StreamAbort m -> aborted(m);
            case StreamCommit m -> kept(Kind.COMMITTED, m.xid(), null, m.commitLsn(), m.endLsn(), m.commitTime());
            case StreamPrepare m -> kept(Kind.PREPARED, m.xid(), m.gid(), m.prepareLsn(), m.endLsn(), m.prepareTime());
            case CommitPrepared m ->
                decided(Kind.COMMIT_PREPARED, m.xid(), m.gid(), m.commitLsn(), m.endLsn(), m.commitTime());
            case RollbackPrepared m ->
                decided(
                        Kind.ROLLBACK_PREPARED,
                        m.xid(),
                        m.gid(),
                        m.rollbackEndLsn(),
                        m.rollbackEndLsn(),
                        m.rollbackTime());
            case Change.RowChange m -> changes(m, payload);
            case Change.Truncate m -> changes(m, payload);
            case Change.LogicalMessage m -> open == null && block == null ? alone(m) : changes(m, payload);
            case RelationMessage m -> null;
            case TypeMessage m -> null;
            case Unknown m -> null;
        };
    }

    private @Nullable ReplicatedTransaction begins(
            Kind kind, long xid, @Nullable String gid, Lsn commit, Instant time) {
        if (open != null) {
            throw new ProtocolException("transaction " + xid + " begins before another has ended");
        }
        open = new ReplicatedTransaction(stream, kind, xid, gid, commit, time);
        return null;
    }

    /** Ends what is under way; returns it if it was not handed out, and is to be though it is empty. */
    private @Nullable ReplicatedTransaction ends(Lsn commit, Lsn end, Instant time) {
        ReplicatedTransaction ended = open;
        if (ended == null) {
            throw new ProtocolException("a transaction ends that has not begun");
        }
        open = null;
        ended.ends(commit, end);
        ended.ended(time);
        if (ended == handedOut) {
            stream.expect(ended);
            return null;
        }
        return empty(ended);
    }

    private @Nullable ReplicatedTransaction prepared(Prepare prepare) {
        if (open != null && open.kind() != Kind.PREPARED) {
            throw new ProtocolException(
                    "a transaction was prepared that began as if it were committed: prepared transactions"
                            + " can be followed with pgoutput only");
        }
        return ends(prepare.prepareLsn(), prepare.endLsn(), prepare.prepareTime());
    }

    /**
     * What has no changes is of no interest, but for the preparation of something that is told to have been committed later. Where it
     * ends is what a keepalive says: nothing, up to there.
     */
    private @Nullable ReplicatedTransaction empty(ReplicatedTransaction ended) {
        if (ended.kind() == Kind.COMMITTED) {
            stream.nothingUpTo(ended.endLsn());
            return null;
        }
        stream.expect(ended);
        return ended;
    }

    private @Nullable ReplicatedTransaction comesFrom(Origin origin) {
        if (block != null) {
            block.origin = origin;
        } else if (open != null) {
            open.origin(origin);
        }
        return null;
    }

    private @Nullable ReplicatedTransaction aborted(StreamAbort abort) {
        SpooledTransaction known = spool.find((int) abort.xid());
        if (abort.isWhole()) {
            spool.drop((int) abort.xid());
        } else if (known != null) {
            known.abort((int) abort.subxid());
        }
        return null;
    }

    private <C extends Change & PgOutputMessage> @Nullable ReplicatedTransaction changes(C change, byte[] payload) {
        if (block != null) {
            block.add(RelationNews.tables(change), payload);
            return null;
        }
        ReplicatedTransaction changed = open;
        if (changed == null) {
            throw new ProtocolException("a change came outside of any transaction");
        }
        changed.from(news.before(new Arriving(changed, change)));
        handedOut = changed;
        return changed;
    }

    /** Hands out what was kept. */
    private @Nullable ReplicatedTransaction kept(
            Kind kind, long xid, @Nullable String gid, Lsn commit, Lsn end, Instant time) {
        ReplicatedTransaction ended = new ReplicatedTransaction(stream, kind, xid, gid, commit, time);
        ended.ends(commit, end);
        SpooledTransaction waited = spool.find((int) xid);
        if (waited == null) {
            return empty(ended);
        }
        if (waited.origin != null) {
            ended.origin(waited.origin);
        }
        KeptChanges replayed = new KeptChanges(spool, waited);
        if (replayed.isEmpty()) {
            return empty(ended);
        }
        stream.expect(ended);
        ended.from(news.before(replayed));
        return ended;
    }

    private ReplicatedTransaction decided(Kind kind, long xid, String gid, Lsn commit, Lsn end, Instant time) {
        ReplicatedTransaction decided = new ReplicatedTransaction(stream, kind, xid, gid, commit, time);
        decided.ends(commit, end);
        stream.expect(decided);
        return decided;
    }

    private ReplicatedTransaction alone(Change.LogicalMessage message) {
        ReplicatedTransaction told =
                new ReplicatedTransaction(stream, Kind.MESSAGE, 0, null, message.lsn(), Instant.EPOCH);
        told.ends(message.lsn(), message.lsn());
        stream.expect(told);
        Iterator<Change> only = List.<Change>of(message).iterator();
        told.from(() -> only.hasNext() ? only.next() : null);
        return told;
    }

    /** The changes of a transaction as they come. */
    private final class Arriving implements TransactionStream.Changes {
        private final ReplicatedTransaction whose;
        private @Nullable Change first;

        Arriving(ReplicatedTransaction whose, Change first) {
            this.whose = whose;
            this.first = first;
        }

        @Override
        public @Nullable Change next() {
            Change next = first;
            if (next != null) {
                first = null;
                return next;
            }
            while (open == whose) {
                next = stream.receiveChange(block == null);
                if (next != null) {
                    return next;
                }
            }
            return null;
        }
    }
}
