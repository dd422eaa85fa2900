package dev.howdah.replication;

import dev.howdah.session.ReplicationGrammar;
import dev.howdah.sql.Identifier;
import dev.howdah.type.Lsn;
import dev.howdah.type.TypeRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link TransactionStream} gives, and how. Immutable: each method returns other options.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-logical-replication.html#PROTOCOL-LOGICAL-REPLICATION-PARAMS">Options of
 *     pgoutput</a>
 */
public final class TransactionStreamOptions {

    private static final long MEMORY = 64L << 20;
    private static final long SMALLEST_MEMORY = 64L << 10;
    private static final long DISK = 16L << 30;
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration PROGRESS = Duration.ofSeconds(10);
    /** Without them the plugins do not tell what a transaction is known by. */
    private static final Map<String, String> TEST_DECODING = Map.of("include-timestamp", "1", "skip-empty-xacts", "1");
    /** Before PostgreSQL 17 a message in a transaction is told before the transaction begins, if empty ones are left out. */
    private static final Map<String, String> OLD_TEST_DECODING = Map.of("include-timestamp", "1");

    private static final Map<String, String> WAL2JSON = Map.of(
            "format-version",
            "2",
            "include-lsn",
            "1",
            "include-timestamp",
            "1",
            "include-xids",
            "1",
            "include-pk",
            "1");

    final String slot;
    StreamOptions stream;
    OutputPlugin plugin = OutputPlugin.PGOUTPUT;
    List<String> publications = List.of();
    boolean binary;
    boolean streaming = true;
    boolean twoPhase;
    boolean messages = true;

    @Nullable
    String origin;

    @Nullable
    TypeRegistry types;

    long spoolMemory = MEMORY;
    long spoolDisk = DISK;

    @Nullable
    Path spoolFolder;

    @Nullable
    Duration progress;

    @Nullable
    ResumeToken resume;

    /** Hears of each table before its first change, and when it is not any more what it was. */
    Consumer<Relation> tables = relation -> {};

    private TransactionStreamOptions(String slot) {
        this.slot = slot;
        this.stream = StreamOptions.slot(slot);
    }

    private TransactionStreamOptions(TransactionStreamOptions other) {
        slot = other.slot;
        stream = other.stream;
        plugin = other.plugin;
        publications = other.publications;
        binary = other.binary;
        streaming = other.streaming;
        twoPhase = other.twoPhase;
        messages = other.messages;
        origin = other.origin;
        types = other.types;
        spoolMemory = other.spoolMemory;
        spoolDisk = other.spoolDisk;
        spoolFolder = other.spoolFolder;
        progress = other.progress;
        resume = other.resume;
        tables = other.tables;
    }

    /** Returns those of a slot: of pgoutput, with values as text, logical messages, and large transactions while they run. */
    public static TransactionStreamOptions slot(String slot) {
        return new TransactionStreamOptions(Objects.requireNonNull(slot, "slot"));
    }

    /** Says which publications to follow; at least one with pgoutput. Their names need no quotes. */
    public TransactionStreamOptions publications(String... names) {
        TransactionStreamOptions made = new TransactionStreamOptions(this);
        made.publications = List.of(names);
        return made;
    }

    /**
     * Says which plugin the slot was made with. One that writes text is told to write what a transaction is known by; options of its own
     * are given to it by {@link #stream}. It does not send transactions while they run.
     */
    public TransactionStreamOptions plugin(OutputPlugin which) {
        TransactionStreamOptions made = new TransactionStreamOptions(this);
        made.plugin = Objects.requireNonNull(which, "which");
        return made;
    }

    /**
     * Says where to begin: at the {@link ReplicatedTransaction#endLsn()} of the last transaction that is stored. The server moves this
     * forward to what the slot has confirmed.
     *
     * @param lsn null and {@code 0/0} mean what the slot has confirmed
     */
    public TransactionStreamOptions startLsn(@Nullable Lsn lsn) {
        return stream(stream.startLsn(lsn));
    }

    /**
     * Has the stream begin where a sink stands, which stores {@link ReplicatedTransaction#token()} together with the changes. That the
     * slot still has everything behind that is checked when the stream is opened. As the check goes by how far the slot has been confirmed,
     * {@link #progress} is handed out every ten seconds, for the sink to store, unless another interval is given.
     *
     * @param token null for a sink that has stored nothing
     */
    public TransactionStreamOptions resume(@Nullable ResumeToken token) {
        TransactionStreamOptions made = startLsn(token == null ? null : token.lsn());
        made.resume = token;
        made.progress = made.progress == null ? PROGRESS : made.progress;
        return made;
    }

    /** Says whether values come in the binary form, which is read faster; without it they come as text. */
    public TransactionStreamOptions binary(boolean on) {
        TransactionStreamOptions made = new TransactionStreamOptions(this);
        made.binary = on;
        return made;
    }

    /**
     * Says whether the server sends large transactions while they still run. They wait here, at last on disk, until they are committed;
     * without it they wait at the server, and their sending begins with the commit. It is so unless this is called.
     */
    public TransactionStreamOptions streaming(boolean on) {
        TransactionStreamOptions made = new TransactionStreamOptions(this);
        made.streaming = on;
        return made;
    }

    /**
     * Says whether a prepared transaction comes when it is prepared, and its end by itself. The server marks the slot for that, for good.
     * PostgreSQL 15. Without it the transaction comes when it is committed.
     */
    public TransactionStreamOptions twoPhase(boolean on) {
        TransactionStreamOptions made = new TransactionStreamOptions(this);
        made.twoPhase = on;
        return made;
    }

