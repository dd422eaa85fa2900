package dev.howdah.cli;

import dev.howdah.PgConnection;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.ReplicationException;
import dev.howdah.replication.Finding;
import dev.howdah.replication.Follower;
import dev.howdah.replication.FollowerOptions;
import dev.howdah.replication.ReplicationMonitor;
import dev.howdah.replication.ResumeToken;
import dev.howdah.replication.SlotOptions;
import dev.howdah.type.Lsn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code howdah tail}. */
@Command(
        name = "tail",
        description = {
            "Print changes as they are committed, transaction by transaction. A lost connection is made anew, without anything lost or"
                    + " printed twice. Ctrl-C finishes the transaction, confirms it, and ends it.",
            "Without --slot it makes a slot and, without --publication, publications, and removes them at the end. Of a table that has"
                    + " no replica identity it publishes no UPDATE and DELETE, which the server would then refuse to everybody."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  howdah tail public.item",
            "  howdah tail --snapshot=4 --format json item customer",
            "  howdah tail --slot shop_changes --publication shop --resume shop.token --format json",
            "  howdah tail --slot shop_changes --publication shop --until-lsn now"
        })
final class TailCommand extends ConnectedCommand {

    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Duration SHORT_PATIENCE = Duration.ofSeconds(2);
    private static final Duration QUICK_PROGRESS = Duration.ofMillis(200);
    private static final Duration PROGRESS = Duration.ofSeconds(10);
    private static final int MOST_READERS = 64;
    private static final int NAMED = 10;

    @Parameters(
            arity = "0..*",
            paramLabel = "TABLE",
            description = "The tables, as SQL reads their names; all that the role may publish if none is named.")
    private List<String> tables = new ArrayList<>();

    @Option(
            names = {"-s", "--slot"},
            paramLabel = "NAME",
            description = "Read from this slot, which stays, with what it has kept since it was read last.")
    private @Nullable String slot;

    @Option(names = "--create-slot", description = "Make the slot if it is not there.")
    private boolean createSlot;

    @Option(
            names = {"-p", "--publication"},
            paramLabel = "NAME",
            description = "A publication, which says what to print; may be given several times.")
    private List<String> publications = new ArrayList<>();

    @Option(
            names = "--snapshot",
            arity = "0..1",
            fallbackValue = "1",
            paramLabel = "READERS",
            converter = PositiveConverter.class,
            preprocessor = Attached.class,
            description =
                    "First print the rows that are there, then the changes since; read by so many connections at a time, as in"
                            + " --snapshot=4.")
    private @Nullable Integer snapshot;

