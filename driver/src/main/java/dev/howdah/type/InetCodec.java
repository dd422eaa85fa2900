package dev.howdah.type;

import dev.howdah.wire.WireReader;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * {@code inet} and {@code cidr}: family, length of the prefix, whether it is a cidr, how many bytes the address has, and
 * those.
 */
final class InetCodec {

    private static final int FAMILY_4 = 2;
    private static final int FAMILY_6 = 3;

    private InetCodec() {}

    private static Inet read(WireReader in, boolean cidr) {
        int family = in.uint8();
        int prefix = in.uint8();
        boolean isCidr = in.uint8() != 0;
        int length = in.uint8();
        ParsedCodec.require(
                isCidr == cidr && (family == FAMILY_4 && length == 4 || family == FAMILY_6 && length == 16));
        return new Inet(InetText.address(in.bytes(length)), prefix);
    }

    private static void write(InetAddress address, int prefix, boolean cidr, ValueWriter out) {
        byte[] bytes = address.getAddress();
        out.int8(bytes.length == 4 ? FAMILY_4 : FAMILY_6).int8(prefix);
        out.int8(cidr ? 1 : 0).int8(bytes.length).bytes(bytes, 0, bytes.length);
    }

    /** {@code inet}. */
    static final class Host extends ParsedCodec<Inet> {

        Host() {
            super(Inet.class, Inet::parse);
        }

        /** Returns the codec for plain addresses. */
        static Codec<InetAddress> address() {
            return new MappedCodec<>(new Host(), InetAddress.class, Host::toAddress, Inet::of);
        }

        private static InetAddress toAddress(Inet value) {
            if (!value.isHost()) {
                throw Refusal.reading("the value has a prefix length; read it as dev.howdah.type.Inet");
            }
            return value.address();
        }

        @Override
        Inet read(WireReader in) {
            return InetCodec.read(in, false);
        }

        @Override
        public void encodeBinary(Inet value, ValueWriter out) {
            write(value.address(), value.prefixLength(), false, out);
        }

        @Override
        @Nullable
        Inet coerce(Object value) {
            return value instanceof Cidr cidr ? new Inet(cidr.address(), cidr.prefixLength()) : super.coerce(value);
        }
    }

    /** {@code cidr}. */
    static final class Network extends ParsedCodec<Cidr> {

        Network() {
            super(Cidr.class, Cidr::parse);
        }

        @Override
        Cidr read(WireReader in) {
            Inet value = InetCodec.read(in, true);
            return new Cidr(value.address(), value.prefixLength());
        }

        @Override
        public void encodeBinary(Cidr value, ValueWriter out) {
            write(value.address(), value.prefixLength(), true, out);
        }

        @Override
        @Nullable
        Cidr coerce(Object value) {
            @Nullable Inet inet = value instanceof InetAddress address ? Inet.of(address) : null;
            if (value instanceof Inet given) {
                inet = given;
            }
            if (inet == null) {
                return super.coerce(value);
            }
            try {
                return new Cidr(inet.address(), inet.prefixLength());
            } catch (IllegalArgumentException e) {
                throw Refusal.writing("a cidr has no bits set behind its prefix");
            }
        }
    }
}
