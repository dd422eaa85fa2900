package dev.howdah.transport;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is to be done.
 *
 * @param policy how much of it is wanted
 * @param rootCertificates a PEM file of trusted authorities, or null if none was given
 * @param systemRoots whether the JDK's own authorities are trusted instead
 * @param protocols the versions that may be used, such as TLSv1.3
 */
public record TlsSettings(
        TlsPolicy policy, @Nullable Path rootCertificates, boolean systemRoots, List<String> protocols) {

    /** Checks and copies. */
    public TlsSettings {
        protocols = List.copyOf(protocols);
    }

    /** Returns whether the server's certificate has to come from a trusted authority. */
    public boolean verifiesAuthority() {
        return policy.compareTo(TlsPolicy.VERIFY_CA) >= 0
                || policy == TlsPolicy.REQUIRE && (rootCertificates != null || systemRoots);
    }

    /** Returns whether the server's certificate has to be for the host that was asked for. */
    public boolean verifiesHost() {
        return policy == TlsPolicy.VERIFY_FULL;
    }
}
