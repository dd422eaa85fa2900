package dev.howdah.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** Makes the files that {@link Certificates} names. */
final class CertificateFactory {

    static final String KEY_PASSWORD = "open sesame";

    private static final String RSA_SIGNATURE = "SHA256withRSA";
    private static final Duration YEAR = Duration.ofDays(365);
    private static final GeneralNames THIS_HOST = new GeneralNames(new GeneralName[] {
        new GeneralName(GeneralName.dNSName, "localhost"),
        new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
        new GeneralName(GeneralName.iPAddress, "::1"),
    });

    private final Path folder;
    private final Instant now = Instant.now();
    private final SecureRandom random = new SecureRandom();

    CertificateFactory(Path folder) {
        this.folder = folder;
    }

    /** Somebody with a key and a certificate for it; signs others' certificates with {@code signature}. */
    private record Identity(X509Certificate certificate, PrivateKey key, String signature) {}

    void makeAll() throws IOException {
        try {
            Identity ca = root("Howdah test root", keys("RSA", null), RSA_SIGNATURE);
            Identity ecCa = root("Howdah test root EC", keys("EC", "secp384r1"), "SHA384withECDSA");
            Identity edCa = root("Howdah test root Ed25519", keys("Ed25519", null), "Ed25519");
            Identity otherCa = root("Somebody else's root", keys("RSA", null), RSA_SIGNATURE);
            writeCertificates("ca.crt", ca.certificate(), ecCa.certificate(), edCa.certificate());
            writeCertificates("other-ca.crt", otherCa.certificate());
            makeServers(ca, ecCa, edCa, otherCa);
            makeClients(ca, otherCa);
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("cannot make certificates", e);
        }
    }

    private void makeServers(Identity ca, Identity ecCa, Identity edCa, Identity otherCa)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        KeyPair rsa = keys("RSA", null);
        server(Certificates.Kind.VALID, rsa, ca, RSA_SIGNATURE, THIS_HOST);
        server(Certificates.Kind.SHA384, rsa, ca, "SHA384withRSA", THIS_HOST);
        server(Certificates.Kind.SHA512, rsa, ca, "SHA512withRSA", THIS_HOST);
        server(Certificates.Kind.OTHER_CA, rsa, otherCa, RSA_SIGNATURE, THIS_HOST);
        server(Certificates.Kind.COMMON_NAME_ONLY, rsa, ca, RSA_SIGNATURE, null);
        GeneralNames wrong = new GeneralNames(new GeneralName(GeneralName.dNSName, "wrong.example"));
        server(Certificates.Kind.WRONG_HOST, rsa, ca, RSA_SIGNATURE, wrong);
        server(Certificates.Kind.EC, keys("EC", "secp256r1"), ecCa, ecCa.signature(), THIS_HOST);
        server(Certificates.Kind.ED25519, keys("Ed25519", null), edCa, edCa.signature(), THIS_HOST);

        X509Certificate expired = certificate("localhost", rsa, ca, RSA_SIGNATURE, THIS_HOST, false, now.minus(YEAR));
        writeCertificates(Certificates.Kind.EXPIRED.fileName() + ".crt", expired);
        writeKey(Certificates.Kind.EXPIRED.fileName() + ".key", rsa.getPrivate());

        X509Certificate own = certificate("localhost", rsa, null, RSA_SIGNATURE, THIS_HOST, false, later());
        writeCertificates(Certificates.Kind.SELF_SIGNED.fileName() + ".crt", own);
        writeKey(Certificates.Kind.SELF_SIGNED.fileName() + ".key", rsa.getPrivate());

        KeyPair middleKeys = keys("RSA", null);
        X509Certificate middle =
                certificate("Howdah test intermediate", middleKeys, ca, RSA_SIGNATURE, null, true, later());
        Identity intermediate = new Identity(middle, middleKeys.getPrivate(), RSA_SIGNATURE);
        X509Certificate below = certificate("localhost", rsa, intermediate, RSA_SIGNATURE, THIS_HOST, false, later());
        writeCertificates(Certificates.Kind.INTERMEDIATE.fileName() + ".crt", below, middle);
        writeKey(Certificates.Kind.INTERMEDIATE.fileName() + ".key", rsa.getPrivate());

