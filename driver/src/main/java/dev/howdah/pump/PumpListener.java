package dev.howdah.pump;

import dev.howdah.error.PgException;

/** Is told when a connection has ended. */
public interface PumpListener {

    /**
     * The connection has been lost. Called once, by the thread that noticed, which has the connection's turn: it must
     * not block or use the connection.
     */
    void lost(PgException cause);
}