    /** Says whether messages of {@code pg_logical_emit_message} come. It is so unless this is called. */
    public TransactionStreamOptions messages(boolean on) {
        TransactionStreamOptions made = new TransactionStreamOptions(this);
        made.messages = on;
        return made;
    }

    /**
     * Says which changes come, by where they were made. PostgreSQL 16.
     *
     * @param which {@code any}, or {@code none} for those only that this server did not get by replication itself
     */
    public TransactionStreamOptions origin(String which) {
        TransactionStreamOptions made = new TransactionStreamOptions(this);
        made.origin = Objects.requireNonNull(which, "which");
        return made;
    }

    /**
     * Gives what is known of types, so that values of the database's own types can be read: such as {@code types()} of an ordinary
     * connection to the same database. Without it the stream's connection knows PostgreSQL's own.
     */
    public TransactionStreamOptions types(TypeRegistry known) {
        TransactionStreamOptions made = new TransactionStreamOptions(this);
        made.types = Objects.requireNonNull(known, "known");
        return made;
    }

    /**
     * Says how much memory transactions that still run may take in all before the largest is moved to disk.
     *
     * @param bytes at least 65,536; 64 MiB unless this is called
     */
    public TransactionStreamOptions spoolMemory(long bytes) {
        if (bytes < SMALLEST_MEMORY) {
            throw new IllegalArgumentException("a spool memory of " + bytes + " bytes is less than " + SMALLEST_MEMORY);
        }
        TransactionStreamOptions made = new TransactionStreamOptions(this);
        made.spoolMemory = bytes;
        return made;
    }

    /**
     * Says how much they may take on disk in all; more ends the stream with a {@link dev.howdah.error.ReplicationException}.
     *
     * @param bytes 16 GiB unless this is called
     */
    public TransactionStreamOptions spoolDisk(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("a limit of " + bytes + " bytes is negative");
        }
        TransactionStreamOptions made = new TransactionStreamOptions(this);
        made.spoolDisk = bytes;
        return made;
    }

    /** Says in which folder that is; in the one for temporary files unless this is called. Files there can be read by their owner only. */
    public TransactionStreamOptions spoolFolder(Path folder) {
        TransactionStreamOptions made = new TransactionStreamOptions(this);
        made.spoolFolder = Objects.requireNonNull(folder, "folder");
        return made;
    }

    /**
     * Has progress without changes be handed out to be acknowledged, too: as a {@link ReplicatedTransaction.Kind#PROGRESS}, at most
     * this often. A sink that stores how far it has got together with the changes needs it: otherwise the slot, whose keepalives are
     * confirmed by the driver, gets ahead of what the sink has stored, and nobody can tell that from a loss.
     *
     * @param interval zero has the driver confirm keepalives, which it does unless this is called
     */
    public TransactionStreamOptions progress(Duration interval) {
        if (interval.isNegative() || interval.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("an interval of " + interval + " is not between zero and " + LONGEST);
        }
        TransactionStreamOptions made = new TransactionStreamOptions(this);
        made.progress = interval;
        return made;
    }

    /**
     * Gives the options of the stream below, such as its buffer and timeouts, or options of the plugin that this class does not name.
     * What they say of the slot is not used, nor of what keepalives confirm.
     */
    public TransactionStreamOptions stream(StreamOptions options) {
        TransactionStreamOptions made = new TransactionStreamOptions(this);
        made.stream = options.slotName(slot).type(ReplicationType.LOGICAL);
        return made;
    }

    /** Has somebody hear of each table before its first change, and when it has changed. */
    TransactionStreamOptions tables(Consumer<Relation> hears) {
        TransactionStreamOptions made = new TransactionStreamOptions(this);
        made.tables = hears;
        return made;
    }

    /** Returns how often progress is handed out; zero if it is not. */
    Duration progressInterval() {
        return progress == null ? Duration.ZERO : progress;
    }

    /** Returns the options of the stream below as a server of that version is given them. */
    StreamOptions forServer(int version) {
        return switch (plugin) {
            case PGOUTPUT -> forPgOutput(version);
            case TEST_DECODING -> unlessGiven(version < ReplicationGrammar.V17 ? OLD_TEST_DECODING : TEST_DECODING);
            case WAL2JSON -> unlessGiven(WAL2JSON);
        };
    }

    private StreamOptions unlessGiven(Map<String, String> usual) {
        StreamOptions made = stream;
        for (Map.Entry<String, String> option : usual.entrySet()) {
            if (!stream.plugin.containsKey(option.getKey())) {
                made = made.option(option.getKey(), option.getValue());
            }
        }
        return made;
    }

    private StreamOptions forPgOutput(int version) {
        if (publications.isEmpty()) {
            throw new IllegalArgumentException("pgoutput needs a publication: name one");
        }
        StreamOptions made = stream.option("proto_version", twoPhase ? "3" : streaming ? "2" : "1")
                .option(
                        "publication_names",
                        publications.stream()
                                .map(name -> Identifier.of(name).quoted())
                                .collect(Collectors.joining(",")));
        made = binary ? made.option("binary", "true") : made;
        made = messages ? made.option("messages", "true") : made;
        made = streaming ? made.option("streaming", "on") : made;
        if (twoPhase) {
            ReplicationGrammar.require(version, ReplicationGrammar.V15, "prepared transactions in a stream");
            made = made.option("two_phase", "on");
        }
        if (origin != null) {
            ReplicationGrammar.require(version, ReplicationGrammar.V16, "a choice by origin");
            made = made.option("origin", origin);
        }
        return made;
    }
}
