package dev.howdah.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Certificates for tests, as files: made once by the testkit itself and kept in its cache. Nobody should trust them. Certificates are
 * PEM; keys are PEM in PKCS#8 unless their name says otherwise. Immutable, safe for several threads.
 */
public final class Certificates {

    /** Grows when other certificates are made. */
    private static final int EDITION = 1;

    private final Path folder;

    private Certificates(Path folder) {
        this.folder = folder;
    }

    /**
     * What a server can show. All of them are for the names localhost, 127.0.0.1 and ::1, are valid for years, have an RSA key, are
     * signed with SHA256withRSA by a root in {@link Certificates#ca()}, and are sent alone, unless it is said otherwise.
     */
    public enum Kind {
        /** Nothing is wrong with it. */
        VALID,
        /** Its time was over a year ago. */
        EXPIRED,
        /** It is for the name wrong.example only. */
        WRONG_HOST,
        /** It has no subject alternative names; its common name is localhost. */
        COMMON_NAME_ONLY,
        /** Signed by the root in {@link Certificates#otherCa()}. */
        OTHER_CA,
        /** Signed by itself. */
        SELF_SIGNED,
        /** Signed by an intermediate, which the server sends too. */
        INTERMEDIATE,
        /** Named by {@link Certificates#crl()}. */
        REVOKED,
        /** Signed with SHA384withRSA. */
        SHA384,
        /** Signed with SHA512withRSA. */
        SHA512,
        /** A P-256 key, signed with SHA384withECDSA by a P-384 root that {@link Certificates#ca()} has too. */
        EC,
        /** An Ed25519 key, signed by an Ed25519 root that {@link Certificates#ca()} has too. */
        ED25519;

        String fileName() {
            return "server-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Whom a client certificate names, and who vouches for it. */
    public enum Client {
        /** Common name app_cert, signed by the root in {@link Certificates#ca()}. */
        VALID("client"),
        /** Common name app_cert, signed by the root in {@link Certificates#otherCa()}: the server refuses it. */
        OTHER_CA("client-other-ca"),
        /** Common name somebody_else, signed by the root in {@link Certificates#ca()}: not the role app_cert. */
        WRONG_NAME("client-wrong-name");

        private final String fileName;

        Client(String fileName) {
            this.fileName = fileName;
        }

        String fileName() {
            return fileName;
        }
    }

    /** The certificates of this machine; made now if there are none yet, which takes some seconds. */
    public static Certificates shared() {
        try {
            return new Certificates(
                    CacheFolder.entry("certificates-" + EDITION, folder -> new CertificateFactory(folder).makeAll()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make certificates", e);
        }
    }

    /** The roots that sign everything proper: three certificates in one file (RSA, EC, Ed25519). For {@code sslrootcert}. */
    public Path ca() {
        return folder.resolve("ca.crt");
    }

    /** A root that signs nothing proper. */
    public Path otherCa() {
        return folder.resolve("other-ca.crt");
    }

    /** The certificate of {@link Kind#SELF_SIGNED}: who has it as {@code sslrootcert} trusts that server. */
    public Path selfSigned() {
        return serverCertificate(Kind.SELF_SIGNED);
    }

    /** The revocation list of the RSA root in {@link #ca()}: names {@link Kind#REVOKED}. PEM. */
    public Path crl() {
        return folder.resolve("ca.crl");
    }

    /** A server's certificate, with its intermediate if it has one. */
    public Path serverCertificate(Kind kind) {
        return folder.resolve(kind.fileName() + ".crt");
    }

    /** A server's key. */
    public Path serverKey(Kind kind) {
        return folder.resolve(kind.fileName() + ".key");
    }

    /** The certificate of a client that is app_cert. */
    public Path clientCertificate() {
        return clientCertificate(Client.VALID);
    }

    /** A client's certificate. */
    public Path clientCertificate(Client client) {
        return folder.resolve(client.fileName() + ".crt");
    }

    /** The key of {@link #clientCertificate()}. */
    public Path clientKey() {
        return clientKey(Client.VALID);
    }

    /** The key of {@link #clientCertificate(Client)}. */
    public Path clientKey(Client client) {
        return folder.resolve(client.fileName() + ".key");
    }

    /** The key of {@link #clientCertificate()} as PKCS#1 PEM ("BEGIN RSA PRIVATE KEY"). */
    public Path clientKeyPkcs1() {
        return folder.resolve("client-pkcs1.key");
    }

    /** The key of {@link #clientCertificate()} as encrypted PKCS#8 PEM, to be opened with {@link #clientKeyPassword()}. */
    public Path clientKeyEncrypted() {
        return folder.resolve("client-encrypted.key");
    }

    /** The key of {@link #clientCertificate()} as PKCS#8 DER. */
    public Path clientKeyDer() {
        return folder.resolve("client.key.der");
    }

    /** {@link #clientCertificate()} and its key as PKCS#12, to be opened with {@link #clientKeyPassword()}. */
    public Path clientPkcs12() {
        return folder.resolve("client.p12");
    }

    /** What opens the encrypted files. */
    public String clientKeyPassword() {
        return CertificateFactory.KEY_PASSWORD;
    }
}
