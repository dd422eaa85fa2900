package dev.howdah.auth;

import dev.howdah.password.Secret;
import org.jspecify.annotations.Nullable;

/**
 * What a client proves itself with, to one server.
 *
 * @param user the role
 * @param password its password, or null if there is none; an empty one is none
 * @param oauthToken the bearer token to use, or null to ask for one when the server wants it
 * @param settings how it may prove itself
 * @param peer to whom
 */
public record Credentials(
        String user, @Nullable Secret password, @Nullable Secret oauthToken, AuthSettings settings, Peer peer) {}
