package dev.howdah.type;

import dev.howdah.wire.WireReader;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code uuid}: 16 bytes. Takes its text as a parameter too. */
final class UuidCodec extends BuiltinCodec<UUID> {

    private static final int TEXT_LENGTH = 36;

    UuidCodec() {
        super(UUID.class);
    }

    @Override
    public int fixedLength() {
        return 2 * Long.BYTES;
    }

    @Override
    public UUID decodeBinary(byte[] bytes, int offset, int length) {
        return new UUID(WireReader.int64At(bytes, offset), WireReader.int64At(bytes, offset + Long.BYTES));
    }

    @Override
    public UUID decodeText(String text) {
        @Nullable UUID uuid = parse(text);
        if (uuid == null) {
            throw Refusal.reading("the text is not a UUID");
        }
        return uuid;
    }

    @Override
    public void encodeBinary(UUID value, ValueWriter out) {
        out.int64(value.getMostSignificantBits()).int64(value.getLeastSignificantBits());
    }

    @Override
    public String encodeText(UUID value) {
        return value.toString();
    }

    @Override
    @Nullable
    UUID coerce(Object value) {
        if (value instanceof String text) {
            @Nullable UUID uuid = parse(text);
            if (uuid == null) {
                throw Refusal.writing("the text is not a UUID");
            }
            return uuid;
        }
        return null;
    }

    private static @Nullable UUID parse(String text) {
        if (text.length() != TEXT_LENGTH) {
            return null;
        }
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
