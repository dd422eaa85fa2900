package dev.howdah.examples;

import dev.howdah.ConnectionInfo;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;

/** What a connection is: server, session, encryption. */
public final class ConnectionInformation {

    private ConnectionInformation() {}

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        try (PgConnection db = Howdah.connect(args.length > 0 ? args[0] : "")) {
            ConnectionInfo info = db.info();
            System.out.println("Database: " + info.dbname());
            System.out.println("User: " + info.user());
            System.out.println("Password: " + info.password());
            System.out.println("Host: " + info.host() + ":" + info.port());
            System.out.println("Server version: " + info.serverVersion());
            System.out.println("Protocol version: " + info.protocolVersion());
            System.out.println("Backend PID: " + info.backendPid());
            System.out.println("Authenticated by: " + info.authenticationMethod());
            System.out.println("SSL in use: " + info.sslInUse());
            for (String name : info.sslAttributeNames()) {
                System.out.println("  " + name + ": " + info.sslAttribute(name));
            }
            System.out.println("Time zone: " + info.parameterStatus("TimeZone"));
            System.out.println("Status: " + info.status() + ", transaction: " + info.transactionStatus());
        }
    }
}
