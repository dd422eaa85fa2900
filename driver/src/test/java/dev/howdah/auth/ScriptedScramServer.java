package dev.howdah.auth;

import dev.howdah.message.AuthenticationSASLContinue;
import dev.howdah.message.AuthenticationSASLFinal;
import dev.howdah.message.Bytes;
import dev.howdah.message.SASLInitialResponse;
import dev.howdah.message.SASLResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The server's side of SCRAM-SHA-256, from RFC 5802 and without the client's library; takes the password as it is. Each
 * step is a message.
 */
final class ScriptedScramServer {
    static final byte[] SALT = "sixteen bytes ok".getBytes(StandardCharsets.US_ASCII);

    final int iterations;
    private final String password;
    private String header = "";
    private String bare = "";
    private String serverFirst = "";
    String clientNonce = "";

    ScriptedScramServer(String password, int iterations) {
        this.password = password;
        this.iterations = iterations;
    }

    /** The letter of the channel binding flag, or the whole first attribute if it binds. */
    String flag() {
        return header.substring(0, header.indexOf(','));
    }

    AuthenticationSASLContinue challenge(SASLInitialResponse first) {
        hear(first);
        return say(
                "r=" + clientNonce + "ServerNonce,s=" + Base64.getEncoder().encodeToString(SALT) + ",i=" + iterations);
    }

    void hear(SASLInitialResponse first) {
        String text = Objects.requireNonNull(first.response()).utf8();
        int end = text.indexOf(",,") + 2;
        header = text.substring(0, end);
        bare = text.substring(end);
        clientNonce = bare.substring(bare.indexOf(",r=") + 3);
    }

    AuthenticationSASLContinue say(String text) {
        serverFirst = text;
        return new AuthenticationSASLContinue(Bytes.utf8(text));
    }

    /** Checks the proof and the binding; an empty text if they are wrong, else the server's proof. */
    String verify(SASLResponse last, Bytes hash) {
        String text = last.data().utf8();
        int cut = text.lastIndexOf(",p=");
        byte[] proof = Base64.getDecoder().decode(text.substring(cut + 3));
        String withoutProof = text.substring(0, cut);
        byte[] binding = header.startsWith("p=") ? hash.toByteArray() : new byte[0];
        byte[] bound = concat(header.getBytes(StandardCharsets.UTF_8), binding);
        if (!withoutProof.startsWith("c=" + Base64.getEncoder().encodeToString(bound) + ",r=" + clientNonce)) {
            return "";
        }
        byte[] auth = (bare + "," + serverFirst + "," + withoutProof).getBytes(StandardCharsets.UTF_8);
        byte[] salted = salted();
        byte[] clientKey = hmac(salted, "Client Key".getBytes(StandardCharsets.US_ASCII));
        byte[] signature = hmac(sha256(clientKey), auth);
        for (int i = 0; i < proof.length; i++) {
            if ((proof[i] ^ signature[i]) != clientKey[i]) {
                return "";
            }
        }
        byte[] serverKey = hmac(salted, "Server Key".getBytes(StandardCharsets.US_ASCII));
        return "v=" + Base64.getEncoder().encodeToString(hmac(serverKey, auth));
    }

    AuthenticationSASLFinal end(SASLResponse last) {
        return new AuthenticationSASLFinal(Bytes.utf8(verify(last, Logins.HASH)));
    }

    private byte[] salted() {
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(password.toCharArray(), SALT, iterations, 256))
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] hmac(byte[] key, byte[] text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] sha256(byte[] text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] all = new byte[a.length + b.length];
        System.arraycopy(a, 0, all, 0, a.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }
}