    @Option(
            names = "--resume",
            paramLabel = "FILE",
            description =
                    "Keep in this file how far it has got, and go on from there; ends with exit code 1 if something is missing"
                            + " between.")
    private @Nullable Path resume;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "FORMAT",
            description =
                    "${COMPLETION-CANDIDATES}; json is one object a line, described in docs/guide/replication.md. Default:"
                            + " ${DEFAULT-VALUE}.")
    private TailFormat format = TailFormat.text;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            converter = PositiveConverter.class,
            description =
                    "End after so many changes; rows of the snapshot do not count. A transaction that has more is not confirmed.")
    private @Nullable Integer count;

    @Option(
            names = "--transactions",
            paramLabel = "N",
            converter = PositiveConverter.class,
            description = "End after so many transactions.")
    private @Nullable Integer transactions;

    @Option(
            names = "--until-lsn",
            paramLabel = "LSN",
            description =
                    "End when all has come that was committed up to this place in the log, such as 0/16B3748, or now.")
    private @Nullable String until;

    TailCommand(Surroundings around) {
        super(around);
    }

    /** Takes for the option's value only what is attached to it by an equals sign: a table's name may follow. */
    static final class Attached implements IParameterPreprocessor {
        /** Made by picocli. */
        Attached() {}

        @Override
        public boolean preprocess(
                Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> info) {
            if (" ".equals(info.get("separator"))) {
                arguments.push("1");
            }
            return false;
        }
    }

    @Override
    int run(Target given) {
        check();
        Target target = given.asSuperuser();
        TailObjects own = new TailObjects();
        try {
            return run(target, own);
        } catch (InterruptedException | InterruptedWaitException e) {
            // Ctrl-C, the usual way to end it.
            return ExitCode.OK;
        } finally {
            if (target.server() == null) {
                own.remove(target::connect, this::remark);
            }
        }
    }

    private void check() {
        if (slot == null && (createSlot || resume != null)) {
            throw new UsageException("--create-slot and --resume are for a slot that stays: name it with --slot");
        } else if (slot != null && publications.isEmpty()) {
            throw new UsageException("a slot that stays needs a publication that does: name it with --publication");
        } else if (!publications.isEmpty() && !tables.isEmpty()) {
            throw new UsageException("the publication says which tables: name either it or them");
        } else if (count != null && resume != null) {
            throw new UsageException(
                    "--count may end within a transaction, and --resume goes on between two: use --transactions");
        } else if (snapshot != null && snapshot > MOST_READERS) {
            throw new UsageException("a snapshot is read by " + MOST_READERS + " connections at most");
        }
        tables.forEach(TailTables::parsed);
        if (until != null && !until.equals("now")) {
            lsn(until);
        }
    }

    private static Lsn lsn(String text) {
        try {
            return Lsn.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private int run(Target target, TailObjects own) throws InterruptedException {
        ResumeFile file = resume == null ? null : new ResumeFile(resume);
        ResumeToken position = file == null ? null : file.read();
        FollowerOptions settings;
        String greeting;
        Lsn end;
        try (PgConnection db = target.connect()) {
            String name = slot;
            boolean there = name != null && isThere(db, name);
            boolean made = name == null || (createSlot && !there);
            if (there && snapshot != null && position == null) {
                throw new UsageException("the slot " + name + " is there already, and its beginning is past: without"
                        + " --snapshot it is read from where it stands");
            }
            if (!isReady(TailChecks.of(db, made ? null : name, publications, target.tryReplication()))) {
                return ExitCode.SERVER_ERROR;
            }
            greeting = greeting(target, publications.isEmpty() ? publish(db, own) : String.join(", ", publications));
            List<String> followed = publications.isEmpty() ? own.publications() : publications;
            settings = settings(name == null ? own.slot() : name, followed, made);
            end = until == null ? null : until.equals("now") ? now(db) : lsn(until);
        }
        TailOutput output = new TailOutput(around().outBytes());
        boolean cuts = around().outIsTerminal()
                && !around().environment().getOrDefault("TERM", "").equals("dumb");
        TailSink sink = new TailSink(
                output,
                format == TailFormat.json ? new TailJson() : new TailText(style(), cuts),
                new TailSink.Limits(count, transactions, end),
                file,
                position,
                this::dimRemark,
                greeting);
        return follow(target.follow(settings, sink));
    }

    private FollowerOptions settings(String name, List<String> followed, boolean made) {
        FollowerOptions settings = FollowerOptions.of(name, followed.toArray(String[]::new))
                .transactions(stream -> stream.progress(until == null ? PROGRESS : QUICK_PROGRESS));
        settings = made ? settings.createSlot(SlotOptions.DEFAULT) : settings;
        return made && snapshot != null ? settings.snapshot(snapshot) : settings;
    }

    private static boolean isThere(PgConnection db, String name) {
        return new ReplicationMonitor(db)
                .slots().stream().anyMatch(there -> there.name().equals(name));
    }

    private static Lsn now(PgConnection db) {
        return db.queryOne(
                "select case when pg_catalog.pg_is_in_recovery() then pg_catalog.pg_last_wal_replay_lsn()"
                        + " else pg_catalog.pg_current_wal_insert_lsn() end",
                Lsn.class);
    }

    /** Says what was found, and whether the stream can be begun. */
    private boolean isReady(TailChecks checks) {
        for (Finding finding : checks.warnings()) {
            around().err().println(errorStyle().yellow("howdah:") + " " + TailChecks.text(finding));
        }
        for (Finding finding : checks.errors()) {
            around().err().println(errorStyle().red("howdah:") + " " + TailChecks.text(finding));
        }
        around().err().flush();
        return checks.errors().isEmpty();
    }

    /** Makes publications of the tables, and returns what they are of. */
    private String publish(PgConnection db, TailObjects own) {
        boolean superuser =
                db.queryOne("select rolsuper from pg_catalog.pg_roles where rolname = current_user", Boolean.class);
        TailTables found = tables.isEmpty() ? TailTables.all(db, superuser) : TailTables.named(db, tables);
        boolean everything = tables.isEmpty() && superuser;
        if (found.isEmpty() && !everything) {
            throw new UsageException("the role owns no table that could be published: name a publication");
        }
        own.publish(db, found, everything);
        if (!found.others().isEmpty()) {
            around().err()
                    .println(errorStyle().yellow("howdah:") + " no UPDATE and DELETE is shown of "
                            + some(found.others())
                            + ": nothing identifies their rows. Add a primary key, or alter table ..."
                            + " replica identity full (from PostgreSQL 18 on without generated columns)");
            around().err().flush();
        }
        return everything ? "all tables" : some(found.all());
    }

    private static String some(List<String> names) {
        String first = TextTable.visible(String.join(", ", names.subList(0, Math.min(names.size(), NAMED))));
        return names.size() <= NAMED ? first : first + " and " + (names.size() - NAMED) + " more";
    }

    private static String greeting(Target target, String what) {
        Embedded server = target.server();
        return "following " + TextTable.visible(what)
                + (server == null ? "" : "; the server is " + server.uriWithoutPassword());
    }

    /** Prints a line to standard error that is less important. */
    private void dimRemark(String text) {
        around().err().println(errorStyle().dim("howdah: " + text));
        around().err().flush();
    }

    private int follow(Follower follower) throws InterruptedException {
        try {
            while (!follower.await(Duration.ofHours(1))) {
                // It goes on.
            }
        } finally {
            close(follower);
        }
        Throwable failure = follower.failure();
        switch (failure) {
            case null -> {}
            case TailSink.Enough enough -> {}
            case TailOutput.ClosedException closed -> {}
            case ReplicationException e -> throw advised(e);
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(failure.getMessage(), failure);
        }
        return ExitCode.OK;
    }

    /** The sink finishes its transaction; if it cannot, or a slot is waited for, that is given up after a while. */
    private static void close(Follower follower) throws InterruptedException {
        Thread closing = Thread.startVirtualThread(follower::close);
        if (!closing.join(follower.status().streaming() ? PATIENCE : SHORT_PATIENCE)) {
            closing.interrupt();
            closing.join(SHORT_PATIENCE);
        }
    }

    private ReplicationException advised(ReplicationException e) {
        String advice = switch (e.reason()) {
            case CHANGES_LOST, SLOT_MISSING, SLOT_INVALIDATED, OTHER_SYSTEM, SERVER_BEHIND ->
                resume == null
                        ? ""
                        : "\nTo begin anew remove " + resume
                                + ", make the slot anew and take the rows that are there, as"
                                + " --create-slot --snapshot do.";
            case SLOT_UNFIT, PUBLICATION_MISSING, NOT_READY, SPOOL_FULL, SPOOL_FAILED -> "";
        };
        return new ReplicationException(e.reason(), e.getMessage() + advice, e);
    }
}
