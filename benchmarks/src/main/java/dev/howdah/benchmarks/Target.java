package dev.howdah.benchmarks;

/**
 * The server to connect to. TLS is off.
 *
 * @param host its address
 * @param port its TCP port
 * @param database the database with the tables of {@link Data}
 * @param user a role that has a password
 * @param password its password
 * @param keys rows of the table kv
 */
public record Target(String host, int port, String database, String user, String password, int keys) {

    @Override
    public String toString() {
        return "postgresql://" + user + "@" + host + ":" + port + "/" + database;
    }
}