        X509Certificate revoked = server(Certificates.Kind.REVOKED, rsa, ca, RSA_SIGNATURE, THIS_HOST);
        writeRevocations(ca, revoked);
    }

    private void makeClients(Identity ca, Identity otherCa)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        KeyPair keys = keys("RSA", null);
        X509Certificate valid = certificate("app_cert", keys, ca, RSA_SIGNATURE, null, false, later());
        client(Certificates.Client.VALID, valid, keys);
        client(
                Certificates.Client.OTHER_CA,
                certificate("app_cert", keys, otherCa, RSA_SIGNATURE, null, false, later()),
                keys);
        client(
                Certificates.Client.WRONG_NAME,
                certificate("somebody_else", keys, ca, RSA_SIGNATURE, null, false, later()),
                keys);
        byte[] pkcs8 = keys.getPrivate().getEncoded();
        writeSecret("client.key.der", pkcs8);
        byte[] pkcs1 = PrivateKeyInfo.getInstance(pkcs8)
                .parsePrivateKey()
                .toASN1Primitive()
                .getEncoded();
        writeSecret("client-pkcs1.key", pem("RSA PRIVATE KEY", pkcs1));
        writeSecret("client-encrypted.key", pem("ENCRYPTED PRIVATE KEY", encrypt(pkcs8)));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "client", keys.getPrivate(), KEY_PASSWORD.toCharArray(), new Certificate[] {valid, ca.certificate()});
        Path file = folder.resolve("client.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, KEY_PASSWORD.toCharArray());
        }
        onlyForMe(file);
    }

    private X509Certificate server(
            Certificates.Kind kind, KeyPair keys, Identity issuer, String signature, @Nullable GeneralNames names)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        X509Certificate certificate = certificate("localhost", keys, issuer, signature, names, false, later());
        writeCertificates(kind.fileName() + ".crt", certificate);
        writeKey(kind.fileName() + ".key", keys.getPrivate());
        return certificate;
    }

    private void client(Certificates.Client client, X509Certificate certificate, KeyPair keys) throws IOException {
        try {
            writeCertificates(client.fileName() + ".crt", certificate);
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot write a certificate", e);
        }
        writeKey(client.fileName() + ".key", keys.getPrivate());
    }

    private Identity root(String name, KeyPair keys, String signature)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        X509Certificate certificate = certificate(name, keys, null, signature, null, true, later());
        return new Identity(certificate, keys.getPrivate(), signature);
    }

    private X509Certificate certificate(
            String commonName,
            KeyPair keys,
            @Nullable Identity issuer,
            String signature,
            @Nullable GeneralNames names,
            boolean authority,
            Instant notAfter)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        X500Principal subject = new X500Principal("CN=" + commonName);
        X500Principal signer = issuer == null ? subject : issuer.certificate().getSubjectX500Principal();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                signer,
                new BigInteger(120, random).add(BigInteger.ONE),
                Date.from(now.minus(YEAR.multipliedBy(3))),
                Date.from(notAfter),
                subject,
                keys.getPublic());
        JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(keys.getPublic()));
        if (authority) {
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        }
        if (names != null) {
            builder.addExtension(Extension.subjectAlternativeName, false, names);
        }
        PrivateKey key = issuer == null ? keys.getPrivate() : issuer.key();
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(signature).build(key)));
    }

    private void writeRevocations(Identity ca, X509Certificate revoked) throws OperatorCreationException, IOException {
        JcaX509v2CRLBuilder builder =
                new JcaX509v2CRLBuilder(ca.certificate().getSubjectX500Principal(), Date.from(now.minus(YEAR)));
        builder.setNextUpdate(Date.from(later()));
        builder.addCRLEntry(revoked.getSerialNumber(), Date.from(now.minus(YEAR)), CRLReason.keyCompromise);
        X509CRLHolder crl = builder.build(new JcaContentSignerBuilder(ca.signature()).build(ca.key()));
        Files.writeString(folder.resolve("ca.crl"), pemText("X509 CRL", crl.getEncoded()));
    }

    private Instant later() {
        return now.plus(YEAR.multipliedBy(10));
    }

    private static KeyPair keys(String algorithm, @Nullable String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (curve != null) {
            generator.initialize(new ECGenParameterSpec(curve));
        } else if (algorithm.equals("RSA")) {
            generator.initialize(2048);
        }
        return generator.generateKeyPair();
    }

    /** PBES2 with PBKDF2 (HMAC-SHA-256) and AES-256, as {@code openssl pkcs8 -topk8 -v2 aes256} writes it. */
    private byte[] encrypt(byte[] pkcs8) throws GeneralSecurityException, IOException {
        String algorithm = "PBEWithHmacSHA256AndAES_256";
        byte[] salt = new byte[16];
        random.nextBytes(salt);
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.ENCRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(KEY_PASSWORD.toCharArray())),
                new PBEParameterSpec(salt, 10_000));
        AlgorithmParameters parameters = cipher.getParameters();
        AlgorithmIdentifier how = new AlgorithmIdentifier(
                PKCSObjectIdentifiers.id_PBES2, ASN1Primitive.fromByteArray(parameters.getEncoded()));
        return new EncryptedPrivateKeyInfo(how, cipher.doFinal(pkcs8)).getEncoded();
    }

    private void writeCertificates(String name, X509Certificate... certificates)
            throws GeneralSecurityException, IOException {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : List.of(certificates)) {
            text.append(pemText("CERTIFICATE", certificate.getEncoded()));
        }
        Files.writeString(folder.resolve(name), text);
    }

    private void writeKey(String name, PrivateKey key) throws IOException {
        writeSecret(name, pem("PRIVATE KEY", key.getEncoded()));
    }

    private void writeSecret(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        Files.write(file, content);
        onlyForMe(file);
    }

    private static void onlyForMe(Path file) throws IOException {
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    private static byte[] pem(String label, byte[] der) {
        return pemText(label, der).getBytes(StandardCharsets.US_ASCII);
    }

    private static String pemText(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }
}
