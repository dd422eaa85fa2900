package dev.howdah.backup;

import java.util.List;
import java.util.Objects;

/**
 * How a server of version 15 or later compresses the archives of a backup before it sends them. Immutable.
 *
 * @param method its name in BASE_BACKUP: {@code gzip}, {@code lz4} or {@code zstd}
 * @param detail what else there is to say, as in {@code level=5,workers=2}; empty for nothing
 * @see <a href="https://www.postgresql.org/docs/current/protocol-replication.html#PROTOCOL-REPLICATION-BASE-BACKUP">BASE_BACKUP</a>
 */
public record ServerCompression(String method, String detail) {

    private static final List<String> METHODS = List.of("gzip", "lz4", "zstd");

    /**
     * Checks the method; the detail is the server's to judge.
     *
     * @throws IllegalArgumentException if the method is none that a server knows
     */
    public ServerCompression {
        if (!METHODS.contains(method)) {
            throw new IllegalArgumentException(
                    "a server compresses with " + String.join(", ", METHODS) + ", not with '" + method + "'");
        }
        Objects.requireNonNull(detail, "detail");
    }

    /** Returns gzip with the level that the server takes by itself. */
    public static ServerCompression gzip() {
        return new ServerCompression("gzip", "");
    }

    /** Returns lz4, where the server was built with it. */
    public static ServerCompression lz4() {
        return new ServerCompression("lz4", "");
    }

    /** Returns zstd, where the server was built with it. */
    public static ServerCompression zstd() {
        return new ServerCompression("zstd", "");
    }

    /** Returns the same with a level, which the server judges. */
    public ServerCompression level(int level) {
        String more = "level=" + level;
        return new ServerCompression(method, detail.isEmpty() ? more : detail + "," + more);
    }
}
