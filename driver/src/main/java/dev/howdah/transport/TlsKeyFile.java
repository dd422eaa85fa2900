package dev.howdah.transport;

import dev.howdah.error.ConfigException;
import dev.howdah.password.Secret;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The file of a client's private key: PEM in PKCS#8, encrypted PKCS#8, PKCS#1 or SEC1, or PKCS#8 in DER.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-CLIENTCERT">Client certificates</a>
 */
final class TlsKeyFile {

    private static final byte[] VERSION_0 = {Der.INTEGER, 1, 0};
    /** The algorithm identifier of RSA keys: 1.2.840.113549.1.1.1 and NULL. */
    private static final byte[] RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };
    /** The object identifier of EC keys: 1.2.840.10045.2.1. */
    private static final byte[] EC = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};

    private static final int OTHERS_OF_ROOTS = 0037;
    private static final int OTHERS = 0077;
    private static final int IS_FILE = 0100000;
    private static final int KIND = 0170000;

    private TlsKeyFile() {}

    /**
     * Refuses a file that others may read: 0600 at most, or 0640 if root owns it. Systems without such permissions are
     * not asked.
     */
    static void checkPermissions(String keyword, Path file) {
        if (!FileSystems.getDefault().supportedFileAttributeViews().contains("unix")) {
            return;
        }
        Map<String, Object> attributes;
        try {
            attributes = Files.readAttributes(file, "unix:mode,uid");
        } catch (IOException e) {
            throw unreadable(keyword, file, e);
        }
        int mode = Objects.requireNonNull((Integer) attributes.get("mode"));
        if ((mode & KIND) != IS_FILE) {
            throw new ConfigException(keyword, "the key file " + file + " is not a regular file");
        }
        boolean roots = Integer.valueOf(0).equals(attributes.get("uid"));
        if ((mode & (roots ? OTHERS_OF_ROOTS : OTHERS)) != 0) {
            throw new ConfigException(
                    keyword,
                    "the key file " + file + " may be read by others; its permissions must be u=rw (0600) or less,"
                            + " or u=rw,g=r (0640) or less if root owns it");
        }
    }

    static ConfigException unreadable(String keyword, Path file, IOException cause) {
        return new ConfigException(keyword, "the file " + file + " cannot be read (" + cause + ")", cause);
    }

    /**
     * Reads a key.
     *
     * @param algorithm the algorithm of the key that its certificate names
     */
    static PrivateKey read(Path file, String algorithm, @Nullable Secret password) {
        checkPermissions("sslkey", file);
        byte[] plain;
        try {
            plain = pkcs8(file, Files.readAllBytes(file), password);
        } catch (IOException e) {
            throw unreadable("sslkey", file, e);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("sslkey", "the key file " + file + " cannot be used: " + e.getMessage(), e);
        }
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(plain));
        } catch (GeneralSecurityException e) {
            throw new ConfigException(
                    "sslkey", "the key file " + file + " has no " + algorithm + " key, as the certificate needs it");
        }
    }

    private static byte[] pkcs8(Path file, byte[] content, @Nullable Secret password) throws IOException {
        List<Pem> parts = Pem.parts(content);
        for (Pem part : parts) {
            byte[] der = part.der().toByteArray();
            if (part.encrypted()) {
                throw new IllegalArgumentException("it is encrypted in OpenSSL's old way; openssl pkcs8 -topk8 makes"
                        + " an encrypted PKCS#8 file of it");
            }
            switch (part.label()) {
                case "PRIVATE KEY" -> {
                    return der;
                }
                case "ENCRYPTED PRIVATE KEY" -> {
                    return decrypt(file, der, password);
                }
                case "RSA PRIVATE KEY" -> {
                    return Der.element(Der.SEQUENCE, VERSION_0, RSA, Der.element(Der.OCTET_STRING, der));
                }
                case "EC PRIVATE KEY" -> {
                    return fromSec1(der);
                }
                default -> {
                    // A certificate or EC parameters in the same file: the key is further down.
                }
            }
        }
        if (!parts.isEmpty()) {
            throw new IllegalArgumentException("it is a PEM file without a private key");
        }
        boolean clear = new Der(content).next(Der.SEQUENCE).tag() == Der.INTEGER;
        return clear ? content : decrypt(file, content, password);
    }

    private static byte[] fromSec1(byte[] der) {
        Der key = new Der(der).next(Der.SEQUENCE);
        key.next(Der.INTEGER);
        key.next(Der.OCTET_STRING);
        if (key.tag() != Der.PARAMETERS) {
            throw new IllegalArgumentException("it does not name its curve");
        }
        byte[] curve = key.next(Der.PARAMETERS).rest();
        return Der.element(
                Der.SEQUENCE, VERSION_0, Der.element(Der.SEQUENCE, EC, curve), Der.element(Der.OCTET_STRING, der));
    }

    private static byte[] decrypt(Path file, byte[] der, @Nullable Secret password) throws IOException {
        if (password == null) {
            throw new ConfigException("sslpassword", "the key file " + file + " is encrypted, and none is given");
        }
        EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
        AlgorithmParameters parameters = info.getAlgParameters();
        String algorithm = info.getAlgName();
        if (parameters != null && (algorithm.equals("PBES2") || algorithm.equals("1.2.840.113549.1.5.13"))) {
            algorithm = parameters.toString();
        }
        PBEKeySpec spec = new PBEKeySpec(password.reveal().toCharArray());
        try {
            SecretKey key = SecretKeyFactory.getInstance(algorithm).generateSecret(spec);
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(Cipher.DECRYPT_MODE, key, parameters);
            return info.getKeySpec(cipher).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new ConfigException(
                    "sslpassword",
                    "it does not open the key file " + file + ", or this Java cannot decrypt " + algorithm,
                    e);
        } finally {
            spec.clearPassword();
        }
    }
}
