package dev.howdah.replication;

import dev.howdah.ConnectOptions;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.PgException;
import dev.howdah.error.ReplicationException;
import dev.howdah.pump.Retries;
import dev.howdah.replication.GuardedSink.SinkFailedException;
import dev.howdah.session.ReplicationGrammar;
import dev.howdah.type.Lsn;
import dev.howdah.type.PgType;
import dev.howdah.type.TypeRegistry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows the changes of a database for as long as it runs: begins a stream of a slot, gives its transactions to a {@link ChangeSink}, and
 * when the connection is lost, the server restarted or another one promoted, begins again where the sink stands. If asked to, it makes
 * publication and slot, and has the sink begin with the rows that the tables had then.
 *
 * <p>Every transaction reaches the sink at least once, and one that was acknowledged not again as long as the follower lives. With a
 * {@link ResumableSink} it is exactly once for good. Where that cannot be kept, because the slot is gone, was
 * moved on by somebody else, or the server has lost what the sink has, the follower ends with a {@link ReplicationException}.
 *
 * <p>It has a thread of its own, which calls the sink. Its methods are for any thread.
 *
 * @see <a href="https://www.postgresql.org/docs/current/logicaldecoding.html">Logical decoding</a>
 */
public final class Follower implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Follower.class.getName());
    /** How long to wait for a transaction before looking whether the follower was closed. */
    private static final Duration LOOK = Duration.ofMillis(200);

    private static final Duration PROGRESS = Duration.ofSeconds(10);

    private final ConnectOptions options;
    private final FollowerOptions settings;
    private final FollowerCounters counters = new FollowerCounters();
    private final GuardedSink sink;
    private final Retries retries;
    private final Thread thread;
    /** What is known of types; of all connections. Only the follower's thread changes it. */
    private @Nullable TypeRegistry types;

    private boolean prepared;
    /** Whether a first copy was begun whose slot may not be there. */
    private boolean copying;
    /** Up to where all was acknowledged, by streams that are gone. */
    private Lsn confirmed = Lsn.ZERO;

    private volatile @Nullable Throwable failure;

    private Follower(ConnectOptions options, FollowerOptions settings, ChangeSink sink) {
        this.options = options;
        this.settings = settings;
        this.sink = new GuardedSink(sink);
        this.retries = new Retries(settings.firstPause, settings.longestPause, settings.giveUpAfter);
        this.thread = Thread.ofVirtual().name("howdah-follower").unstarted(this::run);
    }

    /**
     * Begins to follow, and returns at once.
     *
     * @param options how to connect; with several hosts and {@code target_session_attrs=primary} it follows whichever is the primary
     */
    public static Follower start(ConnectOptions options, FollowerOptions settings, ChangeSink sink) {
        Follower started = new Follower(options, settings, sink);
        started.thread.start();
        return started;
    }

    /** Begins to follow; see {@link #start(ConnectOptions, FollowerOptions, ChangeSink)}. */
    public static Follower start(String conninfo, FollowerOptions settings, ChangeSink sink) {
        return start(ConnectOptions.parse(conninfo), settings, sink);
    }

    private void run() {
        try {
            while (retries.isOpen()) {
                long begun = System.nanoTime();
                try {
                    follow();
                } catch (PgException e) {
                    if (!goesOn(e, begun)) {
                        failure = e;
                        return;
                    }
                }
            }
        } catch (SinkFailedException e) {
            failure = e.thrown();
            LOG.log(Level.DEBUG, "a sink has ended its follower", e);
        } catch (RuntimeException | Error e) {
            failure = e;
            LOG.log(Level.DEBUG, "a follower has ended", e);
        } finally {
            counters.ended();
            retries.close();
        }
    }

    /** Waits before the next attempt; returns false if there is to be none. */
    private boolean goesOn(PgException why, long begun) {
        if (!retries.isOpen()) {
            return true;
        }
        Duration pause = retries.next(why, begun, counters.streamed(begun));
        if (pause == null) {
            return false;
        }
        sink.event(new FollowerEvent.Interrupted(why, pause));
        retries.pause(pause);
        return true;
    }

    /** Streams from one connection, until it is lost or the follower closed. */
    private void follow() {
        ResumeToken position = sink.position();
        try (PgConnection db = Howdah.connect(options)) {
            types = types == null ? db.types() : types;
            if (!prepared) {
                prepare(db, position);
                prepared = true;
                position = sink.position();
            }
            if (!retries.isOpen()) {
                return;
            }
            try (LogicalReplicationConnection walSender = LogicalReplicationConnection.connect(options)) {
                follow(db, walSender, position);
            }
        }
    }

    private void prepare(PgConnection db, @Nullable ResumeToken position) {
        new FollowerGround(settings, sink::event).prepare(db);
        SlotOptions made = settings.made;
        if (made == null || (position != null && !copying)) {
            return;
        }
        if (made.failover) {
            ReplicationGrammar.require(db.info().serverVersion(), ReplicationGrammar.V17, "a failover slot");
        }
        if (ResumeCheck.find(db, settings.slot) == null) {
            if (settings.readers > 0) {
                copying = true;
                new InitialSnapshot(options, settings, sink).take(db);
            } else {
                try (LogicalReplicationConnection maker = LogicalReplicationConnection.connect(options)) {
                    maker.cursor()
                            .createReplicationSlot(
                                    settings.slot,
                                    ReplicationType.LOGICAL,
                                    OutputPlugin.PGOUTPUT.pluginName(),
                                    made.snapshot(SlotOptions.Snapshot.NOTHING));
                }
            }
        }
        if (copying && made.failover) {
            // A copied slot is not kept on standbys, whatever its model was.
            try (LogicalReplicationConnection altering = LogicalReplicationConnection.connect(options)) {
                altering.cursor().alterReplicationSlot(settings.slot, true, null);
            }
        }
    }

    private void follow(PgConnection db, LogicalReplicationConnection walSender, @Nullable ResumeToken position) {
        TransactionStreamOptions how = settings.transactions()
                .types(known(db))
                .tables(table -> learn(db, table))
                .resume(position);
        if (!sink.isResumable()) {
            how = how.progress(Duration.ZERO).startLsn(confirmed);
        } else if (how.progressInterval().isZero()) {
            how = how.progress(PROGRESS);
        }
        try (TransactionStream stream = TransactionStream.open(walSender.cursor(), how)) {
            counters.begun(stream);
            sink.event(new FollowerEvent.Streaming(
                    walSender.info().host(), walSender.info().port(), position == null ? confirmed : position.lsn()));
            try {
                take(stream, position);
            } finally {
                confirmed = later(confirmed, stream.confirmed());
                counters.ended();
            }
        }
    }

    private void take(TransactionStream stream, @Nullable ResumeToken position) {
        while (retries.isOpen()) {
            ReplicatedTransaction next = stream.next(LOOK);
            if (next == null) {
                if (!stream.cursor().isStreaming()) {
                    throw new ConnectionLostException(
                            "The server has ended the stream without a reason", null, Delivery.COMPLETED, null);
                }
            } else if (position != null && next.isBefore(position.lsn())) {
                // The sink has it: the server may tell of it again.
                next.finish();
                next.acknowledge();
            } else {
                counters.given(next);
                sink.transaction(next);
            }
        }
    }

    private static Lsn later(Lsn one, Lsn other) {
        return one.isAfter(other) ? one : other;
    }

    private TypeRegistry known(PgConnection db) {
        return types == null ? db.types() : types;
    }

    /** Looks up the types of a table's columns, so that their values can be read. */
    private void learn(PgConnection db, Relation table) {
        Set<Integer> unknown = table.unknownTypes();
        if (unknown.isEmpty()) {
            return;
        }
        try {
            List<String> names = db
                    .query(
                            "select pg_catalog.format_type(oid, null) from pg_catalog.pg_type where oid = any ($1::oid[])",
                            unknown.stream().map(Integer::toUnsignedLong).toList())
                    .stream()
                    .map(row -> "null::" + row.getString(0))
                    .toList();
            if (!names.isEmpty()) {
                db.query("select " + String.join(", ", names));
                share(db, unknown);
            }
        } catch (PgException e) {
            // Their values can still be read as text.
            LOG.log(Level.WARNING, "the types of " + table + " could not be looked up", e);
        }
    }

    private void share(PgConnection db, Set<Integer> oids) {
        TypeRegistry known = known(db);
        if (known != db.types()) {
            List<PgType> learnt = new ArrayList<>();
            for (int oid : oids) {
                PgType type = db.types().type(oid);
                if (type != null) {
                    learnt.add(type);
                }
            }
            known.addTypes(learnt);
        }
    }

    /** Returns how it stands. */
    public FollowerStatus status() {
        return counters.status();
    }

    /** Returns whether it follows, or tries to. */
    public boolean isRunning() {
        return thread.isAlive();
    }

    /**
     * Returns why it has ended by itself: what the sink has thrown, a {@link ReplicationException}, or why it gave up.
     *
     * @return null if it has not, or was closed
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
     * Ends it: the sink finishes the transaction that it is given now, and what has been acknowledged is confirmed to the server. Waits for
     * that as long as it takes, unless the sink itself calls this; whoever is interrupted waits no longer, and then the follower is
     * interrupted, too.
     */
    @Override
    public void close() {
        retries.close();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    /** {@return the slot and how it stands} */
    @Override
    public String toString() {
        return "Follower[" + settings.slot + ", " + (isRunning() ? "running" : "ended") + ", " + status() + "]";
    }
}
