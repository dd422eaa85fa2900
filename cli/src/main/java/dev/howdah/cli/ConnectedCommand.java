package dev.howdah.cli;

import dev.howdah.ConnectOptions;
import dev.howdah.ConnectOptionsBuilder;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.Subscription;
import dev.howdah.SubscriptionListener;
import dev.howdah.backup.WalReceiver;
import dev.howdah.backup.WalReceiverOptions;
import dev.howdah.error.ConnectAttempt;
import dev.howdah.replication.ChangeSink;
import dev.howdah.replication.Finding;
import dev.howdah.replication.Follower;
import dev.howdah.replication.FollowerOptions;
import dev.howdah.replication.LogicalReplicationConnection;
import dev.howdah.replication.Preflight;
import java.util.Collection;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that needs a connection. */
abstract class ConnectedCommand extends BaseCommand implements Callable<Integer> {

    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private Where where = new Where();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Where the server is. */
    static final class Where {
        @Option(
                names = {"-d", "--dsn"},
                paramLabel = "TEXT",
                description =
                        "Where to connect to: a URI (postgresql://user@host/database?sslmode=require) or key=value"
                                + " text (host=localhost dbname=shop). Without it the PG* environment variables, the service file"
                                + " and the password file say it, as for psql.")
        private @Nullable String dsn;

        @Option(
                names = "--embedded",
                description = "Start a PostgreSQL 18 of howdah's own for this command, and delete it afterwards.")
        private boolean embedded;

        private boolean isGiven() {
            return embedded || dsn != null;
        }
    }

    ConnectedCommand(Surroundings around) {
        super(around);
    }

    /** Does the work and returns the exit code. */
    abstract int run(Target target) throws InterruptedException;

    /** What stands before the name of a command below another holds for both. */
    private Where where() {
        CommandLine parent = spec.commandLine().getParent();
        return !where.isGiven() && parent != null && parent.getCommand() instanceof ConnectedCommand above
                ? above.where()
                : where;
    }

    @Override
    public final Integer call() throws InterruptedException {
        Where given = where();
        if (!given.embedded) {
            return run(new Target(given.dsn == null ? "" : given.dsn, null));
        }
        try (Embedded server = Embedded.start()) {
            return run(new Target(server.dsn(), server));
        }
    }

    /** What to connect to. */
    static final class Target {
        private final String dsn;
        private final @Nullable Embedded server;

        private Target(String dsn, @Nullable Embedded server) {
            this.dsn = dsn;
            this.server = server;
        }

        /** Connects for SQL and commands of replication; the role needs REPLICATION. */
        LogicalReplicationConnection connectForReplication() {
            return LogicalReplicationConnection.connect(options().build());
        }

        /** Returns the same, as the superuser if the server was started for this command. */
        Target asSuperuser() {
            return server == null ? this : new Target(server.database().dsn(), server);
        }

        /** Follows the changes of the database; the role needs REPLICATION. */
        Follower follow(FollowerOptions settings, ChangeSink sink) {
            return Follower.start(options().build(), settings, sink);
        }

        /** Receives the log of the server; the role needs REPLICATION. */
        WalReceiver receive(WalReceiverOptions settings) {
            return WalReceiver.start(asSuperuser().options().build(), settings);
        }

        /** Finds out whether such a connection can be made. */
        Finding tryReplication() {
            return Preflight.tryConnect(options().build());
        }

        /** Returns how to connect, for what connects by itself. */
        ConnectOptions connectOptions() {
            return options().build();
        }

        PgConnection connect() {
            return Howdah.connect(options().build());
        }

        Subscription subscribe(Collection<String> channels, SubscriptionListener listener) {
            return Howdah.subscribe(options().build(), channels, listener);
        }

        /** Connects to the address that was taken before, whatever others there are. */
        PgConnection connectAgain(ConnectAttempt taken) {
            return Howdah.connect(options().server(taken).build());
        }

        private ConnectOptionsBuilder options() {
            return ConnectOptions.parse(dsn).toBuilder().option("fallback_application_name", "howdah");
        }

        /** The server started for this command, or null. */
        @Nullable
        Embedded server() {
            return server;
        }
    }
}
