package dev.howdah.transport;

import dev.howdah.error.ConfigException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/**
 * Our side of one TLS connection: its engine, and what has to hold when the handshake is done. Each connection has an
 * SSLContext of its own, so that nothing of one handshake is resumed in another.
 */
final class TlsClient {

    private static final String PROTOCOL = "postgresql";
    private static final List<String> VERSIONS = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");

    private final TlsSettings settings;
    private final TlsKeyManager keys;
    private final SSLEngine engine;

    private TlsClient(TlsSettings settings, TlsKeyManager keys, SSLEngine engine) {
        this.settings = settings;
        this.keys = keys;
        this.engine = engine;
    }

    /**
     * Gets ready for a handshake.
     *
     * @param host the host that was asked for
     * @throws ConfigException if the settings or their files cannot be used
     */
    static TlsClient of(TlsSettings settings, String host) throws SSLException {
        TlsMaterial material = TlsMaterial.of(settings);
        TlsKeyManager keys = new TlsKeyManager(material.identity());
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    new KeyManager[] {keys}, new TrustManager[] {new TlsJudge(settings, material.trust(), host)}, null);
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(true);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setProtocols(versions(settings, context).toArray(new String[0]));
            parameters.setApplicationProtocols(new String[] {PROTOCOL});
            parameters.setServerNames(settings.serverName() ? serverNames(host) : List.of());
            engine.setSSLParameters(parameters);
            return new TlsClient(settings, keys, engine);
        } catch (GeneralSecurityException e) {
            throw new SSLException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    /** Returns the versions that are wanted and that this Java offers. */
    private static List<String> versions(TlsSettings settings, SSLContext context) {
        String oldest = settings.versions().oldest();
        String newest = settings.versions().newest();
        List<String> wanted = new ArrayList<>(VERSIONS.subList(
                oldest == null ? 0 : VERSIONS.indexOf(oldest),
                newest == null ? VERSIONS.size() : VERSIONS.indexOf(newest) + 1));
        List<String> offered = Arrays.asList(context.getDefaultSSLParameters().getProtocols());
        List<String> usable = wanted.stream().filter(offered::contains).toList();
        if (usable.isEmpty()) {
            throw new ConfigException(
                    newest == null ? "ssl_min_protocol_version" : "ssl_max_protocol_version",
                    "this Java does not offer " + String.join(" or ", wanted) + ", only "
                            + String.join(" and ", offered));
        }
        return usable;
    }

    /** Returns the name to tell: none for an address, nor for a name that TLS cannot carry. */
    private static List<SNIServerName> serverNames(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        if (name.isEmpty() || TlsHostName.isAddress(name) || !name.chars().allMatch(TlsClient::fits)) {
            return List.of();
        }
        return List.of(new SNIHostName(name.getBytes(StandardCharsets.US_ASCII)));
    }

    private static boolean fits(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.';
    }

    SSLEngine engine() {
        return engine;
    }

    /**
     * Checks what the handshake agreed on, before anything else is sent.
     *
     * @throws SSLException if direct TLS ended up with a server that may not speak our protocol
     * @throws ConfigException if a client certificate had to be shown and was not
     */
    void check(TlsInfo info) throws SSLException {
        if (settings.direct() && !info.applicationProtocol().equals(PROTOCOL)) {
            throw new SSLException("direct TLS (sslnegotiation=direct) needs a server that agrees on the protocol "
                    + PROTOCOL + " by ALPN, and this one does not");
        }
        if (settings.identity().mode() == TlsSettings.CertificateMode.REQUIRE && !keys.isShown()) {
            throw new ConfigException(
                    "sslcertmode",
                    keys.isAsked()
                            ? "require: the server takes no certificate of the kind that sslcert names"
                            : "require: the server did not ask for a client certificate");
        }
    }
}
