package dev.howdah.type;

import java.net.InetAddress;
import java.util.Objects;

/**
 * A value of PostgreSQL's {@code cidr}: a network. Immutable.
 *
 * @param address an address of IPv4 or IPv6 whose bits behind the prefix are 0
 * @param prefixLength bits of the network: up to 32 for IPv4, 128 for IPv6
 * @see <a href="https://www.postgresql.org/docs/current/datatype-net-types.html#DATATYPE-CIDR">cidr</a>
 */
public record Cidr(InetAddress address, int prefixLength) {

    /**
     * Checks the length and that no bit is set behind it, as PostgreSQL does.
     *
     * @throws IllegalArgumentException if that is not so
     */
    public Cidr {
        Objects.requireNonNull(address, "address");
        int bits = Inet.bits(address);
        byte[] bytes = address.getAddress();
        boolean sound = prefixLength >= 0 && prefixLength <= bits;
        for (int i = prefixLength; sound && i < bits; i++) {
            sound = (bytes[i / Byte.SIZE] & 0x80 >> i % Byte.SIZE) == 0;
        }
        if (!sound) {
            throw new IllegalArgumentException("a network has no bits set behind its prefix");
        }
    }

    /**
     * Reads the text that PostgreSQL prints: {@code 192.168.0.0/16}, {@code ::/0}. Without a length all bits count.
     *
     * @param text the text
     * @return never null
     * @throws IllegalArgumentException if it is no such text
     */
    public static Cidr parse(String text) {
        Inet inet = Inet.parse(text);
        return new Cidr(inet.address(), inet.prefixLength());
    }

    /**
     * {@return whether a host's address is in this network}
     *
     * @param host an address; one of the other family is in no network of this one
     */
    public boolean contains(InetAddress host) {
        byte[] network = address.getAddress();
        byte[] bytes = host.getAddress();
        if (bytes.length != network.length) {
            return false;
        }
        for (int i = 0; i < prefixLength; i++) {
            if (((bytes[i / Byte.SIZE] ^ network[i / Byte.SIZE]) & 0x80 >> i % Byte.SIZE) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns the text as PostgreSQL prints it: always with the length. */
    @Override
    public String toString() {
        return InetText.print(address) + "/" + prefixLength;
    }
}
