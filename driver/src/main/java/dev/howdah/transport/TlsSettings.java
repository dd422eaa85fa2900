package dev.howdah.transport;

import dev.howdah.password.Secret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is to be done, and how a server without it has to show who it is.
 *
 * @param policy how much of it is wanted
 * @param trust whom to trust
 * @param identity what to show to a server that asks who we are
 * @param versions which versions may be used
 * @param serverName whether the handshake tells the host's name (SNI)
 * @param direct whether TLS begins at once, without asking the server for it
 * @param requiredPeer the system user that must own the server behind a Unix socket, or null for anybody
 * @see <a href="https://www.postgresql.org/docs/current/libpq-ssl.html">SSL support</a>
 */
public record TlsSettings(
        TlsPolicy policy,
        Trust trust,
        Identity identity,
        Versions versions,
        boolean serverName,
        boolean direct,
        @Nullable String requiredPeer) {

    /**
     * Whom to trust.
     *
     * @param rootCertificates a file of trusted authorities, or null if none was given
     * @param systemRoots whether the JDK's own authorities are trusted instead
     * @param revoked a file of revocation lists, or null
     * @param revokedFolder a folder of such files, or null
     */
    public record Trust(
            @Nullable Path rootCertificates,
            boolean systemRoots,
            @Nullable Path revoked,
            @Nullable Path revokedFolder) {

        /** Returns whether there is anybody to trust. */
        boolean hasRoots() {
            return systemRoots || rootCertificates != null;
        }

        /** Returns whether revocation lists were given. */
        boolean hasRevocations() {
            return revoked != null || revokedFolder != null;
        }
    }

    /** When a client certificate is shown: libpq's sslcertmode. */
    public enum CertificateMode {
        /** Never. */
        DISABLE,
        /** If there is one and the server asks for it. */
        ALLOW,
        /** Always; a server that does not ask for it is refused. */
        REQUIRE
    }

    /**
     * What to show to a server that asks who we are.
     *
     * @param mode when
     * @param certificate the file of the certificate, or null
     * @param key the file of its key, or null
     * @param password what opens the key, or null
     */
    public record Identity(
            CertificateMode mode,
            @Nullable Path certificate,
            @Nullable Path key,
            @Nullable Secret password) {}

    /**
     * Which versions of TLS may be used.
     *
     * @param oldest such as TLSv1.2, or null for no limit
     * @param newest such as TLSv1.3, or null for no limit
     */
    public record Versions(
            @Nullable String oldest, @Nullable String newest) {}

    /** Returns whether the server's certificate has to come from a trusted authority. */
    public boolean verifiesAuthority() {
        return policy.compareTo(TlsPolicy.VERIFY_CA) >= 0 || policy == TlsPolicy.REQUIRE && trust.hasRoots();
    }

    /** Returns whether the server's certificate has to be for the host that was asked for. */
    public boolean verifiesHost() {
        return policy == TlsPolicy.VERIFY_FULL;
    }
}
