package dev.howdah.auth;

import dev.howdah.message.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Whom we talk to.
 *
 * @param host as the user gave it
 * @param encrypted whether TLS protects the connection
 * @param local whether the connection does not leave this machine
 * @param certificateHash the tls-server-end-point data of the connection, or null if there is none
 */
public record Peer(
        String host,
        boolean encrypted,
        boolean local,
        @Nullable Bytes certificateHash) {}
