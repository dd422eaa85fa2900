package dev.howdah.replication;

import dev.howdah.type.Lsn;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a replication stream is begun with. Immutable: each method returns other options.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-replication.html#PROTOCOL-REPLICATION-START-REPLICATION-SLOT-LOGICAL">START_REPLICATION</a>
 */
public final class StreamOptions {

    private static final Duration STATUS_INTERVAL = Duration.ofSeconds(10);
    private static final Duration RECEIVER_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final int BUFFER = 1024 * 1024;
    private static final int SMALLEST_BUFFER = 1024;

    /** A logical or physical stream, as the connection is, of no slot, from the beginning; status every ten seconds. */
    public static final StreamOptions DEFAULT = new StreamOptions();

    @Nullable
    String slot;

    @Nullable
    ReplicationType type;

    Lsn startLsn = Lsn.ZERO;
    long timeline;
    Map<String, String> plugin = Map.of();
    boolean decode;
    boolean advance = true;
    /** Whether what is confirmed depends on what is acknowledged of transactions. */
    boolean tracked;

    Duration statusInterval = STATUS_INTERVAL;
    Duration receiverTimeout = RECEIVER_TIMEOUT;
    int bufferSize = BUFFER;

    private StreamOptions() {}

    private StreamOptions(StreamOptions other) {
        slot = other.slot;
        type = other.type;
        startLsn = other.startLsn;
        timeline = other.timeline;
        plugin = other.plugin;
        decode = other.decode;
        advance = other.advance;
        tracked = other.tracked;
        statusInterval = other.statusInterval;
        receiverTimeout = other.receiverTimeout;
        bufferSize = other.bufferSize;
    }

    /** Returns those of a slot. */
    public static StreamOptions slot(String slot) {
        return DEFAULT.slotName(slot);
    }

    /** Names the slot, as it is; a logical stream needs one. */
    public StreamOptions slotName(String name) {
        StreamOptions made = new StreamOptions(this);
        made.slot = Objects.requireNonNull(name, "name");
        return made;
    }

    /** Says what to stream where it is not what the connection is for: a physical stream on a connection to a database. */
    public StreamOptions type(ReplicationType what) {
        StreamOptions made = new StreamOptions(this);
        made.type = Objects.requireNonNull(what, "what");
        return made;
    }

    /**
     * Says where to begin. The server moves a logical stream forward to what its slot has confirmed.
     *
     * @param lsn null and {@code 0/0} mean the place that the slot has confirmed; of a physical stream the beginning of the file that
     *     its slot needs next (PostgreSQL 15 and later tell), without a slot of the one that is being written
     */
    public StreamOptions startLsn(@Nullable Lsn lsn) {
        StreamOptions made = new StreamOptions(this);
        made.startLsn = lsn == null ? Lsn.ZERO : lsn;
        return made;
    }

    /**
     * Names the timeline of a physical stream.
     *
     * @param id at least 1; 0 means the current one
     */
    public StreamOptions timeline(long id) {
        if (id < 0 || id > 0xffff_ffffL) {
            throw new IllegalArgumentException("a timeline is a number from 1 to 4294967295, not " + id);
        }
        StreamOptions made = new StreamOptions(this);
        made.timeline = id;
        return made;
    }

    /** Gives an option to the output plugin of a logical stream. */
    public StreamOptions option(String name, String value) {
        StreamOptions made = new StreamOptions(this);
        Map<String, String> all = new LinkedHashMap<>(plugin);
        all.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        made.plugin = Collections.unmodifiableMap(all);
        return made;
    }

    /** Gives options to the output plugin of a logical stream, besides those that it has. */
    public StreamOptions options(Map<String, String> more) {
        StreamOptions made = this;
        for (Map.Entry<String, String> each : more.entrySet()) {
            made = made.option(each.getKey(), each.getValue());
        }
        return made;
    }

    /** Says that payloads are text, which a message shows when it is printed. */
    public StreamOptions decode(boolean text) {
        StreamOptions made = new StreamOptions(this);
        made.decode = text;
        return made;
    }

    /**
     * Says how often the server is told how far the stream has got, at least.
     *
     * @param interval from a second to a day; a third of the server's {@code wal_sender_timeout} or less
     */
    public StreamOptions statusInterval(Duration interval) {
        if (interval.compareTo(Duration.ofSeconds(1)) < 0 || interval.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("the status interval is from 1 second to a day, not " + interval);
        }
        StreamOptions made = new StreamOptions(this);
        made.statusInterval = interval;
        return made;
    }

    /**
     * Says after how long a server that sends nothing counts as dead while somebody reads; it is asked for a sign of life after half of it.
     *
     * @param timeout more than a second; zero for never
     */
    public StreamOptions receiverTimeout(Duration timeout) {
        if (!timeout.isZero() && timeout.compareTo(Duration.ofSeconds(1)) < 0 || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "the receiver timeout is from 1 second to a day, or zero for none, not " + timeout);
        }
        StreamOptions made = new StreamOptions(this);
        made.receiverTimeout = timeout;
        return made;
    }

    /**
     * Says whether keepalives of the server move the confirmed place forward while nothing that has come is unconfirmed; without
     * that a slot whose tables are quiet keeps the write-ahead log of all others. It is so unless this is called.
     */
    public StreamOptions idleAdvance(boolean on) {
        StreamOptions made = new StreamOptions(this);
        made.advance = on;
        return made;
    }

    /** Leaves it to a {@link TransactionStream} what is confirmed. */
    StreamOptions tracked() {
        StreamOptions made = new StreamOptions(this);
        made.tracked = true;
        return made;
    }

    /**
     * Says how much may wait to be read before no more is received, which slows the server down.
     *
     * @param bytes at least 1,024; one message more may wait
     */
    public StreamOptions bufferSize(int bytes) {
        if (bytes < SMALLEST_BUFFER) {
            throw new IllegalArgumentException("the buffer has at least 1024 bytes, not " + bytes);
        }
        StreamOptions made = new StreamOptions(this);
        made.bufferSize = bytes;
        return made;
    }
}
