package dev.howdah.type;

import java.net.InetAddress;
import java.util.Objects;

/**
 * A value of PostgreSQL's {@code inet}: the address of a host, and how many of its first bits name its network. Immutable.
 *
 * @param address an address of IPv4 or IPv6; its host name and scope do not count
 * @param prefixLength bits of the network: up to 32 for IPv4, 128 for IPv6; that many if there is no network to tell
 * @see <a href="https://www.postgresql.org/docs/current/datatype-net-types.html#DATATYPE-INET">inet</a>
 */
public record Inet(InetAddress address, int prefixLength) {

    /**
     * Checks the length.
     *
     * @throws IllegalArgumentException if the address has fewer bits
     */
    public Inet {
        Objects.requireNonNull(address, "address");
        if (prefixLength < 0 || prefixLength > bits(address)) {
            throw new IllegalArgumentException("the prefix is longer than the address");
        }
    }

    /**
     * Makes the address of a host without its network.
     *
     * @param address an address of IPv4 or IPv6
     * @return never null
     */
    public static Inet of(InetAddress address) {
        return new Inet(address, bits(address));
    }

    static int bits(InetAddress address) {
        return address.getAddress().length * Byte.SIZE;
    }

    /**
     * Reads the text that PostgreSQL prints: {@code 192.168.0.1}, {@code 192.168.0.1/24}, {@code ::1/64}. No name is looked
     * up.
     *
     * @param text the text
     * @return never null
     * @throws IllegalArgumentException if it is no such text
     */
    public static Inet parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return of(InetText.parse(text));
        }
        return new Inet(
                InetText.parse(text.substring(0, slash)), InetText.number(text.substring(slash + 1), 10, 3, 128));
    }

    /** {@return whether all bits of the address count, so that it is that of a host and of no network} */
    public boolean isHost() {
        return prefixLength == bits(address);
    }

    /** Returns the text as PostgreSQL prints it: the length only if it is not the address's own. */
    @Override
    public String toString() {
        return InetText.print(address) + (isHost() ? "" : "/" + prefixLength);
    }
}
