package dev.howdah.transport;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Shows the one certificate of a client, whatever authorities the server names, and notes whether it was asked to. */
final class TlsKeyManager extends X509ExtendedKeyManager {

    private static final String ALIAS = "client";

    private final @Nullable TlsIdentity identity;
    private volatile boolean asked;
    private volatile boolean shown;

    TlsKeyManager(@Nullable TlsIdentity identity) {
        this.identity = identity;
    }

    /** Returns whether the server asked for a certificate. */
    boolean isAsked() {
        return asked;
    }

    /** Returns whether a certificate was given. */
    boolean isShown() {
        return shown;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String @Nullable [] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        asked = true;
        if (identity == null
                || keyTypes != null
                        && Arrays.stream(keyTypes).noneMatch(identity.key().getAlgorithm()::equals)) {
            return null;
        }
        shown = true;
        return ALIAS;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String @Nullable [] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineClientAlias(keyTypes, issuers, null);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return identity == null ? null : identity.chain().toArray(new X509Certificate[0]);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return identity == null ? null : identity.key();
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
