package dev.howdah.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules are those of libpq's documentation. */
class TlsHostNameTest {

    @ParameterizedTest
    @CsvSource({
        // subject, alternative names, host, for it
        "CN=db.example, , db.example, true",
        "CN=DB.Example, , db.eXample, true",
        "CN=db.example, DNS:other.example, db.example, false",
        "CN=db.example, IP:10.0.0.1, db.example, true",
        "CN=x, DNS:a.example DNS:db.example, db.example, true",
        "CN=x, DNS:*.example, db.example, true",
        "CN=*.example, , db.example, true",
        "CN=x, DNS:*.example, a.db.example, false",
        "CN=x, DNS:*.example, .example, false",
        "CN=x, DNS:*.example, example, false",
        "CN=x, DNS:d*.example, db.example, false",
        "CN=x, DNS:*, db, false",
        "CN=x, IP:10.0.0.1, 10.0.0.1, true",
        "CN=x, IP:10.0.0.1, 10.0.0.2, false",
        "CN=x, DNS:10.0.0.1, 10.0.0.1, true",
        "CN=10.0.0.1, DNS:db.example, 10.0.0.1, true",
        "CN=10.0.0.1, IP:10.0.0.2, 10.0.0.1, false",
        "CN=x, DNS:*.0.0.1, 10.0.0.1, false",
        "CN=x, IP:fe80::1, FE80:0::1, true",
        "CN=x, IP:fe80::1, fe80::1%3, true",
        "O=nobody, , db.example, false",
        "'O=somebody,CN=db.example', , db.example, true",
    })
    void aCertificateIsForTheHostThatItNames(String subject, String names, String host, boolean expected)
            throws Exception {
        assertThat(TlsHostName.matches(certificate(subject, names), host)).isEqualTo(expected);
    }

    private static X509Certificate certificate(String subject, String names) throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        X500Principal owner = new X500Principal(subject);
        Date now = Date.from(Instant.now());
        var builder = new JcaX509v3CertificateBuilder(owner, BigInteger.ONE, now, now, owner, keys.getPublic());
        if (names != null) {
            String[] parts = names.split(" ");
            GeneralName[] all = new GeneralName[parts.length];
            for (int i = 0; i < parts.length; i++) {
                int type = parts[i].startsWith("DNS:") ? GeneralName.dNSName : GeneralName.iPAddress;
                all[i] = new GeneralName(type, parts[i].substring(parts[i].indexOf(':') + 1));
            }
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(all));
        }
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("Ed25519").build(keys.getPrivate())));
    }
}
