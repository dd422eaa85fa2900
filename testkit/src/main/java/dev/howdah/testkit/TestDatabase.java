package dev.howdah.testkit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A database of one's own on a {@link PostgresServer}; every role may create in it what it likes. Closing it drops it, and ends whatever
 * is still connected to it. Safe for several threads.
 */
public final class TestDatabase implements AutoCloseable {

    private final PostgresServer server;
    private final String name;

    TestDatabase(PostgresServer server, String name) {
        this.server = server;
        this.name = name;
    }

    /** The database's name: made of lower-case letters, digits and underscores. */
    public String name() {
        return name;
    }

    /** The server it is on. */
    public PostgresServer server() {
        return server;
    }

    /** The keyword/value text that connects the superuser to it over TCP. */
    public String dsn() {
        return server.dsn(name);
    }

    /** The keyword/value text that connects a role to it over TCP. */
    public String dsn(Role role) {
        return server.dsn(name, role);
    }

    /** The URI that connects the superuser to it over TCP. */
    public String uri() {
        return server.uri(name);
    }

    /** The URI that connects a role to it over TCP. */
    public String uri(Role role) {
        return server.uri(name, role);
    }

    /** The superuser's session in this database; the caller closes it. */
    public AdminSession admin() {
        return server.admin(name);
    }

    /**
     * Runs a script in this database as the superuser, in a session of its own.
     *
     * @return as {@link AdminSession#execute}
     */
    public List<List<@Nullable String>> execute(String sql) {
        try (AdminSession admin = admin()) {
            return admin.execute(sql);
        }
    }

    /** Drops the database. Nothing to do when the server is down or the database is gone. */
    @Override
    public void close() {
        if (server.isRunning()) {
            server.execute("drop database if exists " + name + " with (force)");
        }
    }

    @Override
    public String toString() {
        return name + " on " + server;
    }
}
