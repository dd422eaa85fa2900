package dev.howdah.replication;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Messages of pgoutput, put together by hand. */
final class PgOutputBytes {

    static final int INT4 = 23;
    static final int TEXT = 25;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    static PgOutputBytes message(char type) {
        return new PgOutputBytes().int8(type);
    }

    /** Begins a message within a stream block. */
    static PgOutputBytes message(char type, int xid) {
        return message(type).int32(xid);
    }

    static byte[] begin(int xid) {
        return message('B').int64(1).int64(0).int32(xid).done();
    }

    static byte[] streamStart(int xid) {
        return message('S').int32(xid).int8(1).done();
    }

    static byte[] streamStop() {
        return message('E').done();
    }

    static byte[] streamCommit(int xid) {
        return message('c').int32(xid).int8(0).int64(1).int64(2).int64(3).done();
    }

    static byte[] streamAbort(int xid, int subxid) {
        return message('A').int32(xid).int32(subxid).done();
    }

    /** The rest of a Relation message: a table of columns of type text, the first of them its key. */
    PgOutputBytes table(int oid, String name, String... columns) {
        int32(oid).text("public").text(name).int8('d').int16(columns.length);
        for (int i = 0; i < columns.length; i++) {
            column(i == 0, columns[i], TEXT);
        }
        return this;
    }

    PgOutputBytes column(boolean key, String name, int typeOid) {
        return int8(key ? 1 : 0).text(name).int32(typeOid).int32(-1);
    }

    /** A row of text, null for NULL. */
    PgOutputBytes row(char letter, String... values) {
        int8(letter).int16(values.length);
        for (String value : values) {
            if (value == null) {
                int8('n');
            } else {
                value('t', value.getBytes(StandardCharsets.UTF_8));
            }
        }
        return this;
    }

    PgOutputBytes value(char letter, byte[] value) {
        int8(letter).int32(value.length);
        bytes.writeBytes(value);
        return this;
    }

    PgOutputBytes int8(int value) {
        bytes.write(value);
        return this;
    }

    PgOutputBytes int16(int value) {
        bytes.writeBytes(
                ByteBuffer.allocate(Short.BYTES).putShort((short) value).array());
        return this;
    }

    PgOutputBytes int32(int value) {
        bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
        return this;
    }

    PgOutputBytes int64(long value) {
        bytes.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
        return this;
    }

    PgOutputBytes text(String value) {
        bytes.writeBytes(value.getBytes(StandardCharsets.UTF_8));
        return int8(0);
    }

    byte[] done() {
        return bytes.toByteArray();
    }
}
