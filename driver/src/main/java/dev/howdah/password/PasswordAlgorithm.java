package dev.howdah.password;

/**
 * How PostgreSQL stores a password, the values of its setting {@code password_encryption}.
 *
 * @see <a href="https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-PASSWORD-ENCRYPTION">password_encryption</a>
 */
public enum PasswordAlgorithm {
    /** {@code md5}: weak, deprecated from PostgreSQL 18 on, for old servers and clients. */
    MD5("md5"),
    /** {@code scram-sha-256}: the default from PostgreSQL 14 on. */
    SCRAM_SHA_256("scram-sha-256");

    private final String serverName;

    PasswordAlgorithm(String serverName) {
        this.serverName = serverName;
    }

    /**
     * The name of the algorithm in the server's settings.
     *
     * @return {@code md5} or {@code scram-sha-256}
     */
    public String serverName() {
        return serverName;
    }

    /**
     * The algorithm of a name.
     *
     * @param serverName {@code md5} or {@code scram-sha-256}, in lower case
     * @return never null
     * @throws IllegalArgumentException if there is no such algorithm
     */
    public static PasswordAlgorithm of(String serverName) {
        for (PasswordAlgorithm algorithm : values()) {
            if (algorithm.serverName.equals(serverName)) {
                return algorithm;
            }
        }
        throw new IllegalArgumentException(
                "unknown password encryption algorithm \"" + serverName + "\": expected md5 or scram-sha-256");
    }
}
