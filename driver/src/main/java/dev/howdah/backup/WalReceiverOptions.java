package dev.howdah.backup;

import dev.howdah.replication.StandbyFeedback;
import dev.howdah.type.Lsn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a {@link WalReceiver} receives, and how. Immutable: each method returns other options. */
public final class WalReceiverOptions {

    private static final Duration STATUS_INTERVAL = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration DAY = Duration.ofDays(1);

    final Path folder;

    @Nullable
    String slot;

    boolean createSlot;

    @Nullable
    Lsn startLsn;

    @Nullable
    Lsn endLsn;

    WalCompression compression = WalCompression.NONE;
    List<WalCompression> older = List.of();
    boolean synchronous;
    Duration statusInterval = STATUS_INTERVAL;
    Duration firstPause = FIRST_PAUSE;
    Duration longestPause = LONGEST_PAUSE;

    @Nullable
    Duration giveUpAfter;

    boolean reconnects = true;

    @Nullable
    Supplier<StandbyFeedback> standbyFeedback;

    Consumer<? super WalReceiverEvent> listener = event -> {};

    private WalReceiverOptions(Path folder) {
        this.folder = Objects.requireNonNull(folder, "folder");
    }

    private WalReceiverOptions(WalReceiverOptions other) {
        folder = other.folder;
        slot = other.slot;
        createSlot = other.createSlot;
        startLsn = other.startLsn;
        endLsn = other.endLsn;
        compression = other.compression;
        older = other.older;
        synchronous = other.synchronous;
        statusInterval = other.statusInterval;
        firstPause = other.firstPause;
        longestPause = other.longestPause;
        giveUpAfter = other.giveUpAfter;
        reconnects = other.reconnects;
        standbyFeedback = other.standbyFeedback;
        listener = other.listener;
    }

    /**
     * Returns those of a folder. Reception goes on where that ends; one without log begins where {@link #slot} stands, or with the segment
     * that the server writes now.
     *
     * @param folder is made if it is not there
     */
    public static WalReceiverOptions into(Path folder) {
        return new WalReceiverOptions(folder);
    }

    /** Names the physical slot that keeps the log until it has been received. Without one the server may remove what is still needed. */
    public WalReceiverOptions slot(String name) {
        WalReceiverOptions other = new WalReceiverOptions(this);
        other.slot = Objects.requireNonNull(name, "name");
        return other;
    }

    /** Has the slot be made, keeping the log from now on, whenever it is not there: also on a server that was promoted. */
    public WalReceiverOptions createSlot(boolean on) {
        WalReceiverOptions other = new WalReceiverOptions(this);
        other.createSlot = on;
        return other;
    }

    /**
     * Says where to begin if the folder has no log.
     *
     * @param lsn any place in a segment, which is received from its first byte on; null for where the slot stands, or what the server writes
     *     now
     */
    public WalReceiverOptions startLsn(@Nullable Lsn lsn) {
        WalReceiverOptions other = new WalReceiverOptions(this);
        other.startLsn = lsn;
        return other;
    }

    /**
     * Has it end by itself when all before a place is on the disk.
     *
     * @param lsn null for never
     */
    public WalReceiverOptions endLsn(@Nullable Lsn lsn) {
        WalReceiverOptions other = new WalReceiverOptions(this);
        other.endLsn = lsn;
        return other;
    }

    /** Has segments be compressed when they are whole; those that lie there already stay as they are. */
    public WalReceiverOptions compression(WalCompression how) {
        WalReceiverOptions other = new WalReceiverOptions(this);
        other.compression = Objects.requireNonNull(how, "how");
        return other;
    }

    /**
     * Says how files that lie in the folder already may be compressed, besides gzip and {@link #compression}: a file in a form that is not
     * known counts as not there.
     */
    public WalReceiverOptions reads(WalCompression... others) {
        WalReceiverOptions other = new WalReceiverOptions(this);
        other.older = List.of(others);
        return other;
    }

    /** Returns the folder, in which all forms that are named are known. */
    WalFolder open() {
        List<WalCompression> all = new ArrayList<>(older);
        all.add(compression);
        return WalFolder.open(folder, all.toArray(WalCompression[]::new));
    }

    /**
     * Has what comes be brought to the disk as soon as nothing more waits to be read, and the server be told at once, as a server needs it
     * that waits for that with each commit: its {@code synchronous_standby_names} has the connection's {@code application_name}. Else that
     * is done at the end of a segment, when nothing more comes for a moment, and with each status.
     */
    public WalReceiverOptions synchronous(boolean on) {
        WalReceiverOptions other = new WalReceiverOptions(this);
        other.synchronous = on;
        return other;
    }

    /**
     * Says how often the server is told how far the reception has got, at least.
     *
     * @param interval from a second to a day; a third of the server's {@code wal_sender_timeout} or less
     */
    public WalReceiverOptions statusInterval(Duration interval) {
        if (interval.compareTo(Duration.ofSeconds(1)) < 0 || interval.compareTo(DAY) > 0) {
            throw new IllegalArgumentException("the status interval is from 1 second to a day, not " + interval);
        }
        WalReceiverOptions other = new WalReceiverOptions(this);
        other.statusInterval = interval;
        return other;
    }

    /**
     * Says how long to wait between attempts to connect: a random time below a limit, which doubles with each.
     *
     * @param first the first limit; half a second unless this is called
     * @param longest the last one; 30 seconds unless this is called
     */
    public WalReceiverOptions pauses(Duration first, Duration longest) {
        if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("pauses from " + first + " to " + longest + " are not possible");
        }
        WalReceiverOptions other = new WalReceiverOptions(this);
        other.firstPause = first;
        other.longestPause = longest;
        return other;
    }

    /**
     * Says for how long to try to have a stream again before the receiver ends with the last reason.
     *
     * @param time null for ever, which it is unless this is called
     */
    public WalReceiverOptions giveUpAfter(@Nullable Duration time) {
        WalReceiverOptions other = new WalReceiverOptions(this);
        other.giveUpAfter = time;
        return other;
    }

    /** Has it end with the first connection, whyever that ends. */
    public WalReceiverOptions once() {
        WalReceiverOptions other = new WalReceiverOptions(this);
        other.reconnects = false;
        return other;
    }

    /**
     * Tells the server, at the beginning of a stream and with each status interval, which rows somebody can still see who depends on
     * the received log, so that it does not remove them.
     *
     * @param source asked on the receiver's thread, which waits for it; null for nobody
     */
    public WalReceiverOptions standbyFeedback(@Nullable Supplier<StandbyFeedback> source) {
        WalReceiverOptions other = new WalReceiverOptions(this);
        other.standbyFeedback = source;
        return other;
    }

    /** Names who is told what happens, on the receiver's thread, which waits for him; if he throws, the receiver ends. */
    public WalReceiverOptions listener(Consumer<? super WalReceiverEvent> who) {
        WalReceiverOptions other = new WalReceiverOptions(this);
        other.listener = Objects.requireNonNull(who, "who");
        return other;
    }
}
