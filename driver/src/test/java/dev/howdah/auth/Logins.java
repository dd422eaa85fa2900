package dev.howdah.auth;

import dev.howdah.message.Bytes;
import dev.howdah.password.Secret;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes credentials for tests, field by field; everything is allowed at first. */
final class Logins {
    static final Set<String> ALL = Set.of("password", "md5", "gss", "sspi", "scram-sha-256", "oauth", "none");
    static final Bytes HASH = Bytes.utf8("the hash of a certificate, 32 by");

    @Nullable
    Secret password = Secret.of("open sesame");

    @Nullable
    Secret token;

    Set<String> methods = ALL;
    ChannelBinding binding = ChannelBinding.PREFER;
    int iterations = 100_000;

    @Nullable
    ScramKeyCache keys;

    OAuthSettings oauth = OAuthSettings.NONE;
    GssSettings gss = GssSettings.kerberos("postgres", false);
    Peer peer = new Peer("db.example.com", false, false, null);

    Logins tls() {
        peer = new Peer("db.example.com", true, false, HASH);
        return this;
    }

    Logins tlsWithoutHash() {
        peer = new Peer("db.example.com", true, false, null);
        return this;
    }

    Logins binding(ChannelBinding value) {
        binding = value;
        return this;
    }

    Logins password(@Nullable String value) {
        password = value == null ? null : Secret.of(value);
        return this;
    }

    Logins methods(String... values) {
        methods = Set.of(values);
        return this;
    }

    Logins keys(ScramKeyCache cache) {
        keys = cache;
        return this;
    }

    Logins iterations(int most) {
        iterations = most;
        return this;
    }

    Logins oauth(OAuthSettings settings) {
        oauth = settings;
        return this;
    }

    Logins token(String value) {
        token = Secret.of(value);
        return this;
    }

    Logins gss(GssSettings settings) {
        gss = settings;
        return this;
    }

    Logins peer(Peer value) {
        peer = value;
        return this;
    }

    Credentials credentials() {
        return new Credentials(
                "alice", password, token, new AuthSettings(methods, binding, iterations, keys, oauth, gss), peer);
    }

    Authenticator authenticator() {
        return new Authenticator(credentials());
    }
}
