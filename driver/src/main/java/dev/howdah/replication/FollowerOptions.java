package dev.howdah.replication;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a {@link Follower} follows, and how. Immutable: each method returns other options. */
public final class FollowerOptions {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final int MOST_READERS = 64;

    final String slot;
    final List<String> publications;

    @Nullable
    List<String> published;

    @Nullable
    SlotOptions made;

    int readers;
    UnaryOperator<TransactionStreamOptions> stream = UnaryOperator.identity();
    Duration firstPause = FIRST_PAUSE;
    Duration longestPause = LONGEST_PAUSE;

    @Nullable
    Duration giveUpAfter;

    private FollowerOptions(String slot, List<String> publications) {
        this.slot = Objects.requireNonNull(slot, "slot");
        this.publications = publications;
    }

    private FollowerOptions(FollowerOptions other) {
        slot = other.slot;
        publications = other.publications;
        published = other.published;
        made = other.made;
        readers = other.readers;
        stream = other.stream;
        firstPause = other.firstPause;
        longestPause = other.longestPause;
        giveUpAfter = other.giveUpAfter;
    }

    /**
     * Returns those of a slot of pgoutput, which has to be there unless {@link #createSlot} is called, and of publications, which have to
     * be there unless {@link #createPublication} is called.
     *
     * @param publications at least one; their names need no quotes
     */
    public static FollowerOptions of(String slot, String... publications) {
        if (publications.length == 0) {
            throw new IllegalArgumentException("there is nothing to follow: name a publication");
        }
        return new FollowerOptions(slot, List.of(publications));
    }

    /**
     * Has the first publication be made if it is not there. The slot sees only publications that are older than itself. It is not made, and
     * the follower ends, if a table has nothing that identifies its rows: the server would then refuse to update and delete them.
     *
     * @param tables their names as SQL reads them, such as {@code public.item}; none for all tables of the database, for which one
     *     has to be a superuser
     */
    public FollowerOptions createPublication(String... tables) {
        FollowerOptions other = new FollowerOptions(this);
        other.published = List.of(tables);
        return other;
    }

    /**
     * Has the slot be made if it is not there, unless the sink has a position: then it has been lost.
     *
     * @param options such as {@code SlotOptions.DEFAULT.failover(true)}; what they say of the snapshot is not used
     */
    public FollowerOptions createSlot(SlotOptions options) {
        if (options.temporary) {
            throw new IllegalArgumentException(
                    "a temporary slot is gone with its connection, and a follower makes one after the other");
        } else if (options.twoPhase) {
            throw new IllegalArgumentException("the stream marks the slot for prepared transactions: say it there, by"
                    + " transactions(stream -> stream.twoPhase(true))");
        }
        FollowerOptions other = new FollowerOptions(this);
        other.made = options;
        return other;
    }

    /**
     * Has the sink be given the rows that the tables have when the slot is made, before their changes.
     *
     * @param connections how many read at a time, from 1 to 64
     */
    public FollowerOptions snapshot(int connections) {
        if (connections < 1 || connections > MOST_READERS) {
            throw new IllegalArgumentException(
                    "a snapshot is read by 1 to " + MOST_READERS + " connections, not " + connections);
        }
        FollowerOptions other = new FollowerOptions(made == null ? createSlot(SlotOptions.DEFAULT) : this);
        other.readers = connections;
        return other;
    }

    /** Says how the transactions come, such as in the binary form; what is said of slot, publications and beginning is not used. */
    public FollowerOptions transactions(UnaryOperator<TransactionStreamOptions> how) {
        FollowerOptions other = new FollowerOptions(this);
        other.stream = Objects.requireNonNull(how, "how");
        return other;
    }

    /**
     * Says how long to wait between attempts to connect: a random time below a limit, which doubles with each.
     *
     * @param first the first limit; half a second unless this is called
     * @param longest the last one; 30 seconds unless this is called
     */
    public FollowerOptions pauses(Duration first, Duration longest) {
        if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("pauses from " + first + " to " + longest + " are not possible");
        }
        FollowerOptions other = new FollowerOptions(this);
        other.firstPause = first;
        other.longestPause = longest;
        return other;
    }

    /**
     * Says for how long to try to have a stream again before the follower ends with the last reason.
     *
     * @param time null for ever, which it is unless this is called
     */
    public FollowerOptions giveUpAfter(@Nullable Duration time) {
        FollowerOptions other = new FollowerOptions(this);
        other.giveUpAfter = time;
        return other;
    }

    /** Returns the options of a stream that begins where a sink stands. */
    TransactionStreamOptions transactions() {
        return stream.apply(TransactionStreamOptions.slot(slot).publications(publications.toArray(String[]::new)));
    }
}
