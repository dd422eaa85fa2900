package dev.howdah.cli;

import dev.howdah.type.BuiltinTypes;
import dev.howdah.type.Codec;
import dev.howdah.type.PgType;
import dev.howdah.type.TypeRegistry;
import dev.howdah.type.ValueWriter;

/**
 * Leaves the meaning of values to the server: parameters go to it as the text that the user typed, of whatever type the statement wants,
 * and results come back as the text that the server prints, in the session's time zone and styles.
 */
final class ServerText implements Codec<String> {

    private ServerText() {}

    /** Makes it so in this registry. */
    static void register(TypeRegistry types) {
        ServerText codec = new ServerText();
        for (PgType type : BuiltinTypes.all()) {
            switch (type.kind()) {
                case BASE, ARRAY, RANGE, MULTIRANGE -> types.registerCodec(type.oid(), codec);
                case COMPOSITE, DOMAIN, ENUM, PSEUDO -> {}
            }
        }
    }

    @Override
    public Class<String> javaType() {
        return String.class;
    }

    @Override
    public boolean binary() {
        return false;
    }

    @Override
    public String decodeText(String text) {
        return text;
    }

    @Override
    public String encodeText(String value) {
        return value;
    }

    @Override
    public String decodeBinary(byte[] bytes, int offset, int length) {
        throw new UnsupportedOperationException("the binary form was not asked for");
    }

    @Override
    public void encodeBinary(String value, ValueWriter out) {
        throw new UnsupportedOperationException("the binary form is not offered");
    }
}
