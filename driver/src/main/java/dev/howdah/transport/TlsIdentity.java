package dev.howdah.transport;

import dev.howdah.error.ConfigException;
import dev.howdah.password.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A client's certificate, with those above it, and its key.
 *
 * @param key the private key
 * @param chain the client's own certificate first
 */
record TlsIdentity(PrivateKey key, List<X509Certificate> chain) {

    TlsIdentity {
        chain = List.copyOf(chain);
    }

    /**
     * Reads the files that were given.
     *
     * @return null if there is no certificate, or it must not be shown
     * @throws ConfigException if they cannot be used, or there are none and they are required
     */
    static @Nullable TlsIdentity read(TlsSettings.Identity given) {
        Path certificate = given.certificate();
        Path key = given.key();
        if (given.mode() == TlsSettings.CertificateMode.DISABLE) {
            return null;
        }
        if (certificate != null && isStore(certificate)) {
            return fromStore("sslcert", certificate, given.password());
        }
        if (certificate == null && key != null && isStore(key)) {
            return fromStore("sslkey", key, given.password());
        }
        if (certificate == null) {
            if (given.mode() == TlsSettings.CertificateMode.REQUIRE) {
                throw new ConfigException("sslcertmode", "require needs a client certificate; sslcert names none");
            }
            return null;
        }
        if (key == null) {
            throw new ConfigException("sslkey", "the certificate " + certificate + " has no key; sslkey names none");
        }
        List<X509Certificate> chain = TlsCertificates.read("sslcert", certificate);
        PublicKey open = chain.getFirst().getPublicKey();
        PrivateKey secret = isStore(key)
                ? fromStore("sslkey", key, given.password()).key()
                : TlsKeyFile.read(key, open.getAlgorithm(), given.password());
        if (!fit(secret, open)) {
            throw new ConfigException(
                    "sslkey", "the key file " + key + " does not belong to the certificate " + certificate);
        }
        return new TlsIdentity(secret, chain);
    }

    private static boolean isStore(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".p12") || name.endsWith(".pfx");
    }

    /** Signs something with one and verifies it with the other. */
    private static boolean fit(PrivateKey secret, PublicKey open) {
        @Nullable
        String algorithm = switch (open.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA" -> "EdDSA";
            default -> null;
        };
        if (algorithm == null) {
            return true;
        }
        try {
            byte[] text = {'f', 'i', 't'};
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(secret);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Reads the first key, and its certificates, of a PKCS#12 file. */
    private static TlsIdentity fromStore(String keyword, Path file, @Nullable Secret password) {
        TlsKeyFile.checkPermissions(keyword, file);
        char[] opener = password == null ? new char[0] : password.reveal().toCharArray();
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, opener);
            for (String alias : Collections.list(store.aliases())) {
                Key key = store.isKeyEntry(alias) ? store.getKey(alias, opener) : null;
                if (key instanceof PrivateKey secret) {
                    List<X509Certificate> chain = new ArrayList<>();
                    for (Certificate certificate : store.getCertificateChain(alias)) {
                        chain.add((X509Certificate) certificate);
                    }
                    return new TlsIdentity(secret, chain);
                }
            }
        } catch (IOException e) {
            if (e.getCause() instanceof GeneralSecurityException) {
                throw new ConfigException("sslpassword", "it does not open the PKCS#12 file " + file, e);
            }
            throw TlsKeyFile.unreadable(keyword, file, e);
        } catch (GeneralSecurityException e) {
            throw new ConfigException(keyword, "the PKCS#12 file " + file + " cannot be used: " + e.getMessage(), e);
        }
        throw new ConfigException(keyword, "the PKCS#12 file " + file + " has no private key");
    }

    /** Tells nothing of the key. */
    @Override
    public String toString() {
        return "TlsIdentity[" + chain.getFirst().getSubjectX500Principal() + "]";
    }
}
