package dev.howdah.replication;

import dev.howdah.ConnectOptions;
import dev.howdah.PgConnection;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Looks, before a consumer of a logical stream starts, at what could keep it from starting, have it lose something, or break something
 * else. It says what is wrong and what to do, and changes nothing. PostgreSQL 14 and later.
 *
 * <p>Immutable, and safe for several threads: each method returns another one.
 *
 * @see <a href="https://www.postgresql.org/docs/current/logicaldecoding.html">Logical Decoding</a>
 * @see <a href="https://www.postgresql.org/docs/current/logical-replication-config.html">Logical Replication: Configuration Settings</a>
 */
public final class Preflight {

    private static final long GB = 1L << 30;

    /** Of no slot and no publication, with pgoutput, and status every ten seconds as {@link StreamOptions#DEFAULT} has it. */
    public static final Preflight DEFAULT = new Preflight();

    @Nullable
    String slot;

    List<String> publications = List.of();
    String plugin = "pgoutput";
    Duration statusInterval = StreamOptions.DEFAULT.statusInterval;

    @Nullable
    String applicationName;

    Duration longTransaction = Duration.ofMinutes(1);
    long largeRetention = GB;

    private Preflight() {}

    private Preflight(Preflight other) {
        slot = other.slot;
        publications = other.publications;
        plugin = other.plugin;
        statusInterval = other.statusInterval;
        applicationName = other.applicationName;
        longTransaction = other.longTransaction;
        largeRetention = other.largeRetention;
    }

    /** Names the slot that the stream will be of, as it is. That there is none of this name is an error then. */
    public Preflight slot(String name) {
        Preflight made = new Preflight(this);
        made.slot = Objects.requireNonNull(name, "name");
        return made;
    }

    /** Names the publications that the stream will be of, as they are, in place of those named before. */
    public Preflight publications(String... names) {
        Preflight made = new Preflight(this);
        made.publications = List.of(names);
        return made;
    }

    /** Names the output plugin; it is pgoutput unless this is called. */
    public Preflight plugin(String name) {
        Preflight made = new Preflight(this);
        made.plugin = Objects.requireNonNull(name, "name");
        return made;
    }

    /** Says how often the consumer will tell how far it has got: what {@link StreamOptions#statusInterval} will be given. */
    public Preflight statusInterval(Duration interval) {
        if (interval.isZero() || interval.isNegative()) {
            throw new IllegalArgumentException("the status interval is more than zero, not " + interval);
        }
        Preflight made = new Preflight(this);
        made.statusInterval = interval;
        return made;
    }

    /** Says what the consumer will call itself; it is what the connection that is asked does unless this is called. */
    public Preflight applicationName(String name) {
        Preflight made = new Preflight(this);
        made.applicationName = Objects.requireNonNull(name, "name");
        return made;
    }

    /** Says from when on an open or a prepared transaction is warned of; a minute unless this is called. */
    public Preflight longTransaction(Duration age) {
        if (age.isNegative()) {
            throw new IllegalArgumentException("the age of a transaction is not negative: " + age);
        }
        Preflight made = new Preflight(this);
        made.longTransaction = age;
        return made;
    }

    /**
     * Says from when on the log that is kept for a slot that nobody uses is warned of.
     *
     * @param bytes from 0 up; 1 GiB unless this is called
     */
    public Preflight largeRetention(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("the size of the log is not negative: " + bytes);
        }
        Preflight made = new Preflight(this);
        made.largeRetention = bytes;
        return made;
    }

    /**
     * Looks at everything, with SQL. What the role has no right to see is a finding that says so. In an open transaction each question is
     * asked behind a savepoint, so that a refused one does not end it.
     *
     * @param db a connection to the database that the stream will be of, not for replication, best as the role that will stream
     * @return unmodifiable, the worst first, those that are as bad by {@link Finding.Check}
     * @throws IllegalArgumentException if the connection is one for replication
     */
    public List<Finding> check(PgConnection db) {
        if (db instanceof ReplicationConnection) {
            throw new IllegalArgumentException("a preflight asks on a connection that is not for replication");
        }
        return PreflightLook.all(new PreflightFacts(db, this));
    }

    /**
     * Connects for logical replication and closes the connection again: what SQL cannot say about pg_hba.conf, the role, poolers on the way and
     * processes that are free. It takes one of {@code max_wal_senders} for a moment.
     *
     * @param options how the consumer will connect; the option {@code replication} is set here
     * @return OK or an error that says who refused it, with the check {@link Finding.Check#REPLICATION_CONNECTION}; any failure to
     *     connect becomes a finding
     */
    public static Finding tryConnect(ConnectOptions options) {
        return PreflightConnect.attempt(options);
    }
}
