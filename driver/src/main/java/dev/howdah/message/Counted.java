package dev.howdah.message;

import dev.howdah.error.ProtocolException;
import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is preceded by its count. A count that was read is held against the bytes that are left before anything is
 * allocated for it.
 */
final class Counted {

    /** The most that 16 bits without sign can count: parameters, columns, format codes. */
    static final int MAX_16 = 0xffff;

    private Counted() {}

    /**
     * Reads a count of 16 bits.
     *
     * @param least the fewest bytes that one item takes
     */
    static int read16(WireReader in, int least, String what) {
        return check(in, in.uint16(), least, what);
    }

    /** The same with a count of 32 bits. */
    static int read32(WireReader in, int least, String what) {
        return check(in, in.int32(), least, what);
    }

    private static int check(WireReader in, int count, int least, String what) {
        if (count < 0 || count > in.remaining() / least) {
            throw new ProtocolException(
                    what + " announces " + count + " items but has only " + in.remaining() + " bytes for them");
        }
        return count;
    }

    static void write16(WireWriter out, int count, String what) {
        if (count > MAX_16) {
            throw new IllegalArgumentException(
                    what + " of " + count + " items: PostgreSQL's protocol can count up to " + MAX_16);
        }
        out.int16(count);
    }

    static IntList readInt16s(WireReader in, String what) {
        int count = read16(in, Short.BYTES, what);
        if (count == 0) {
            return IntList.EMPTY;
        }
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = in.int16();
        }
        return IntList.owning(values);
    }

    static void writeInt16s(WireWriter out, IntList values, String what) {
        write16(out, values.size(), what);
        for (int i = 0; i < values.size(); i++) {
            out.int16(values.get(i));
        }
    }

    static IntList readInt32s(WireReader in, String what) {
        int count = read16(in, Integer.BYTES, what);
        if (count == 0) {
            return IntList.EMPTY;
        }
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = in.int32();
        }
        return IntList.owning(values);
    }

    static void writeInt32s(WireWriter out, IntList values, String what) {
        write16(out, values.size(), what);
        for (int i = 0; i < values.size(); i++) {
            out.int32(values.get(i));
        }
    }

    static List<@Nullable Bytes> readValues(WireReader in, String what) {
        int count = read16(in, Integer.BYTES, what);
        List<@Nullable Bytes> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(readValue(in));
        }
        return Collections.unmodifiableList(values);
    }

    static void writeValues(WireWriter out, List<@Nullable Bytes> values, String what) {
        write16(out, values.size(), what);
        for (Bytes value : values) {
            writeValue(out, value);
        }
    }

    static @Nullable Bytes readValue(WireReader in) {
        int length = in.int32();
        return length == -1 ? null : Bytes.read(in, length);
    }

    static void writeValue(WireWriter out, @Nullable Bytes value) {
        if (value == null) {
            out.nullValue();
        } else {
            out.int32(value.length());
            value.write(out);
        }
    }

    /** Copies a list whose items may be null. */
    static List<@Nullable Bytes> copy(List<@Nullable Bytes> values) {
        return Collections.unmodifiableList(new ArrayList<>(values));
    }

    static void trace16s(TraceLine line, IntList values) {
        line.int16(values.size());
        for (int i = 0; i < values.size(); i++) {
            line.int16(values.get(i));
        }
    }

    static void trace32s(TraceLine line, IntList values) {
        line.int16(values.size());
        for (int i = 0; i < values.size(); i++) {
            line.int32(values.get(i));
        }
    }

    static void traceValue(TraceLine line, @Nullable Bytes value) {
        if (value == null) {
            line.int32(-1);
        } else {
            line.int32(value.length()).bytes(value);
        }
    }
}
