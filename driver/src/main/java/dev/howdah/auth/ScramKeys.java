package dev.howdah.auth;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.StringPreparation;
import dev.howdah.message.Bytes;
import java.util.Arrays;

/**
 * The keys that SCRAM makes of a password; who has them can log in without it.
 *
 * @param clientKey proves that we know the password
 * @param serverKey proves that the server does
 */
record ScramKeys(Bytes clientKey, Bytes serverKey) {

    private static final ScramMechanism MECHANISM = ScramMechanism.SCRAM_SHA_256;

    /**
     * Hashes a password; this is what takes the time.
     *
     * @param prepared the password in the form that the server has hashed, not empty
     */
    static ScramKeys derive(String prepared, Bytes salt, int iterations) {
        byte[] salted = ScramFunctions.saltedPassword(
                MECHANISM, StringPreparation.NO_PREPARATION, prepared.toCharArray(), salt.toByteArray(), iterations);
        ScramKeys keys = new ScramKeys(
                Bytes.copyOf(ScramFunctions.clientKey(MECHANISM, salted)),
                Bytes.copyOf(ScramFunctions.serverKey(MECHANISM, salted)));
        Arrays.fill(salted, (byte) 0);
        return keys;
    }
}
