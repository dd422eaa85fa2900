package dev.howdah.backup;

import dev.howdah.backup.TarEntry.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The 512 bytes before each file in an archive, as PostgreSQL writes them: the layout of POSIX (ustar) with names of up to 99 bytes,
 * and sizes that are too large for octal digits in binary.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06">ustar Interchange Format</a>
 */
final class TarHeader {

    static final int BLOCK = 512;

    private static final Field NAME = new Field(0, 100);
    private static final Field MODE = new Field(100, 8);
    private static final Field UID = new Field(108, 8);
    private static final Field GID = new Field(116, 8);
    private static final Field SIZE = new Field(124, 12);
    private static final Field MODIFIED = new Field(136, 12);
    private static final Field CHECKSUM = new Field(148, 8);
    private static final int TYPE = 156;
    private static final Field TARGET = new Field(157, 100);
    private static final Field MAGIC = new Field(257, 8);
    private static final Field MAJOR = new Field(329, 8);
    private static final Field MINOR = new Field(337, 8);
    private static final Field PREFIX = new Field(345, 155);

    private static final byte[] USTAR = "ustar\0".getBytes(StandardCharsets.US_ASCII);
    private static final int BINARY = 0x80;
    private static final int PERMISSIONS = 07777;
    private static final int OCTAL_BITS = 3;

    private TarHeader() {}

    private record Field(int from, int length) {}

    /** A header that is not one, or one that is not to be trusted. */
    static final class RefusedHeader extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedHeader(String message) {
            super(message);
        }
    }

    /** Returns the bytes of a header; a name that does not fit is an {@link IllegalArgumentException}. */
    static byte[] write(TarEntry entry) {
        byte[] block = new byte[BLOCK];
        // PostgreSQL marks a link to a folder like a folder.
        text(block, NAME, entry.kind() == Kind.FILE ? entry.name() : entry.name() + "/");
        number(block, MODE, entry.mode() & PERMISSIONS);
        number(block, UID, 0);
        number(block, GID, 0);
        number(block, SIZE, entry.size());
        number(block, MODIFIED, entry.modified());
        block[TYPE] = (byte)
                switch (entry.kind()) {
                    case FILE -> '0';
                    case LINK -> '2';
                    case FOLDER -> '5';
                };
        text(block, TARGET, entry.target());
        System.arraycopy(USTAR, 0, block, MAGIC.from(), USTAR.length);
        Arrays.fill(block, MAGIC.from() + USTAR.length, MAGIC.from() + MAGIC.length(), (byte) '0');
        number(block, MAJOR, 0);
        number(block, MINOR, 0);
        number(block, CHECKSUM, sum(block));
        return block;
    }

    private static void text(byte[] block, Field field, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= field.length()) {
            throw new IllegalArgumentException(
                    "the name " + EntryName.shown(text) + " is longer than the 99 bytes that an archive has for it");
        }
        System.arraycopy(bytes, 0, block, field.from(), bytes.length);
    }

    private static void number(byte[] block, Field field, long value) {
        int digits = field.length() - 1;
        if (value >> (OCTAL_BITS * digits) == 0) {
            long left = value;
            for (int i = digits - 1; i >= 0; i--) {
                block[field.from() + i] = (byte) ('0' + (left & 7));
                left >>= OCTAL_BITS;
            }
            block[field.from() + digits] = ' ';
        } else {
            ByteBuffer.wrap(block).putLong(field.from() + field.length() - Long.BYTES, value);
            block[field.from()] = (byte) BINARY;
        }
    }

    /** Reads a header; its name is known to be harmless. */
    static TarEntry read(byte[] block) throws RefusedHeader {
        if (octal(block, CHECKSUM) != sum(block)) {
            throw new RefusedHeader("a header has not its checksum");
        }
        String name = text(block, NAME);
        boolean ustar = Arrays.equals(block, MAGIC.from(), MAGIC.from() + USTAR.length, USTAR, 0, USTAR.length);
        if (!ustar && !isEmpty(block, MAGIC) || !isEmpty(block, PREFIX)) {
            throw new RefusedHeader(
                    "the entry " + EntryName.shown(name) + " is written in no way that PostgreSQL does");
        }
        Kind kind = switch (block[TYPE]) {
            case 0, '0' -> Kind.FILE;
            case '2' -> Kind.LINK;
            case '5' -> Kind.FOLDER;
            default ->
                throw new RefusedHeader("the entry " + EntryName.shown(name)
                        + " is neither file nor folder nor symbolic link, but of type " + (block[TYPE] & 0xff));
        };
        if (kind != Kind.FILE && name.endsWith("/")) {
            name = name.substring(0, name.length() - 1);
        }
        if (name.startsWith("./")) {
            // So servers write a few of their own.
            name = name.substring(2);
        }
        String fault = EntryName.fault(name);
        if (fault != null) {
            throw new RefusedHeader("the entry " + EntryName.shown(name) + " has a name that is not taken: " + fault);
        }
        long size = size(block, name);
        if (size != 0 && kind != Kind.FILE) {
            throw new RefusedHeader("the entry " + EntryName.shown(name) + " is no file and has a size");
        }
        return new TarEntry(
                name,
                kind,
                size,
                (int) octal(block, MODE) & PERMISSIONS,
                number(block, MODIFIED),
                kind == Kind.LINK ? text(block, TARGET) : "");
    }

    private static long size(byte[] block, String name) throws RefusedHeader {
        long size = number(block, SIZE);
        if (size < 0 || size > Long.MAX_VALUE - BLOCK) {
            throw new RefusedHeader("the entry " + EntryName.shown(name) + " has no size that can be");
        }
        return size;
    }

    private static boolean isEmpty(byte[] block, Field field) {
        for (int i = 0; i < field.length(); i++) {
            if (block[field.from() + i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static long sum(byte[] block) {
        long sum = (long) ' ' * CHECKSUM.length();
        for (int i = 0; i < BLOCK; i++) {
            if (i < CHECKSUM.from() || i >= CHECKSUM.from() + CHECKSUM.length()) {
                sum += block[i] & 0xff;
            }
        }
        return sum;
    }

    private static String text(byte[] block, Field field) throws RefusedHeader {
        int length = 0;
        while (length < field.length() && block[field.from() + length] != 0) {
            length++;
        }
        @Nullable String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(block, field.from(), length))
                    .toString();
        } catch (CharacterCodingException e) {
            text = null;
        }
        if (text == null) {
            String shown = new String(block, field.from(), length, StandardCharsets.UTF_8);
            throw new RefusedHeader("the entry " + EntryName.shown(shown) + " has a name that is not UTF-8");
        }
        return text;
    }

    private static long number(byte[] block, Field field) throws RefusedHeader {
        if ((block[field.from()] & 0xff) != BINARY) {
            return octal(block, field);
        }
        for (int i = 1; i < field.length() - Long.BYTES; i++) {
            if (block[field.from() + i] != 0) {
                return -1;
            }
        }
        return ByteBuffer.wrap(block).getLong(field.from() + field.length() - Long.BYTES);
    }

    private static long octal(byte[] block, Field field) throws RefusedHeader {
        long value = 0;
        int at = field.from();
        int end = field.from() + field.length();
        while (at < end && block[at] == ' ') {
            at++;
        }
        for (; at < end && block[at] >= '0' && block[at] <= '7'; at++) {
            value = value << OCTAL_BITS | (block[at] - '0');
        }
        for (; at < end; at++) {
            if (block[at] != 0 && block[at] != ' ') {
                throw new RefusedHeader("a header has something else than octal digits where a number should be");
            }
        }
        return value;
    }
}
