package dev.howdah;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The name of a two-phase transaction: a number and two parts, as transaction managers give it, or any text, which is all
 * that PostgreSQL itself asks for. Immutable.
 *
 * <p>Three parts stand as {@code 42_Z3RyaWQ=_YnF1YWw=} on the server: the number and both parts in Base64, the form that
 * psycopg2 and pgjdbc write and read too, so each of them can end what another has prepared. The parts are bytes: each
 * character of them is one, U+0000 to U+00FF. For text beyond that give its bytes to {@link #of(int, byte[], byte[])}.
 *
 * @param formatId which kind of name it is, 0 to 2,147,483,647; null if it is a text of no known form
 * @param globalId what all branches of the transaction share, at most 64 bytes; without a format the whole text, at most
 *     199 characters
 * @param branchQualifier which branch it is, at most 64 bytes; null if there is no format
 * @see <a href="https://www.postgresql.org/docs/current/sql-prepare-transaction.html">PREPARE TRANSACTION</a>
 */
public record Xid(
        @Nullable Integer formatId,
        String globalId,
        @Nullable String branchQualifier) {

    private static final int MAX_PART = 64;

    /** The server's limit is 200 bytes with the NUL behind it. */
    private static final int MAX_TEXT = 199;

    private static final int MAX_FORMAT_DIGITS = 10;

    /**
     * Checks.
     *
     * @throws IllegalArgumentException if the format is negative, a part is too long or has a character that is no byte,
     *     only one of format and branch is given, or a text without format is too long, has NUL or half a character, or is
     *     the form of three parts, which {@link #parse} takes apart
     */
    public Xid {
        if ((formatId == null) != (branchQualifier == null)) {
            throw new IllegalArgumentException("a Xid has a format and a branch qualifier, or neither of them");
        }
        if (formatId == null || branchQualifier == null) {
            checkText(globalId);
        } else {
            if (formatId < 0) {
                throw new IllegalArgumentException("the format of a Xid is 0 to 2147483647, not " + formatId);
            }
            checkPart("global id", globalId);
            checkPart("branch qualifier", branchQualifier);
        }
    }

    /**
     * Makes one of three parts.
     *
     * @throws IllegalArgumentException if the format is negative, or a part is longer than 64 bytes or has a character that
     *     is no byte
     */
    public static Xid of(int formatId, String globalId, String branchQualifier) {
        return new Xid(formatId, globalId, branchQualifier);
    }

    /**
     * Makes one of three parts, which are any bytes.
     *
     * @throws IllegalArgumentException if the format is negative or a part is longer than 64 bytes
     */
    public static Xid of(int formatId, byte[] globalId, byte[] branchQualifier) {
        return of(
                formatId,
                new String(globalId, StandardCharsets.ISO_8859_1),
                new String(branchQualifier, StandardCharsets.ISO_8859_1));
    }

    /**
     * Reads what the server calls a prepared transaction. What is not exactly the form of three parts becomes a Xid of that
     * text alone; {@link #toString()} always gives the same text back.
     *
     * @throws IllegalArgumentException if no server can have a transaction of that name: it has more than 199 characters or
     *     NUL
     */
    public static Xid parse(String text) {
        Xid parts = parts(text);
        return parts == null ? new Xid(null, text, null) : parts;
    }

    private static @Nullable Xid parts(String text) {
        int first = text.indexOf('_');
        int last = text.lastIndexOf('_');
        if (first < 1 || first == last || first > MAX_FORMAT_DIGITS) {
            return null;
        }
        try {
            Base64.Decoder decoder = Base64.getDecoder();
            byte[] globalId = decoder.decode(text.substring(first + 1, last));
            byte[] branch = decoder.decode(text.substring(last + 1));
            int format = Integer.parseInt(text.substring(0, first));
            if (format < 0 || globalId.length > MAX_PART || branch.length > MAX_PART) {
                return null;
            }
            Xid parsed = of(format, globalId, branch);
            return parsed.toString().equals(text) ? parsed : null;
        } catch (IllegalArgumentException e) {
            // Neither digits nor Base64: somebody else's text.
            return null;
        }
    }

    private static void checkPart(String what, String part) {
        for (int i = 0; i < part.length(); i++) {
            if (part.charAt(i) > 0xff) {
                throw new IllegalArgumentException(
                        "each character of the " + what + " of a Xid is one byte, but at index "
                                + i + " there is U+" + "%04X".formatted((int) part.charAt(i))
                                + ": give the bytes of such a text, as in getBytes(UTF_8)");
            }
        }
        if (part.length() > MAX_PART) {
            throw new IllegalArgumentException(
                    "the " + what + " of a Xid has at most " + MAX_PART + " bytes, not " + part.length());
        }
    }

    private static void checkText(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the name of a transaction cannot contain NUL");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("the name of a transaction has half of a character (a lone surrogate)");
        }
        int characters = text.codePointCount(0, text.length());
        if (characters > MAX_TEXT) {
            throw new IllegalArgumentException("the name of a transaction has at most " + MAX_TEXT
                    + " bytes, this one has " + characters + " characters");
        }
        if (parts(text) != null) {
            throw new IllegalArgumentException("this is the text of a Xid of three parts, use Xid.parse: " + text);
        }
    }

    /** Refuses a name that the server would refuse at the end of the work. */
    void requireUsable() {
        int bytes = toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_TEXT) {
            throw new IllegalArgumentException("the name of a transaction has at most " + MAX_TEXT
                    + " bytes in UTF-8, this one has " + bytes + ": " + this);
        }
    }

    /** Returns whether it has three parts, rather than being a text of no known form. */
    public boolean hasParts() {
        return formatId != null;
    }

    /**
     * Returns the bytes of {@link #globalId()}.
     *
     * @throws IllegalStateException if it is a text of no known form
     */
    public byte[] globalIdBytes() {
        return bytes(hasParts() ? globalId : null);
    }

    /**
     * Returns the bytes of {@link #branchQualifier()}.
     *
     * @throws IllegalStateException if it is a text of no known form
     */
    public byte[] branchQualifierBytes() {
        return bytes(branchQualifier);
    }

    private byte[] bytes(@Nullable String part) {
        if (part == null) {
            throw new IllegalStateException("this Xid is a text without parts: " + globalId);
        }
        return part.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Returns the text by which the server knows the transaction. */
    @Override
    public String toString() {
        if (!hasParts()) {
            return globalId;
        }
        Base64.Encoder encoder = Base64.getEncoder();
        return formatId + "_" + encoder.encodeToString(globalIdBytes()) + "_"
                + encoder.encodeToString(branchQualifierBytes());
    }
}
