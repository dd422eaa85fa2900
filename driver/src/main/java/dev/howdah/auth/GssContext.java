package dev.howdah.auth;

import dev.howdah.error.ConfigException;
import dev.howdah.message.Bytes;

/** The client's side of one GSSAPI exchange: a source of tokens. Not safe for several threads. */
public interface GssContext {

    /**
     * Takes the server's token and makes the next one of ours. May wait for a Kerberos server.
     *
     * @param challenge empty at the beginning
     * @return empty if nothing is to be sent
     * @throws ConfigException if there are no credentials, or the server's token is not right
     */
    Bytes step(Bytes challenge);

    /** Returns whether both sides have proved who they are. */
    boolean isEstablished();

    /** Forgets all keys. */
    void dispose();

    /** Makes contexts. */
    @FunctionalInterface
    interface Factory {

        /**
         * Begins an exchange with a server.
         *
         * @param service the first part of the server's principal
         * @param host its second part
         * @param delegation whether the server gets our credentials
         * @throws ConfigException if this Java cannot do it
         */
        GssContext begin(String service, String host, boolean delegation);
    }
}
