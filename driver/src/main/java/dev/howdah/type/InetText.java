package dev.howdah.type;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Network addresses between their bytes and the text that PostgreSQL prints. Never asks a name server. */
final class InetText {

    private static final int GROUPS = 8;
    private static final int V4_BYTES = 4;
    private static final int V6_BYTES = 16;

    private InetText() {}

    /** Makes an address; one of IPv6 that holds one of IPv4 stays what it is. */
    static InetAddress address(byte[] bytes) {
        try {
            return bytes.length == V6_BYTES
                    ? Inet6Address.getByAddress(null, bytes, -1)
                    : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address has 4 or 16 bytes", e);
        }
    }

    static InetAddress parse(String text) {
        return address(text.indexOf(':') < 0 ? v4(text) : v6(text));
    }

    private static byte[] v4(String text) {
        String[] parts = text.split("\\.", -1);
        byte[] bytes = new byte[V4_BYTES];
        if (parts.length != V4_BYTES) {
            throw wrong();
        }
        for (int i = 0; i < V4_BYTES; i++) {
            bytes[i] = (byte) number(parts[i], 10, 3, 0xff);
        }
        return bytes;
    }

    private static byte[] v6(String text) {
        byte[] bytes = new byte[V6_BYTES];
        int gap = text.indexOf("::");
        if (gap < 0) {
            if (groups(text, bytes, true) != V6_BYTES) {
                throw wrong();
            }
            return bytes;
        }
        byte[] tail = new byte[V6_BYTES];
        int before = gap == 0 ? 0 : groups(text.substring(0, gap), bytes, false);
        int after = gap + 2 == text.length() ? 0 : groups(text.substring(gap + 2), tail, true);
        if (before + after > V6_BYTES - 2) {
            throw wrong();
        }
        System.arraycopy(tail, 0, bytes, V6_BYTES - after, after);
        return bytes;
    }

    /** Reads groups between colons, at the end of all maybe an address of IPv4; returns how many bytes they are. */
    private static int groups(String text, byte[] into, boolean end) {
        String[] groups = text.split(":", -1);
        if (groups.length > GROUPS) {
            throw wrong();
        }
        int at = 0;
        for (int i = 0; i < groups.length; i++) {
            if (end && i == groups.length - 1 && groups[i].indexOf('.') > 0 && at <= V6_BYTES - V4_BYTES) {
                System.arraycopy(v4(groups[i]), 0, into, at, V4_BYTES);
                return at + V4_BYTES;
            }
            int group = number(groups[i], 16, 4, 0xffff);
            into[at++] = (byte) (group >> 8);
            into[at++] = (byte) group;
        }
        return at;
    }

    /** Reads a number of digits only. */
    static int number(String text, int radix, int maxDigits, int max) {
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, radix) : -1;
            if (digit < 0) {
                throw wrong();
            }
            value = value * radix + digit;
        }
        if (text.isEmpty() || text.length() > maxDigits || value > max) {
            throw wrong();
        }
        return value;
    }

    static String print(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == V4_BYTES ? printV4(bytes, 0) : printV6(bytes);
    }

    private static String printV4(byte[] bytes, int at) {
        return (bytes[at] & 0xff) + "." + (bytes[at + 1] & 0xff) + "." + (bytes[at + 2] & 0xff) + "."
                + (bytes[at + 3] & 0xff);
    }

    /** Prints the longest run of zero groups, the first of equal ones, as {@code ::}, and embedded IPv4 as such. */
    private static String printV6(byte[] bytes) {
        int[] groups = new int[GROUPS];
        int start = 0;
        int length = 1;
        int run = 0;
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
            run = groups[i] == 0 ? run + 1 : 0;
            if (run > length) {
                length = run;
                start = i + 1 - run;
            }
        }
        if (length == 1) {
            start = GROUPS;
        }
        StringBuilder out = new StringBuilder(40);
        boolean v4 = start == 0 && (length == 6 || length == 5 && groups[5] == 0xffff);
        for (int i = 0; i < GROUPS; i++) {
            if (i == start) {
                out.append(i == 0 ? "::" : ":");
                i += length - 1;
            } else if (v4 && i == 6) {
                return out.append(printV4(bytes, 12)).toString();
            } else {
                out.append(Integer.toHexString(groups[i])).append(i < GROUPS - 1 ? ":" : "");
            }
        }
        return out.toString();
    }

    static IllegalArgumentException wrong() {
        return new IllegalArgumentException("the text is not a network address as PostgreSQL prints it");
    }
}
