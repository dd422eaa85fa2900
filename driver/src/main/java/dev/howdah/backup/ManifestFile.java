package dev.howdah.backup;

import java.time.Instant;
import java.util.Objects;

/**
 * What a manifest says of a file.
 *
 * @param path relative to the backup's folder, with slashes; what is in a tablespace is under {@code pg_tblspc/OID}. Bytes that are not
 *     UTF-8 stand as the replacement character
 * @param size in bytes
 * @param modified when the server's file was changed last, in whole seconds
 * @param algorithm of the checksum
 * @param checksum hexadecimal digits in lower case; empty if there is none
 */
public record ManifestFile(String path, long size, Instant modified, ChecksumAlgorithm algorithm, String checksum) {

    /** Requires all of it. */
    public ManifestFile {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(modified, "modified");
        Objects.requireNonNull(algorithm, "algorithm");
        Objects.requireNonNull(checksum, "checksum");
    }

    /** Returns whether a checksum, as the algorithm gives it here, is that of this file. */
    boolean hasChecksum(String hex) {
        return checksum.equals(hex) || algorithm == ChecksumAlgorithm.CRC32C && checksum.equals(reversed(hex));
    }

    /** Returns the bytes in the other order: a server writes those of a CRC as its machine has them. */
    private static String reversed(String hex) {
        StringBuilder reversed = new StringBuilder(hex.length());
        for (int i = hex.length() - 2; i >= 0; i -= 2) {
            reversed.append(hex, i, i + 2);
        }
        return reversed.toString();
    }
}
