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

    /** The key=value text that connects to it, for any libpq too. It holds the password. */
    public String conninfo() {
        return "host=" + quoted(host) + " port=" + port + " dbname=" + quoted(database) + " user=" + quoted(user)
                + " password=" + quoted(password) + " sslmode=disable gssencmode=disable";
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    @Override
    public String toString() {
        return "postgresql://" + user + "@" + host + ":" + port + "/" + database;
    }
}
