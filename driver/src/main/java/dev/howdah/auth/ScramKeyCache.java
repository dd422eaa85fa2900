package dev.howdah.auth;

import dev.howdah.message.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keeps the SCRAM keys of the last logins in memory, so that the next one need not hash the password thousands of times.
 * A password is not kept, only its HMAC with a random key of this cache: another password never gets the keys. Safe for
 * several threads.
 */
public final class ScramKeyCache {

    private static final String HMAC = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    private final int capacity;
    private final SecretKeySpec hmacKey;
    /** Never changed, only replaced. Of two logins at once one may get lost here, which costs its next one the hashing. */
    private volatile Map<Login, ScramKeys> entries = Map.of();

    /** What keys are found by. */
    private record Login(String user, Bytes salt, int iterations, Bytes password) {}

    /**
     * Makes an empty cache.
     *
     * @param capacity how many logins are kept; the one used longest ago makes room
     */
    public ScramKeyCache(int capacity) {
        this.capacity = capacity;
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        this.hmacKey = new SecretKeySpec(key, HMAC);
    }

    /** Returns the keys of a login, made by {@code derive} if they are not there. */
    ScramKeys get(String user, String text, Bytes salt, int iterations, Supplier<ScramKeys> derive) {
        Login login = new Login(user, salt, iterations, hash(text));
        ScramKeys found = entries.get(login);
        ScramKeys keys = found != null ? found : derive.get();
        entries = with(entries, login, keys);
        return keys;
    }

    /** Returns how many logins are kept. */
    public int size() {
        return entries.size();
    }

    /** Copies the map with the login as its newest. */
    private Map<Login, ScramKeys> with(Map<Login, ScramKeys> old, Login login, ScramKeys keys) {
        Map<Login, ScramKeys> copy = new LinkedHashMap<>(old);
        copy.remove(login);
        copy.put(login, keys);
        Iterator<Login> oldest = copy.keySet().iterator();
        while (copy.size() > capacity) {
            oldest.next();
            oldest.remove();
        }
        return copy;
    }

    private Bytes hash(String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(hmacKey);
            return Bytes.copyOf(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + HMAC, e);
        }
    }
}
