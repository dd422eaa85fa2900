package dev.howdah.transport;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * As much of DER as keys and names need: a cursor over the elements of one level, and the way to put some together.
 * Broken bytes are an {@link IllegalArgumentException} that quotes none of them.
 */
final class Der {

    static final int INTEGER = 0x02;
    static final int OCTET_STRING = 0x04;
    static final int OBJECT_IDENTIFIER = 0x06;
    static final int SEQUENCE = 0x30;
    /** [0], as the parameters of an EC key have it. */
    static final int PARAMETERS = 0xa0;

    private static final int SET = 0x31;
    private static final int BMP_STRING = 0x1e;
    private static final int UTF8_STRING = 0x0c;
    private static final byte[] COMMON_NAME = {0x55, 0x04, 0x03};

    private final byte[] bytes;
    private final int end;
    private int at;

    Der(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private Der(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    boolean hasMore() {
        return at < end;
    }

    /** Returns the tag of the next element, or -1 after the last. */
    int tag() {
        return hasMore() ? bytes[at] & 0xff : -1;
    }

    /** Goes past the next element, and returns its content. */
    Der next(int tag) {
        if (tag() != tag) {
            throw new IllegalArgumentException("it is no DER of the kind expected");
        }
        int from = at + 2;
        int length = from <= end ? bytes[at + 1] & 0xff : -1;
        if (length > 0x7f) {
            int octets = length & 0x7f;
            length = octets == 0 || octets > 3 ? -1 : 0;
            for (int i = 0; i < octets && length >= 0; i++) {
                length = from < end ? length << 8 | bytes[from] & 0xff : -1;
                from++;
            }
        }
        if (length < 0 || length > end - from) {
            throw new IllegalArgumentException("it is broken DER");
        }
        at = from + length;
        return new Der(bytes, from, at);
    }

    /** Returns what has not been gone past. */
    byte[] rest() {
        return Arrays.copyOfRange(bytes, at, end);
    }

    /** Puts an element together. */
    static byte[] element(int tag, byte[]... contents) {
        int length = 0;
        for (byte[] content : contents) {
            length += content.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 5);
        out.write(tag);
        if (length > 0xffff) {
            out.write(0x83);
            out.write(length >> 16);
            out.write(length >> 8);
        } else if (length > 0xff) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length > 0x7f) {
            out.write(0x81);
        }
        out.write(length);
        for (byte[] content : contents) {
            out.writeBytes(content);
        }
        return out.toByteArray();
    }

    /** Returns the first common name of a certificate's subject, or null if it has none. */
    static @Nullable String commonName(X500Principal subject) {
        Der names = new Der(subject.getEncoded()).next(SEQUENCE);
        while (names.hasMore()) {
            Der set = names.next(SET);
            while (set.hasMore()) {
                Der attribute = set.next(SEQUENCE);
                if (Arrays.equals(attribute.next(OBJECT_IDENTIFIER).rest(), COMMON_NAME)) {
                    int tag = attribute.tag();
                    Charset charset = tag == BMP_STRING
                            ? StandardCharsets.UTF_16BE
                            : tag == UTF8_STRING ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
                    return new String(attribute.next(tag).rest(), charset);
                }
            }
        }
        return null;
    }
}
