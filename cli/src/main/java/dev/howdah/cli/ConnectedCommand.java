package dev.howdah.cli;

import dev.howdah.ConnectOptions;
import dev.howdah.ConnectOptionsBuilder;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.Subscription;
import dev.howdah.SubscriptionListener;
import dev.howdah.error.ConnectAttempt;
import java.util.Collection;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** A command that needs a connection. */
abstract class ConnectedCommand extends BaseCommand implements Callable<Integer> {

    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private Where where = new Where();

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
    }

    ConnectedCommand(Surroundings around) {
        super(around);
    }

    /** Does the work and returns the exit code. */
    abstract int run(Target target) throws InterruptedException;

    @Override
    public final Integer call() throws InterruptedException {
        if (!where.embedded) {
            return run(new Target(where.dsn == null ? "" : where.dsn, null));
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

        PgConnection connect() {
            return Howdah.connect(options().build());
        }

        Subscription subscribe(Collection<String> channels, SubscriptionListener listener) {
            return Howdah.subscribe(options().build(), channels, listener);
        }

        /** Connects to the address that was taken before, whatever others there are. */
        PgConnection connectAgain(ConnectAttempt taken) {
            ConnectOptionsBuilder options =
                    options().option("host", taken.host()).option("port", Integer.toString(taken.port()));
            return Howdah.connect(options.option("hostaddr", taken.isUnix() ? "" : String.valueOf(taken.address()))
                    .build());
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
