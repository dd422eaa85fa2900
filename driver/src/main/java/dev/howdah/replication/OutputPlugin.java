package dev.howdah.replication;

/**
 * What turns the write-ahead log into messages on the server.
 *
 * @see <a href="https://www.postgresql.org/docs/current/logicaldecoding-output-plugin.html">Logical decoding output plugins</a>
 */
public enum OutputPlugin {
    /** PostgreSQL's own for replication. */
    PGOUTPUT("pgoutput"),
    /** PostgreSQL's example, which writes text. */
    TEST_DECODING("test_decoding"),
    /** One that writes JSON; the server may have to be told to allow it. */
    WAL2JSON("wal2json");

    private final String pluginName;

    OutputPlugin(String pluginName) {
        this.pluginName = pluginName;
    }

    /** Returns the name that a slot is made with. */
    public String pluginName() {
        return pluginName;
    }
}
