package dev.howdah.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {
    private static final Pattern VERIFIER =
            Pattern.compile("SCRAM-SHA-256\\$(\\d+):([A-Za-z0-9+/=]+)\\$([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)");

    @Test
    void md5IsTheHashOfPasswordAndUser() {
        assertThat(Passwords.encrypt("psycopg2", "ashesh", PasswordAlgorithm.MD5))
                .isEqualTo("md594839d658c28a357126f105b9cb14cfc");
        assertThat(Passwords.encrypt("psycopg2", "ashesh", "md5")).isEqualTo("md594839d658c28a357126f105b9cb14cfc");
    }

    @Test
    void scramHas4096IterationsAndANewSaltOf16BytesEachTime() {
        String first = Passwords.encrypt("pencil", "user", PasswordAlgorithm.SCRAM_SHA_256);
        Matcher verifier = VERIFIER.matcher(first);
        assertThat(verifier.matches()).isTrue();
        assertThat(verifier.group(1)).isEqualTo("4096");
        assertThat(Base64.getDecoder().decode(verifier.group(2))).hasSize(16);
        assertThat(Passwords.encrypt("pencil", "user", "scram-sha-256")).isNotEqualTo(first);
    }

    /** The exchange of RFC 7677: its client proof and server signature must follow from the verifier. */
    @Test
    void scramVerifierFitsTheExampleOfRfc7677() throws Exception {
        byte[] salt = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
        Matcher verifier = VERIFIER.matcher(Passwords.encryptScram("pencil", 4096, salt));
        assertThat(verifier.matches()).isTrue();
        byte[] storedKey = Base64.getDecoder().decode(verifier.group(3));
        byte[] serverKey = Base64.getDecoder().decode(verifier.group(4));
        byte[] message = ("n=user,r=rOprNGfwEbeRWgbNEkqO,"
                        + "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
                        + "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(hmac(serverKey, message))
                .isEqualTo(Base64.getDecoder().decode("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
        byte[] clientKey = hmac(storedKey, message);
        byte[] proof = Base64.getDecoder().decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        for (int i = 0; i < clientKey.length; i++) {
            clientKey[i] ^= proof[i];
        }
        assertThat(MessageDigest.getInstance("SHA-256").digest(clientKey)).isEqualTo(storedKey);
    }

    /** Soft hyphen maps to nothing, so a text of soft hyphens alone is taken raw, as what SASLprep refuses is. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "pencil",
                "a\u0007b",
                "\u00AD\u00AD",
                "\u06271",
                "\u0221",
                "a\u0340",
                "a\u1D2C",
                "\u6f22\u5b57"
            })
    void whatSaslprepLeavesOrRefusesIsHashedAsUtf8(String password) throws Exception {
        byte[] salt = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        assertThat(Passwords.encryptScram(password, 3, salt)).isEqualTo(verifierByFormula(password, 3, salt));
    }

    @Test
    void zeroWidthSpaceBecomesASpaceAsOnTheServer() throws Exception {
        byte[] salt = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        assertThat(Passwords.encryptScram("a\u200Bb", 3, salt)).isEqualTo(verifierByFormula("a b", 3, salt));
    }

    @ParameterizedTest
    @ValueSource(strings = {"I\u2168", "a\u00ADb", "\u00A0x", "e\u0301"})
    void saslprepNormalisesThePassword(String password) throws Exception {
        byte[] salt = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        String prepared = Normalizer.normalize(password.replace("\u00AD", ""), Normalizer.Form.NFKC);
        assertThat(prepared).isNotEqualTo(password);
        assertThat(Passwords.encryptScram(password, 3, salt)).isEqualTo(verifierByFormula(prepared, 3, salt));
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off", "MD5", "SCRAM-SHA-256", "", "scram-sha-256 "})
    void algorithmNamesAreTheServersOwn(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Passwords.encrypt("sesame", "user", name))
                .withMessageContaining("scram-sha-256")
                .withMessageNotContaining("sesame");
    }

    @Test
    void passwordThatNoServerCanStoreIsRefusedWithoutPrintingIt() {
        for (String password : new String[] {"sesame\0", "sesame\uD800"}) {
            for (PasswordAlgorithm algorithm : PasswordAlgorithm.values()) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> Passwords.encrypt(password, "user", algorithm))
                        .withMessageNotContaining("sesame");
            }
        }
    }

    @Test
    void scramNeedsIterationsAndSalt() {
        assertThatIllegalArgumentException().isThrownBy(() -> Passwords.encryptScram("p", 0, new byte[16]));
        assertThatIllegalArgumentException().isThrownBy(() -> Passwords.encryptScram("p", 1, new byte[0]));
    }

    /** RFC 5802, section 3, with nothing but HMAC and SHA-256. */
    private static String verifierByFormula(String prepared, int iterations, byte[] salt) throws Exception {
        byte[] password = prepared.getBytes(StandardCharsets.UTF_8);
        byte[] first = java.util.Arrays.copyOf(salt, salt.length + 4);
        first[salt.length + 3] = 1;
        byte[] u = hmac(password, first);
        byte[] salted = u.clone();
        for (int round = 1; round < iterations; round++) {
            u = hmac(password, u);
            for (int i = 0; i < salted.length; i++) {
                salted[i] ^= u[i];
            }
        }
        byte[] clientKey = hmac(salted, "Client Key".getBytes(StandardCharsets.US_ASCII));
        byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(clientKey);
        byte[] serverKey = hmac(salted, "Server Key".getBytes(StandardCharsets.US_ASCII));
        Base64.Encoder base64 = Base64.getEncoder();
        return "SCRAM-SHA-256$" + iterations + ":" + base64.encodeToString(salt) + "$"
                + base64.encodeToString(storedKey) + ":" + base64.encodeToString(serverKey);
    }

    /** HMAC pads a key with zeros, so one zero byte stands for the empty key that Java refuses. */
    private static byte[] hmac(byte[] key, byte[] message) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, "HmacSHA256"));
        return mac.doFinal(message);
    }
}
