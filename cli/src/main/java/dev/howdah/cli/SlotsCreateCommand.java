package dev.howdah.cli;

import dev.howdah.PgConnection;
import dev.howdah.Row;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.replication.ReplicationMonitor;
import dev.howdah.replication.ReplicationType;
import dev.howdah.replication.SlotState;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code howdah slots create}. It calls SQL functions, on a connection like any other, and not the commands of a replication connection: the
 * role needs REPLICATION for both, but the functions need no line of pg_hba.conf for replication and no free process that replicates, work
 * through a pooler, make slots for two-phase transactions on PostgreSQL 14, too, and say what right is missing rather than refuse to
 * connect. The price: no snapshot is exported, which a command line could not keep open.
 */
@Command(
        name = "create",
        description = {
            "Make a slot that lasts, and print its name and the place in the log from where on it has all.",
            "A logical slot is of the database that you connect to. It is ready when all transactions that are open now, of all"
                    + " databases, have ended; the server says nothing meanwhile."
        })
final class SlotsCreateCommand extends ConnectedCommand {

    private static final int V17 = 170_000;
    private static final String PLUGIN = "pgoutput";

    @Parameters(paramLabel = "NAME", description = "Of small letters, digits and underscores, 63 at most.")
    private String name = "";

    @Option(
            names = "--physical",
            description = "A slot for a standby or an archive of the log, which keeps the log from now on.")
    private boolean physical;

    @Option(
            names = {"-P", "--plugin"},
            paramLabel = "PLUGIN",
            description = "The output plugin that writes the changes; " + PLUGIN + " if nothing is said.")
    private @Nullable String plugin;

    @Option(
            names = "--two-phase",
            description = "Prepared transactions are decoded when they are prepared, not when they are committed.")
    private boolean twoPhase;

    @Option(
            names = "--failover",
            description = "Standbys keep a copy of it, so that it outlives a failover. PostgreSQL 17.")
    private boolean failover;

    @Option(
            names = "--if-not-exists",
            description = "It is no error if there is such a slot already; it is if the slot is of another kind.")
    private boolean ifNotExists;

    SlotsCreateCommand(Surroundings around) {
        super(around);
    }

    @Override
    int run(Target target) {
        if (physical && (plugin != null || twoPhase || failover)) {
            throw new UsageException("--plugin, --two-phase and --failover are for logical slots, not with --physical");
        }
        try (PgConnection db = target.connect()) {
            if (failover && db.info().serverVersion() < V17) {
                throw new UsageException("--failover needs PostgreSQL 17; the server is "
                        + db.info().serverVersionText());
            }
            try {
                Row made = create(db);
                line(made.getString("slot_name") + "  " + made.getString("lsn"));
            } catch (ServerException e) {
                if (!ifNotExists || !e.sqlState().equals(SqlState.DUPLICATE_OBJECT)) {
                    advise(e);
                    throw e;
                }
                requireSame(db, e);
            }
        }
        return ExitCode.OK;
    }

    private String plugin() {
        return plugin == null ? PLUGIN : plugin;
    }

    private Row create(PgConnection db) {
        if (physical) {
            return db.queryOne(
                    "select slot_name, lsn::text from pg_catalog.pg_create_physical_replication_slot($1, true)", name);
        }
        String function =
                "select slot_name, lsn::text from pg_catalog.pg_create_logical_replication_slot($1, $2, false, $3";
        return failover
                ? db.queryOne(function + ", true)", name, plugin(), twoPhase)
                : db.queryOne(function + ")", name, plugin(), twoPhase);
    }

    /** Another program may rely on what is there. */
    private void requireSame(PgConnection db, ServerException taken) {
        SlotState there = new ReplicationMonitor(db)
                .slots().stream()
                        .filter(slot -> slot.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> taken);
        String database = db.info().dbname();
        boolean same = physical
                ? there.type() == ReplicationType.PHYSICAL
                : plugin().equals(there.plugin()) && database.equals(there.database());
        if (!same) {
            String kind = there.type() == ReplicationType.PHYSICAL
                    ? "physical"
                    : "logical, of " + there.plugin() + " and the database " + there.database();
            taken.remark("The slot that is there is " + kind + ".");
            throw taken;
        }
        if (there.isLost()) {
            taken.remark("The slot that is there is lost and cannot be used: drop it first.");
            throw taken;
        }
        if (there.type() == ReplicationType.LOGICAL
                && (there.twoPhase() != twoPhase || Objects.requireNonNullElse(there.failover(), false) != failover)) {
            remark("the slot that is there differs in --two-phase or --failover");
        }
        remark("the slot " + name + " is there already");
    }

    private static void advise(ServerException refused) {
        if (refused.sqlState().equals(SqlState.CONFIGURATION_LIMIT_EXCEEDED)) {
            refused.remark("Drop a slot that nobody needs ('howdah slots' shows all), or raise max_replication_slots.");
        } else if (refused.sqlState().equals(SqlState.UNDEFINED_FILE)) {
            refused.remark("Is the output plugin installed on the server?");
        }
    }
}
