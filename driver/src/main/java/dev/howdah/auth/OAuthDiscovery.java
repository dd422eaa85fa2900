package dev.howdah.auth;

import org.jspecify.annotations.Nullable;

/**
 * What a server says about the tokens that it takes.
 *
 * @param url where the issuer describes itself; it belongs to the issuer that the user trusts
 * @param scope what the token has to be for, or null
 */
public record OAuthDiscovery(String url, @Nullable String scope) {}
