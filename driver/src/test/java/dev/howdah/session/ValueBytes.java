package dev.howdah.session;

import dev.howdah.type.Codec;
import dev.howdah.type.ParameterEncoder;
import dev.howdah.wire.WireWriter;
import java.util.HexFormat;

/** What an encoder writes into a message. */
public final class ValueBytes {

    private ValueBytes() {}

    public static byte[] of(ParameterEncoder encoder, Object value) {
        WireWriter out = new WireWriter(64);
        encoder.encode(value, new WireValueWriter(out));
        return out.toByteArray();
    }

    public static <T> byte[] of(Codec<T> codec, T value) {
        WireWriter out = new WireWriter(64);
        codec.encodeBinary(value, new WireValueWriter(out));
        return out.toByteArray();
    }

    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
