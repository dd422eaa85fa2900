package dev.howdah.replication;

import dev.howdah.Cursor;
import dev.howdah.PgConnection;
import dev.howdah.Rows;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.PgException;
import dev.howdah.error.ServerException;
import dev.howdah.pump.ReplicationHost;
import dev.howdah.type.Lsn;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A cursor for replication: it makes slots, and streams changes or the write-ahead log. Its connection has to have been made with
 * the option {@code replication}, as a {@link LogicalReplicationConnection} and a {@link PhysicalReplicationConnection} are; SQL
 * can be run on the first kind, one text at a time, with the values in it.
 *
 * <p>A stream has its connection for itself: until it is stopped, whatever else is asked of the connection throws an {@link
 * IllegalStateException}. The server is told how far the stream has got at least every {@link StreamOptions#statusInterval}, and at
 * once when it asks, by a thread of the driver's while the program does something else; on a {@link dev.howdah.PollingConnection}
 * only while it is polled or read. When the program is slow no more is received than {@link StreamOptions#bufferSize}.
 *
 * <p>Nothing is confirmed unless the program says so by {@link #sendFeedback}, with one exception: where all that has come is
 * confirmed, keepalives of the server move the confirmed place on, so that a slot of quiet tables does not keep the log of busy
 * ones. What has not been confirmed comes again in the next stream.
 *
 * <p>The stream is read by one thread at a time; {@link #sendFeedback} and {@link #stopReplication()} may be called by any.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-replication.html">Streaming Replication Protocol</a>
 */
public class ReplicationCursor extends Cursor {

    private static final Pattern LOGICAL = Pattern.compile("\\sLOGICAL\\s");

    private final ReplicationHost host;
    private volatile @Nullable ReplicationStream stream;
    private volatile @Nullable String slot;
    private volatile boolean consuming;
    private volatile boolean selected;

    /**
     * Makes a cursor; it sends nothing.
     *
     * @throws IllegalArgumentException if the connection has not been made for replication
     */
    public ReplicationCursor(PgConnection connection) {
        super(connection);
        this.host = replicationHost(connection);
        if (!host.isWalSender()) {
            throw new IllegalArgumentException("the connection was not made for replication: connect with"
                    + " LogicalReplicationConnection, or the option replication=database");
        }
    }

    private CommandText commands() {
        return new CommandText(connection().info().serverVersion());
    }

    /** Returns what the connection is for: the changes of its database, or the log of the server. */
    public final ReplicationType connectionType() {
        return "database".equals(connection().options().startupParameters().get("replication"))
                ? ReplicationType.LOGICAL
                : ReplicationType.PHYSICAL;
    }

    // Commands

    /** Asks who the server is and how far its log goes. */
    public SystemIdentity identifySystem() {
        Rows rows = command("IDENTIFY_SYSTEM");
        return new SystemIdentity(
                text(rows, 0),
                Long.parseLong(text(rows, 1)),
                Lsn.parse(text(rows, 2)),
                rows.one().getString(3));
    }

    /**
     * Asks for a setting of the server, such as {@code wal_segment_size}.
     *
     * @throws ServerException if there is none of that name
     */
    public String show(String setting) {
        return text(command(commands().show(setting)), 0);
    }

    /** Asks how many bytes a file of the write-ahead log has. */
    public int walSegmentSize() {
        String text = show("wal_segment_size");
        int unit = text.endsWith("GB") ? 30 : text.endsWith("MB") ? 20 : 10;
        return Integer.parseInt(text.substring(0, text.length() - 2)) << unit;
    }

    /**
     * Asks for the history of a timeline.
     *
     * @throws ServerException if there is none: of the first one, for instance
     */
    public TimelineHistory timelineHistory(long timeline) {
        Rows rows = command(commands().timelineHistory(timeline));
        return new TimelineHistory(text(rows, 0), text(rows, 1));
    }

    /** Makes a logical slot that lasts; see {@link #createReplicationSlot(String, ReplicationType, String, SlotOptions)}. */
    public ReplicationSlot createReplicationSlot(String name, String outputPlugin) {
        return createReplicationSlot(name, ReplicationType.LOGICAL, outputPlugin, SlotOptions.DEFAULT);
    }

    /** Makes a physical slot that lasts; see {@link #createReplicationSlot(String, ReplicationType, String, SlotOptions)}. */
    public ReplicationSlot createReplicationSlot(String name) {
        return createReplicationSlot(name, ReplicationType.PHYSICAL, null, SlotOptions.DEFAULT);
    }

    /**
     * Makes a slot. A logical one is ready when all transactions that are open now, of all databases, have ended; that may take
     * long, and neither side says anything meanwhile.
     *
     * @param name of small letters, digits and underscores
     * @param outputPlugin of a logical one, such as {@code pgoutput}; null of a physical one
     * @throws ServerException if the server refuses it: the name is taken (42710), all slots are in use (53400), {@code wal_level} is too
     *     low (55000), the plugin is not there (58P01) or not allowed; or, before anything is sent (0A000), if it does not know an option
     */
    public ReplicationSlot createReplicationSlot(
            String name, ReplicationType type, @Nullable String outputPlugin, SlotOptions options) {
        Rows rows = command(commands().createSlot(name, type, outputPlugin, options));
        return new ReplicationSlot(
                text(rows, 0),
                Lsn.parse(text(rows, 1)),
                rows.one().getString(2),
                rows.one().getString(3));
    }

    /**
     * Removes a slot; what it kept is lost to its consumers. If this cursor streams from it, the stream is stopped first.
     *
     * @throws ServerException if there is none (42704), or somebody uses it (55006)
     */
    public void dropReplicationSlot(String name) {
        dropReplicationSlot(name, false);
    }

    /**
     * Removes a slot.
     *
     * @param waits whether to wait until nobody uses it any more
     */
    public void dropReplicationSlot(String name, boolean waits) {
        String text = commands().dropSlot(name, waits);
        if (name.equals(slot)) {
            stopReplication();
        }
        command(text);
    }

    /**
     * Changes a logical slot that nobody uses. PostgreSQL 17.
     *
     * @param failover whether it is kept on standbys; null leaves it as it is
     * @param twoPhase whether prepared transactions are decoded when they are prepared; null leaves it as it is. PostgreSQL 18
     */
    public void alterReplicationSlot(String name, @Nullable Boolean failover, @Nullable Boolean twoPhase) {
        command(commands().alterSlot(name, failover, twoPhase));
    }

    /**
     * Asks for the state of a physical slot. PostgreSQL 15.
     *
     * @return null if there is no such slot
     * @throws ServerException if it is a logical one
     */
    public @Nullable SlotPosition readReplicationSlot(String name) {
        Rows rows = command(commands().readSlot(name));
        if (rows.one().getString(0) == null) {
            return null;
        }
        String lsn = rows.one().getString(1);
        String timeline = rows.one().getString(2);
        return new SlotPosition(
                lsn == null ? Lsn.ZERO : Lsn.parse(lsn), timeline == null ? 0 : Long.parseLong(timeline));
    }

    private Rows command(String text) {
        List<dev.howdah.Result> results = Advice.given(() -> connection().script(text));
        return results.getFirst().rows();
    }

    private static String text(Rows rows, int column) {
        return Objects.requireNonNull(rows.one().getString(column), "the server sent no value");
    }

    // Streams

    /** Begins to stream from a logical slot, from the place that it has confirmed; see {@link #startReplication(StreamOptions)}. */
    public void startReplication(String slotName) {
        startReplication(StreamOptions.slot(slotName));
    }

    /**
     * Begins to stream. Returns when the server has begun.
     *
     * @throws ServerException if the server refuses: there is no such slot (42704), somebody uses it (55006), it has been
     *     invalidated (55000), the plugin does not take an option; the connection stays usable. Some reasons, such as a
     *     publication that is missing, come out only when the stream is read
     * @throws IllegalStateException if a stream is open, or was: a connection gives one logical stream, as PostgreSQL ends each further one at
     *     once
     */
    public void startReplication(StreamOptions options) {
        ReplicationType type = options.type == null ? connectionType() : options.type;
        boolean unplaced = type == ReplicationType.PHYSICAL && options.startLsn.isZero() && !isStreaming();
        begin(
                commands().start(unplaced ? options.startLsn(PhysicalStart.of(this, options)) : options, type),
                options,
                type);
    }

    /**
     * Begins to stream by a command of your own.
     *
     * @param command such as {@code START_REPLICATION SLOT "s" LOGICAL 0/0}; sent as it is
     * @param options how to read it; what the command says is not taken from here, but for the type, if one is given
     */
    public void startReplicationExpert(String command, StreamOptions options) {
        ReplicationType said = LOGICAL.matcher(command).find() ? ReplicationType.LOGICAL : ReplicationType.PHYSICAL;
        begin(command, options, options.type == null ? said : options.type);
    }

    private void begin(String command, StreamOptions options, ReplicationType type) {
        ReplicationStream before = stream;
        if (before != null && before.isOpen()) {
            throw new IllegalStateException("a stream is open on this cursor: stop it first");
        }
        boolean physical = type == ReplicationType.PHYSICAL;
        if (host.hasStreamed() && !physical) {
            throw new IllegalStateException(
                    "this connection has given a stream: PostgreSQL would end a further one at once, so make a new connection");
        }
        MessageQueue queue = new MessageQueue(this, options, physical);
        stream = Advice.given(() -> ReplicationStream.open(host, queue, command, options, !selected));
        slot = options.slot;
    }

    ReplicationStream requireStream() {
        ReplicationStream current = stream;
        if (current == null) {
            throw new IllegalStateException("no stream is open: call startReplication first");
        }
        return current;
    }

    private ReplicationStream requireReadable() {
        ReplicationStream current = requireStream();
        String ended = current.ended();
        if (ended != null) {
            throw new IllegalStateException("the stream has ended: " + ended, current.failure());
        }
        return current;
    }

    /** Returns whether a stream is open, as far as is known. */
    public final boolean isStreaming() {
        ReplicationStream current = stream;
        return current != null && current.isOpen();
    }

    /**
     * Returns the next message if it has come; does not wait.
     *
     * @return null if there is none now, or the server has ended the stream, which {@link #isStreaming()} tells
     * @throws PgException why the stream has failed, when all that came before has been read
     * @throws IllegalStateException if no stream is open
     */
    public @Nullable ReplicationMessage readMessage() {
        ReplicationStream current = requireReadable();
        return Advice.given(current::poll);
    }

    /** The same as {@link #readMessage()}, by the name that the documentation of psycopg2 gives it. */
    public final @Nullable ReplicationMessage readReplicationMessage() {
        return readMessage();
    }

    /**
     * Waits for the next message.
     *
     * @param timeout how long at most
     * @return null if none has come in time, or the server has ended the stream
     * @throws PgException why the stream has failed
     * @throws dev.howdah.error.InterruptedWaitException if the thread was interrupted; the stream goes on
     * @throws IllegalStateException if no stream is open
     */
    public @Nullable ReplicationMessage readMessage(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        ReplicationStream current = requireReadable();
        return Advice.given(() -> current.read(timeout));
    }

    /** Waits for the next message of the stream, for as long as it takes if no timeout is given; as {@link #readMessage(Duration)} does. */
    @Nullable
    ReplicationMessage receive(@Nullable Duration timeout) {
        return timeout == null ? next(requireReadable()) : readMessage(timeout);
    }

    private @Nullable ReplicationMessage next(ReplicationStream current) {
        ReplicationMessage here = current.take();
        if (here != null) {
            return here;
        }
        return current.isOpen() ? Advice.given(() -> current.read(null)) : null;
    }

    /**
     * Gives each message to a consumer, until the stream ends. It runs on this thread, with no lock held, and may take its time and
     * use {@link #sendFeedback}. When it throws {@link StopReplication} the stream is stopped and this returns; whatever else it
     * throws is passed on, and the stream stays open for a further call.
     *
     * @throws PgException why the stream has failed
     * @throws dev.howdah.error.InterruptedWaitException if the thread was interrupted; the stream stays open
     * @throws IllegalStateException if no stream is open, or it is being consumed
     */
    public void consumeStream(Consumer<? super ReplicationMessage> consumer) {
        ReplicationStream current = requireReadable();
        if (consuming) {
            throw new IllegalStateException("the stream is being consumed already");
        }
        consuming = true;
        try {
            for (ReplicationMessage message = next(current); message != null; message = next(current)) {
                consumer.accept(message);
            }
        } catch (StopReplication e) {
            current.stop("its consumer had enough");
        } finally {
            consuming = false;
        }
    }

    /**
     * Returns the messages to be iterated over, once, until the stream ends; each step waits for the next one, and throws as {@link
     * #readMessage(Duration)} does.
     *
     * @throws IllegalStateException if no stream is open
     */
    public Iterable<ReplicationMessage> messages() {
        ReplicationStream current = requireReadable();
        return () -> new Stepping<>(() -> next(current), "the stream has ended");
    }

    /**
     * Returns the messages for one subscriber, which has to have room for each that it asks for: nothing is taken from the stream
     * beyond that, so that a slow subscriber holds the server back. It is served on a virtual thread of its own, and may use {@link
     * #sendFeedback} there. When it cancels, or throws, the stream is stopped. Why the stream has failed comes as the error, when all
     * that came before was asked for; its end otherwise completes. A further subscriber gets an {@link IllegalStateException}, and
     * while there is one nobody else may read.
     *
     * @throws IllegalStateException if no stream is open, or the connection is polled
     */
    public final Flow.Publisher<ReplicationMessage> publisher() {
        ReplicationStream current = requireStream();
        return StreamPublisher.of(current, () -> next(current), () -> current.stop("its subscriber had enough"));
    }

    // What the server is told

    /**
     * Confirms that all up to a place has been stored; of a logical stream that is the {@link ReplicationMessage#dataStart()} of a
     * commit. The server is told within a fifth of a second.
     *
     * @see #sendFeedback(Lsn, Lsn, Lsn, boolean, boolean)
     */
    public void sendFeedback(Lsn flush) {
        sendFeedback(null, flush, null, false, false);
    }

    /**
     * Notes how far the program has got. A place only moves forward: a lower one than before changes nothing. The server is never told
     * of a place that it has not told of itself, because it would skip all before; what is beyond is kept until it has.
     *
     * @param write up to where it has received; null to leave that to the driver, which says what has been read
     * @param flush up to where it has stored for good, which frees the server from keeping it; null to leave it
     * @param apply up to where others can see it; null to leave it, and if it was never given it is the same as {@code flush}, or
     *     nothing for a physical stream
     * @param reply whether to have the server answer, at once
     * @param force whether to tell the server now
     * @throws IllegalStateException if there is no stream
     */
    public void sendFeedback(
            @Nullable Lsn write, @Nullable Lsn flush, @Nullable Lsn apply, boolean reply, boolean force) {
        ReplicationStream current = requireStream();
        current.feedback(
                write == null ? Lsn.ZERO : write, flush == null ? Lsn.ZERO : flush, apply == null ? Lsn.ZERO : apply);
        if (reply || force) {
            requireReadable();
            current.queue().force(reply);
            current.send();
        }
    }

    /**
     * Tells the server now which rows a standby's queries can still see. It holds for as long as the stream, or with a slot until it is
     * told something else.
     *
     * @throws IllegalStateException if no physical stream is open
     */
    public void sendStandbyFeedback(StandbyFeedback feedback) {
        ReplicationStream current = requireReadable();
        current.queue().standbyFeedback(Objects.requireNonNull(feedback, "feedback"));
        current.send();
    }

    /**
     * Stops the stream: the server is told how far the program has got, and that it has had enough. If it goes on to send for a second,
     * as in the middle of a large transaction, or says nothing for three, it is cancelled, and may not have read what it was told
     * last. What was not read is dropped, and comes again if it was not confirmed. The connection can be used for commands afterwards. A
     * server that has not heeded the cancel after ten seconds more is given up.
     * Does nothing if no stream is open.
     *
     * @throws ConnectionLostException if the connection was lost
     */
    public void stopReplication() {
        ReplicationStream current = stream;
        if (current != null) {
            current.stop("it was stopped");
        }
    }

    /** Stops the stream, if one is open, and closes the cursor. */
    @Override
    public void close() {
        try {
            if (connection().isOpen()) {
                stopReplication();
            }
        } finally {
            super.close();
        }
    }

    // What is known

    /**
     * Returns the channel, for a selector that waits until {@link #readMessage()} may have something. From now on nobody but the program
     * reads it, so that nothing comes unseen; the server is told and answered only while the program reads, so it has to do that at
     * least every {@link StreamOptions#statusInterval}.
     */
    public final SelectableChannel channel() {
        selected = true;
        ReplicationStream current = stream;
        if (current != null) {
            current.leaveAlone();
        }
        return connection().info().channel();
    }

    /** Returns the highest place up to which the server has said that it has sent, or {@code 0/0}. */
    public final Lsn walEnd() {
        return requireStream().queue().walEnd();
    }

    /** Returns the place that the server is told to be confirmed: by the program, or by keepalives. */
    public final Lsn confirmed() {
        return requireStream().queue().flushed();
    }

    /** Returns how many messages have been read from the stream. */
    public final long messageCount() {
        return requireStream().messages();
    }

    /** Returns when something came last, the beginning of 1970 if nothing has. */
    public final Instant ioTimestamp() {
        return requireStream().queue().ioTime();
    }

    /** Returns when the server was told last, the beginning of 1970 if it was not. */
    public final Instant feedbackTimestamp() {
        return requireStream().queue().feedbackTime();
    }

    /** Returns where a physical stream of an old timeline has ended; null if it has not, or not for that. */
    public final @Nullable TimelineSwitch timelineSwitch() {
        List<String> ending = requireStream().ending();
        return ending.size() == 2 ? new TimelineSwitch(Long.parseLong(ending.get(0)), Lsn.parse(ending.get(1))) : null;
    }
}
