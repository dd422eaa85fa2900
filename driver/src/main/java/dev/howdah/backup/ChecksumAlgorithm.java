package dev.howdah.backup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * How a manifest tells whether a file is what the server has sent.
 *
 * @see <a href="https://www.postgresql.org/docs/current/backup-manifest-format.html">Backup manifest format</a>
 */
public enum ChecksumAlgorithm {
    /** Not at all: sizes only. */
    NONE,
    /** Against accidents; fast. What the server takes if nothing is said. */
    CRC32C,
    /** SHA-224, which is against forgery as well, as are those below. */
    SHA224,
    /** SHA-256. */
    SHA256,
    /** SHA-384. */
    SHA384,
    /** SHA-512. */
    SHA512;

    /** Returns the one of a name in a manifest, whatever its case. */
    static ChecksumAlgorithm named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** Returns how many hexadecimal digits a checksum has. */
    int digits() {
        return switch (this) {
            case NONE -> 0;
            case CRC32C -> 8;
            case SHA224 -> 56;
            case SHA256 -> 64;
            case SHA384 -> 96;
            case SHA512 -> 128;
        };
    }

    /** Begins a checksum. For one thread. */
    Running begin() {
        return switch (this) {
            case NONE -> new Nothing();
            case CRC32C -> new Crc();
            case SHA224 -> new Sha("SHA-224");
            case SHA256 -> new Sha("SHA-256");
            case SHA384 -> new Sha("SHA-384");
            case SHA512 -> new Sha("SHA-512");
        };
    }

    /** A checksum under way. */
    sealed interface Running {

        /** Takes more of the file. */
        void update(byte[] bytes, int offset, int length);

        /** Returns the digits as a manifest of a little-endian server writes them; empty if there is no checksum. Begins anew. */
        String hex();
    }

    private static final class Nothing implements Running {
        @Override
        public void update(byte[] bytes, int offset, int length) {
            // There is none.
        }

        @Override
        public String hex() {
            return "";
        }
    }

    private static final class Crc implements Running {
        private final CRC32C crc = new CRC32C();

        @Override
        public void update(byte[] bytes, int offset, int length) {
            crc.update(bytes, offset, length);
        }

        @Override
        public String hex() {
            ByteBuffer value = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            value.putInt((int) crc.getValue());
            crc.reset();
            return HexFormat.of().formatHex(value.array());
        }
    }

    private static final class Sha implements Running {
        private final MessageDigest digest;

        Sha(String name) {
            try {
                digest = MessageDigest.getInstance(name);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this Java has no " + name, e);
            }
        }

        @Override
        public void update(byte[] bytes, int offset, int length) {
            digest.update(bytes, offset, length);
        }

        @Override
        public String hex() {
            return HexFormat.of().formatHex(digest.digest());
        }
    }
}
