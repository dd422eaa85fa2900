package dev.howdah.replication;

import dev.howdah.type.Lsn;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Up to where a sink has stored the changes of a slot. A sink that keeps it in the same transaction as the changes, and has the next
 * stream begin there by {@link TransactionStreamOptions#resume}, gets every transaction exactly once, and is told if that cannot be.
 * Immutable; {@link #toString()} is a text to store, {@link #parse} reads it.
 *
 * @param systemId what the server and its physical copies have in common
 * @param timeline of the server's log when the changes came
 * @param slot the slot's name
 * @param lsn where the log goes on behind all that is stored: {@link ReplicatedTransaction#endLsn()}
 */
public record ResumeToken(String systemId, long timeline, String slot, Lsn lsn) {

    private static final Pattern FORM = Pattern.compile("(\\d+):(\\d{1,10}):([a-z0-9_]+):([0-9A-Fa-f/]+)");

    /** Checks that all is given. */
    public ResumeToken {
        Objects.requireNonNull(systemId, "systemId");
        Objects.requireNonNull(slot, "slot");
        Objects.requireNonNull(lsn, "lsn");
    }

    /**
     * Reads what {@link #toString()} has printed.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static ResumeToken parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "a resume token is systemid:timeline:slot:lsn, such as 7312345678901234567:1:my_slot:0/16B3748, not '"
                            + text + "'");
        }
        return new ResumeToken(
                parts.group(1), Long.parseLong(parts.group(2)), parts.group(3), Lsn.parse(parts.group(4)));
    }

    /** {@return {@code systemid:timeline:slot:lsn}} */
    @Override
    public String toString() {
        return systemId + ":" + timeline + ":" + slot + ":" + lsn;
    }
}
