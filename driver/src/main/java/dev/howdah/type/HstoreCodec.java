package dev.howdah.type;

import dev.howdah.wire.WireReader;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code hstore} as a Map of text to text or null, unmodifiable, in the order of the server.
 *
 * @see <a href="https://www.postgresql.org/docs/current/hstore.html">hstore</a>
 */
final class HstoreCodec extends BuiltinCodec<Map<?, ?>> {

    @SuppressWarnings("unchecked") // there is no other way to say the class of a Map of anything
    HstoreCodec() {
        super((Class<Map<?, ?>>) (Class<?>) Map.class);
    }

    @Override
    public Map<?, ?> decodeBinary(byte[] bytes, int offset, int length) {
        int end = offset + length;
        require(length >= 4);
        int count = WireReader.int32At(bytes, offset);
        // Every pair takes 8 bytes at least: a lie about their count is found before room is made for them.
        require(count >= 0 && count <= (length - 4) / 8);
        Map<String, @Nullable String> map = new LinkedHashMap<>(Math.max(16, count * 2));
        int at = offset + 4;
        for (int i = 0; i < count; i++) {
            int keyLength = length(bytes, at, end);
            require(keyLength >= 0);
            at += 4;
            String key = Utf8.decode(bytes, at, keyLength);
            at += keyLength;
            int valueLength = length(bytes, at, end);
            at += 4;
            map.put(key, valueLength < 0 ? null : Utf8.decode(bytes, at, valueLength));
            at += Math.max(valueLength, 0);
        }
        require(at == end);
        return Collections.unmodifiableMap(map);
    }

    /** Returns a length, -1 for NULL; what it counts is there. */
    private static int length(byte[] bytes, int at, int end) {
        require(end - at >= 4);
        int length = WireReader.int32At(bytes, at);
        require(length >= -1 && length <= end - at - 4);
        return length;
    }

    private static void require(boolean sound) {
        if (!sound) {
            throw Refusal.reading(Refusal.MALFORMED);
        }
    }

    @Override
    public Map<?, ?> decodeText(String text) {
        return new HstoreText(text).read();
    }

    @Override
    public void encodeBinary(Map<?, ?> value, ValueWriter out) {
        out.int32(value.size());
        for (Map.Entry<?, ?> entry : value.entrySet()) {
            int key = out.beginValue();
            out.utf8(key(entry));
            out.endValue(key);
            @Nullable String text = value(entry);
            if (text == null) {
                out.nullValue();
            } else {
                int mark = out.beginValue();
                out.utf8(text);
                out.endValue(mark);
            }
        }
    }

    @Override
    public String encodeText(Map<?, ?> value) {
        StringBuilder out = new StringBuilder();
        for (Map.Entry<?, ?> entry : value.entrySet()) {
            out.append(out.isEmpty() ? "" : ", ");
            HstoreText.quote(key(entry), out);
            out.append("=>");
            @Nullable String text = value(entry);
            if (text == null) {
                out.append("NULL");
            } else {
                HstoreText.quote(text, out);
            }
        }
        return out.toString();
    }

    private static String key(Map.Entry<?, ?> entry) {
        @Nullable Object key = entry.getKey();
        if (key == null) {
            throw Refusal.writing("a key is null, which no key of hstore can be");
        }
        return text(key, "a key");
    }

    private static @Nullable String value(Map.Entry<?, ?> entry) {
        @Nullable Object value = entry.getValue();
        return value == null ? null : text(value, "a value");
    }

    private static String text(Object value, String what) {
        @Nullable String text = TextCodec.textOf(value);
        if (text == null) {
            throw Refusal.writing(
                    what + " is " + value.getClass().getTypeName() + ", and hstore holds text only; give it as String");
        }
        return Utf8.checked(text);
    }
}
