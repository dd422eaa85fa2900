package dev.howdah.auth;

import dev.howdah.message.Bytes;
import dev.howdah.password.Secret;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client can prove itself with.
 *
 * @param user the role
 * @param password its password, or null if there is none
 * @param allowedMethods the methods by which the server may have us prove who we are, as in libpq's require_auth
 * @param channelBinding whether SCRAM is to be tied to the TLS connection
 * @param serverCertificateHash the tls-server-end-point data of the connection, or null if there is none
 */
public record Credentials(
        String user,
        @Nullable Secret password,
        Set<String> allowedMethods,
        ChannelBinding channelBinding,
        @Nullable Bytes serverCertificateHash) {}
