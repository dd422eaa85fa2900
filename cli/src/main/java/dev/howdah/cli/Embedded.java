package dev.howdah.cli;

import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;

/** A server that lives as long as the command. */
public final class Embedded implements AutoCloseable {

    /** How many connections there may be beside those that somebody else makes to look at it. */
    public static final int MOST_CONNECTIONS = 1_000;

    private static final int OTHERS = 100;

    private final PostgresServer server;
    private final TestDatabase database;

    private Embedded(PostgresServer server, TestDatabase database) {
        this.server = server;
        this.database = database;
    }

    /**
     * Starts PostgreSQL 18 with a database; returns when it takes connections.
     *
     * @throws InterruptedException if the thread was interrupted; nothing is left behind then
     */
    public static Embedded start() throws InterruptedException {
        PostgresServer server = null;
        try {
            server = PostgresServer.builder()
                    .config("max_connections", String.valueOf(MOST_CONNECTIONS + OTHERS))
                    .start();
            return new Embedded(server, server.createDatabase());
        } catch (RuntimeException e) {
            boolean interrupted = Thread.interrupted();
            if (server != null) {
                server.close();
            }
            if (interrupted) {
                InterruptedException stopped = new InterruptedException("interrupted while the server was starting");
                stopped.initCause(e);
                throw stopped;
            }
            throw e;
        }
    }

    /** The server. */
    public PostgresServer server() {
        return server;
    }

    /** The database. */
    public TestDatabase database() {
        return database;
    }

    /** How to connect the best way there is: SCRAM with channel binding over TLS, the certificate checked. It holds a password. */
    public String dsn() {
        return database.dsn(Roles.SCRAM) + verified(server.certificates().ca().toString());
    }

    /** How to connect without a password; for people to read. */
    public String uriWithoutPassword() {
        return database.uri(Roles.TRUST);
    }

    /**
     * Options to put behind a connection text, so that the server has to show a certificate of this root.
     *
     * @param rootCertificate the path of a PEM file
     */
    public static String verified(String rootCertificate) {
        return " sslmode=verify-full channel_binding=require sslrootcert='"
                + rootCertificate.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    /** Stops the server and deletes what it kept. */
    @Override
    public void close() {
        server.close();
    }
}
