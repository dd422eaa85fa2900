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
 * @param applicationProtocol what ALPN agreed on: postgresql, or empty if the server knows no ALPN
 */
public record TlsInfo(
        String protocol,
        String cipher,
        X509Certificate serverCertificate,
        @Nullable Bytes serverCertificateHash,
        String applicationProtocol) {

    /** Returns how many bits the key of the cipher has; 0 if its name does not tell. */
    public int keyBits() {
        if (cipher.contains("AES_256") || cipher.contains("CHACHA20")) {
            return 256;
        }
        return cipher.contains("AES_128") ? 128 : 0;
    }
}
