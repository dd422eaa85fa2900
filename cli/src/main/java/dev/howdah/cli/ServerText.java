package dev.howdah.cli;

import dev.howdah.type.Codec;
import dev.howdah.type.TypeRegistry;
import dev.howdah.type.ValueWriter;
import java.util.List;

/**
 * Leaves the meaning of values to the server: parameters go to it as the text that the user typed, of whatever type the statement wants,
 * and results come back as the text that the server prints, in the session's time zone and styles.
 */
final class ServerText implements Codec<String> {

    /** The types that Howdah has other codecs for; all others are text anyway. */
    private static final List<String> TYPES = List.of(
            "bool",
            "bytea",
            "char",
            "int2",
            "int4",
            "int8",
            "oid",
            "float4",
            "float8",
            "numeric",
            "text",
            "varchar",
            "bpchar",
            "name",
            "uuid",
            "date",
            "time",
            "timetz",
            "timestamp",
            "timestamptz",
            "interval",
            "json",
            "jsonb");

    private ServerText() {}

    /** Makes it so in this registry. */
    static void register(TypeRegistry types) {
        ServerText codec = new ServerText();
        for (String type : TYPES) {
            types.registerCodec("pg_catalog." + type, codec);
            types.registerCodec("pg_catalog._" + type, codec);
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
