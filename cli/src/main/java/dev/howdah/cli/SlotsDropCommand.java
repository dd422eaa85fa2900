package dev.howdah.cli;

import dev.howdah.PgConnection;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.replication.LogicalReplicationConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code howdah slots drop}. It calls the SQL function, for the reasons that {@link SlotsCreateCommand} has; only to wait for whoever uses the
 * slot it takes a replication connection, because the function cannot wait.
 */
@Command(
        name = "drop",
        description = "Remove a slot, and with it what it kept: its consumer cannot go on from where it was.")
final class SlotsDropCommand extends ConnectedCommand {

    @Parameters(paramLabel = "NAME", description = "The slot's name.")
    private String name = "";

    @Option(
            names = "--wait",
            description = "If somebody uses it, wait until nobody does. That takes a connection for replication.")
    private boolean waits;

    @Option(names = "--if-exists", description = "It is no error if there is no such slot.")
    private boolean ifExists;

    SlotsDropCommand(Surroundings around) {
        super(around);
    }

    @Override
    int run(Target target) {
        try {
            drop(target);
        } catch (ServerException e) {
            if (!ifExists || !e.sqlState().equals(SqlState.UNDEFINED_OBJECT)) {
                throw e;
            }
            remark("there is no slot " + name);
        }
        return ExitCode.OK;
    }

    private void drop(Target target) {
        try (PgConnection db = target.connect()) {
            db.query("select pg_catalog.pg_drop_replication_slot($1)", name);
            return;
        } catch (ServerException e) {
            if (!e.sqlState().equals(SqlState.OBJECT_IN_USE)) {
                throw e;
            } else if (!waits) {
                e.remark("--wait waits until nobody uses it.");
                throw e;
            }
            remark(e.diagnostics().messagePrimary() + "; waiting until nobody uses it");
        }
        try (LogicalReplicationConnection db = target.connectForReplication()) {
            db.cursor().dropReplicationSlot(name, true);
        }
    }
}
