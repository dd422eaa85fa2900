package dev.howdah.password;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Makes the verifiers that PostgreSQL stores for passwords, without a server, for {@code ALTER USER ... PASSWORD}: so
 * the password itself reaches neither the server nor its log. A SCRAM verifier does not work as a login password; an
 * MD5 one should be kept as secret as the password.
 *
 * @see <a href="https://www.postgresql.org/docs/current/catalog-pg-authid.html">pg_authid</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5803">RFC 5803</a>
 */
public final class Passwords {
    /** The iterations that PostgreSQL uses where {@code scram_iterations} is not set. */
    private static final int ITERATIONS = 4096;

    private static final int SALT_BYTES = 16;
    private static final int KEY_BITS = 256;
    private static final ScramMechanism MECHANISM = ScramMechanism.SCRAM_SHA_256;

    private Passwords() {}

    /**
     * The verifier of a password.
     *
     * @param password the password, maybe empty
     * @param user the role; part of an MD5 verifier, not used by SCRAM
     * @param algorithm how to store it
     * @return {@code md5...} or {@code SCRAM-SHA-256$4096:<salt>$<StoredKey>:<ServerKey>}, with a new random salt
     * @throws IllegalArgumentException if the password has a NUL or an unpaired surrogate
     */
    public static String encrypt(String password, String user, PasswordAlgorithm algorithm) {
        Objects.requireNonNull(password, "password");
        Objects.requireNonNull(user, "user");
        requireStorable(password);
        return switch (algorithm) {
            case MD5 -> md5(password, user);
            case SCRAM_SHA_256 -> encryptScram(password, ITERATIONS, randomSalt());
        };
    }

    /**
     * The verifier of a password, with the algorithm by name as {@code SHOW password_encryption} tells it.
     *
     * @param password the password, maybe empty
     * @param user the role; part of an MD5 verifier, not used by SCRAM
     * @param algorithm {@code md5} or {@code scram-sha-256}, in lower case
     * @return as {@link #encrypt(String, String, PasswordAlgorithm)}
     * @throws IllegalArgumentException if there is no such algorithm, or the password has a NUL or an unpaired surrogate
     */
    public static String encrypt(String password, String user, String algorithm) {
        return encrypt(password, user, PasswordAlgorithm.of(algorithm));
    }

    /**
     * The SCRAM-SHA-256 verifier of a password with given iterations and salt, as a server with another {@code
     * scram_iterations} makes it. The password is prepared by SASLprep; one that SASLprep refuses is taken as it is, in
     * UTF-8, as the server does.
     *
     * @param password the password, maybe empty
     * @param iterations how often to hash, at least 1
     * @param salt random bytes, at least one; PostgreSQL uses 16
     * @return {@code SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>}
     * @throws IllegalArgumentException if there are no iterations or no salt, or the password has a NUL or an unpaired
     *     surrogate
     */
    public static String encryptScram(String password, int iterations, byte[] salt) {
        Objects.requireNonNull(password, "password");
        requireStorable(password);
        if (iterations < 1 || salt.length == 0) {
            throw new IllegalArgumentException("SCRAM needs at least one iteration and one byte of salt");
        }
        byte[] salted = saltedPassword(password, iterations, salt);
        byte[] storedKey = ScramFunctions.storedKey(MECHANISM, ScramFunctions.clientKey(MECHANISM, salted));
        byte[] serverKey = ScramFunctions.serverKey(MECHANISM, salted);
        Arrays.fill(salted, (byte) 0);
        Base64.Encoder base64 = Base64.getEncoder();
        return "SCRAM-SHA-256$" + iterations + ":" + base64.encodeToString(salt) + "$"
                + base64.encodeToString(storedKey) + ":" + base64.encodeToString(serverKey);
    }

    /**
     * What SCRAM-SHA-256 makes all its keys of: the password, prepared as the server does it and hashed many times. As
     * secret as the password; whoever is given the array should clear it after use.
     *
     * @param password the password, maybe empty
     * @param iterations how often to hash, at least 1
     * @param salt random bytes, at least one
     * @return 32 bytes, the caller's
     * @throws IllegalArgumentException if there are no iterations or no salt
     * @see <a href="https://www.rfc-editor.org/rfc/rfc5802#section-3">RFC 5802</a>
     */
    public static byte[] saltedPassword(String password, int iterations, byte[] salt) {
        char[] prepared = ServerSaslPrep.prepare(password).toCharArray();
        PBEKeySpec spec = new PBEKeySpec(prepared, salt, iterations, KEY_BITS);
        Arrays.fill(prepared, '\0');
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no PBKDF2WithHmacSHA256", e);
        } finally {
            spec.clearPassword();
        }
    }

    /** What no server can store: refused here, because UTF-8 encoders would put a question mark in its place. */
    private static void requireStorable(String password) {
        if (password.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(password)) {
            throw new IllegalArgumentException("the password has a NUL or an unpaired surrogate");
        }
    }

    private static byte[] randomSalt() {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return salt;
    }

    private static String md5(String password, String user) {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            digest.update(password.getBytes(StandardCharsets.UTF_8));
            digest.update(user.getBytes(StandardCharsets.UTF_8));
            return "md5" + HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(
                    "this Java runtime has no MD5 (a FIPS mode?): use scram-sha-256 or enable it", e);
        }
    }
}
