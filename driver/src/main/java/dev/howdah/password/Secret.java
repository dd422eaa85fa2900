package dev.howdah.password;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A password or another text that must not be seen: {@link #toString()} is {@code ***}, so it can stand in options,
 * events and records. {@link #reveal()} gives the text to whoever asks for it by name. Immutable, safe for several
 * threads. Not serializable on purpose: writing it, alone or inside of another object, fails.
 */
public final class Secret {
    private static final String MASK = "***";

    private final char[] text;

    private Secret(char[] text) {
        this.text = text;
    }

    /**
     * Wraps a text.
     *
     * @param text the secret, maybe empty
     * @return never null
     */
    public static Secret of(String text) {
        return new Secret(Objects.requireNonNull(text, "text").toCharArray());
    }

    /**
     * The secret itself.
     *
     * @return the text, maybe empty
     */
    public String reveal() {
        return new String(text);
    }

    /**
     * Whether the text is empty.
     *
     * @return true if it has no character
     */
    public boolean isEmpty() {
        return text.length == 0;
    }

    /** Compares the texts, in a time that depends on their lengths only. */
    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Secret secret) || text.length != secret.text.length) {
            return false;
        }
        int difference = 0;
        for (int i = 0; i < text.length; i++) {
            difference |= text[i] ^ secret.text[i];
        }
        return difference == 0;
    }

    /** The same for every secret, so that it tells nothing. */
    @Override
    public int hashCode() {
        return Secret.class.hashCode();
    }

    /** Always {@code ***}, whatever the text. */
    @Override
    public String toString() {
        return MASK;
    }
}
