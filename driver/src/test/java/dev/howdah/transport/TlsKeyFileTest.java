package dev.howdah.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsKeyFileTest {

    @TempDir
    Path folder;

    private Path file(byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("key"), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private static byte[] pem(String label, byte[] der) {
        return ("-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label
                        + "-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @ValueSource(strings = {"secp256r1", "secp384r1", "secp521r1"})
    void anEcKeyIsReadAsOpensslWritesIt(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        KeyPair keys = generator.generateKeyPair();
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(keys.getPrivate().getEncoded());
        org.bouncycastle.asn1.sec.ECPrivateKey inner =
                org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(info.parsePrivateKey());
        org.bouncycastle.asn1.sec.ECPrivateKey sec1 = new org.bouncycastle.asn1.sec.ECPrivateKey(
                inner.getKey().bitLength() > 384 ? 521 : inner.getKey().bitLength() > 256 ? 384 : 256,
                inner.getKey(),
                info.getPrivateKeyAlgorithm().getParameters());
        PrivateKey read = TlsKeyFile.read(file(pem("EC PRIVATE KEY", sec1.getEncoded("DER"))), "EC", null);
        assertThat(((java.security.interfaces.ECPrivateKey) read).getS())
                .isEqualTo(((java.security.interfaces.ECPrivateKey) keys.getPrivate()).getS());
    }

    @Test
    void brokenKeysAreRefusedWithoutBeingQuoted() throws IOException {
        String secret = "c2VjcmV0IQ";
        for (String text : new String[] {
            "",
            secret,
            "-----BEGIN PRIVATE KEY-----\n" + secret,
            "-----BEGIN PRIVATE KEY-----\n" + secret + "\n-----END PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\n" + secret + "#\n-----END PRIVATE KEY-----",
            "-----BEGIN EC PRIVATE KEY-----\n" + secret + "\n-----END EC PRIVATE KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n" + secret + "\n-----END RSA PRIVATE KEY-----",
            "-----BEGIN CERTIFICATE-----\n" + secret + "\n-----END CERTIFICATE-----",
        }) {
            Path file = file(text.getBytes(StandardCharsets.US_ASCII));
            assertThatThrownBy(() -> TlsKeyFile.read(file, "RSA", null))
                    .as(text)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("sslkey")
                    .hasMessageContaining(file.toString())
                    .satisfies(e -> assertThat(stack(e)).doesNotContain(secret, "secret!"));
        }
    }

    private static String stack(Throwable e) {
        StringBuilder all = new StringBuilder();
        for (Throwable t = e; t != null; t = t.getCause()) {
            all.append(t).append('\n');
        }
        return all.toString();
    }
}
