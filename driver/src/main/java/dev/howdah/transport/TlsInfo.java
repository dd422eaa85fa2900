package dev.howdah.transport;

import dev.howdah.message.Bytes;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * What a TLS handshake agreed on.
 *
 * @param protocol the version, such as TLSv1.3
 * @param cipher the cipher suite
 * @param serverCertificate what the server showed
 * @param serverCertificateHash the data for tls-server-end-point channel binding, or null if the certificate's signature
 *     algorithm has no hash to use
 */
public record TlsInfo(
        String protocol,
        String cipher,
        X509Certificate serverCertificate,
        @Nullable Bytes serverCertificateHash) {}
