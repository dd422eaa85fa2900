package dev.howdah.transport;

import dev.howdah.error.ProtocolException;
import dev.howdah.session.RowBuffer;
import dev.howdah.wire.WireReader;

/** The values of a result's only row, as text. */
final class RowText {

    private final RowBuffer rows;

    RowText(RowBuffer rows) {
        if (rows.size() != 1) {
            throw new ProtocolException("the server answered with " + rows.size() + " rows where one was due");
        }
        this.rows = rows;
    }

    String get(int column) {
        byte[] bytes = rows.array(0);
        int at = rows.offset(0) + Short.BYTES;
        for (int i = 0; i < column; i++) {
            at += Integer.BYTES + Math.max(0, WireReader.int32At(bytes, at));
        }
        int length = Math.max(0, WireReader.int32At(bytes, at));
        return new WireReader().over(bytes, at + Integer.BYTES, length).utf8(length);
    }
}
