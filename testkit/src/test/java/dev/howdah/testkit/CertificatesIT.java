package dev.howdah.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CertificatesIT {

    private static final Set<Certificates.Kind> REFUSED = EnumSet.of(
            Certificates.Kind.EXPIRED,
            Certificates.Kind.WRONG_HOST,
            Certificates.Kind.OTHER_CA,
            Certificates.Kind.SELF_SIGNED);

    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = PostgresServer.builder().start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void aServerShowsTheCertificateItWasToldTo(Certificates.Kind kind) throws Exception {
        server.changeTls(kind);
        Certificates certificates = server.certificates();
        if (REFUSED.contains(kind)) {
            assertThatThrownBy(() -> handshake(certificates.ca())).isInstanceOf(SSLException.class);
        } else {
            assertThat(handshake(certificates.ca()))
                    .isEqualTo(read(certificates.serverCertificate(kind))
                            .iterator()
                            .next());
        }
    }

    @Test
    void aSelfSignedCertificateIsGoodForWhoTrustsIt() throws Exception {
        server.changeTls(Certificates.Kind.SELF_SIGNED);
        assertThat(handshake(server.certificates().selfSigned())).isNotNull();
    }

    @Test
    void theRevocationListNamesTheRevokedServerOnly() throws Exception {
        Certificates certificates = Certificates.shared();
        try (InputStream in = Files.newInputStream(certificates.crl())) {
            var crl = CertificateFactory.getInstance("X.509").generateCRL(in);
            assertThat(crl.isRevoked(read(certificates.serverCertificate(Certificates.Kind.REVOKED))
                            .iterator()
                            .next()))
                    .isTrue();
            assertThat(crl.isRevoked(read(certificates.serverCertificate(Certificates.Kind.VALID))
                            .iterator()
                            .next()))
                    .isFalse();
        }
    }

    @Test
    void theClientsKeyIsThereInEveryForm() throws Exception {
        Certificates certificates = Certificates.shared();
        assertThat(Files.readString(certificates.clientKey())).startsWith("-----BEGIN PRIVATE KEY-----");
        assertThat(Files.readString(certificates.clientKeyPkcs1())).startsWith("-----BEGIN RSA PRIVATE KEY-----");
        assertThat(Files.readString(certificates.clientKeyEncrypted()))
                .startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
        KeyStore store = KeyStore.getInstance("PKCS12");
        char[] password = certificates.clientKeyPassword().toCharArray();
        try (InputStream in = Files.newInputStream(certificates.clientPkcs12())) {
            store.load(in, password);
        }
        assertThat(store.getKey("client", password).getEncoded())
                .isEqualTo(Files.readAllBytes(certificates.clientKeyDer()));
        assertThat(store.getCertificate("client"))
                .isEqualTo(read(certificates.clientCertificate()).iterator().next());
    }

    /** Asks for TLS as the protocol has it, and gives the certificate the server shows, if it can be trusted. */
    private static X509Certificate handshake(Path roots) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        for (Certificate root : read(roots)) {
            trusted.setCertificateEntry("root " + trusted.size(), root);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        try (Socket plain = new Socket(server.host(), server.port())) {
            plain.setSoTimeout(10_000);
            DataOutputStream out = new DataOutputStream(plain.getOutputStream());
            out.writeInt(8);
            out.writeInt(80877103);
            assertThat(plain.getInputStream().read()).isEqualTo('S');
            SSLSocket tls =
                    (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", server.port(), true);
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            tls.setSSLParameters(parameters);
            tls.startHandshake();
            return (X509Certificate) tls.getSession().getPeerCertificates()[0];
        }
    }

    private static Iterable<? extends Certificate> read(Path pem) throws IOException, GeneralSecurityException {
        assertThat(Files.readString(pem, StandardCharsets.US_ASCII)).contains("BEGIN CERTIFICATE");
        try (InputStream in = Files.newInputStream(pem)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
    }
}
