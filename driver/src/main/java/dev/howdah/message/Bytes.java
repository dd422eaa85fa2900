package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Bytes that nobody can change. {@link #toString()} says how many they are and not what they are, since they may be
 * secret; whoever wants to see them asks for {@link #hex()}.
 */
public final class Bytes {

    /** No bytes at all. */
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /** Copies an array. */
    public static Bytes copyOf(byte[] source) {
        return source.length == 0 ? EMPTY : new Bytes(source.clone());
    }

    /** Copies a part of an array. */
    public static Bytes copyOf(byte[] source, int offset, int length) {
        return length == 0 ? EMPTY : new Bytes(Arrays.copyOfRange(source, offset, offset + length));
    }

    /** Returns the UTF-8 form of a text. */
    public static Bytes utf8(String text) {
        return text.isEmpty() ? EMPTY : new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads the next {@code length} bytes. */
    static Bytes read(WireReader in, int length) {
        return length == 0 ? EMPTY : new Bytes(in.bytes(length));
    }

    /** Reads all that is left. */
    static Bytes readRest(WireReader in) {
        return read(in, in.remaining());
    }

    /** Writes the bytes as they are. */
    public void write(WireWriter out) {
        out.bytes(content);
    }

    /** Returns how many bytes there are. */
    public int length() {
        return content.length;
    }

    /** Returns the byte at {@code index}, from 0. */
    public byte at(int index) {
        return content[index];
    }

    /** Returns a copy. */
    public byte[] toByteArray() {
        return content.clone();
    }

    /** Returns the bytes read as UTF-8; what is not UTF-8 becomes U+FFFD. */
    public String utf8() {
        return new String(content, StandardCharsets.UTF_8);
    }

    /** Returns the bytes as lower-case hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(content);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    @Override
    public String toString() {
        return content.length + " bytes";
    }
}
