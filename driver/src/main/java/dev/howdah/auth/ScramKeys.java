package dev.howdah.auth;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import dev.howdah.message.Bytes;
import dev.howdah.password.Passwords;
import java.util.Arrays;

/**
 * The keys that SCRAM makes of a password; who has them can log in without it.
 *
 * @param clientKey proves that we know the password
 * @param serverKey proves that the server does
 */
record ScramKeys(Bytes clientKey, Bytes serverKey) {

    private static final ScramMechanism MECHANISM = ScramMechanism.SCRAM_SHA_256;

    /** Hashes a password; this is what takes the time. */
    static ScramKeys derive(String password, Bytes salt, int iterations) {
        byte[] salted = Passwords.saltedPassword(password, iterations, salt.toByteArray());
        ScramKeys keys = new ScramKeys(
                Bytes.copyOf(ScramFunctions.clientKey(MECHANISM, salted)),
                Bytes.copyOf(ScramFunctions.serverKey(MECHANISM, salted)));
        Arrays.fill(salted, (byte) 0);
        return keys;
    }
}
