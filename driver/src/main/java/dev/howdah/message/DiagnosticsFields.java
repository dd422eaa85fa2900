package dev.howdah.message;

import dev.howdah.error.Diagnostics;
import dev.howdah.error.ProtocolException;
import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * The body of ErrorResponse and NoticeResponse: fields, each a letter and a text, and a zero byte.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-error-fields.html">Error and notice message fields</a>
 */
final class DiagnosticsFields {

    /** Takes a field. */
    private interface Sink {
        void field(char letter, String value);
    }

    private DiagnosticsFields() {}

    static Diagnostics read(WireReader in, String what) {
        Diagnostics.Builder builder = Diagnostics.builder();
        for (int letter = in.uint8(); letter != 0; letter = in.uint8()) {
            if (letter >= 0x80) {
                throw new ProtocolException(what + " has a field that is no ASCII letter");
            }
            builder.put((char) letter, in.cstring());
        }
        in.finish(what);
        return builder.build();
    }

    static void write(WireWriter out, Diagnostics diagnostics) {
        each(diagnostics, (letter, value) -> out.int8(letter).cstring(value));
        out.int8(0);
    }

    static void trace(TraceLine line, Diagnostics diagnostics) {
        each(diagnostics, (letter, value) -> line.letter(letter).text(value));
        line.int8(0);
    }

    /** Gives the fields that are there, in the order in which PostgreSQL sends them. */
    private static void each(Diagnostics diagnostics, Sink sink) {
        String code = diagnostics.sqlState().code();
        sink.field('S', diagnostics.severity());
        text(sink, 'V', diagnostics.severityNonlocalized());
        text(sink, 'C', code.isEmpty() ? null : code);
        text(sink, 'M', diagnostics.messagePrimary());
        text(sink, 'D', diagnostics.messageDetail());
        text(sink, 'H', diagnostics.messageHint());
        number(sink, 'P', diagnostics.statementPosition());
        number(sink, 'p', diagnostics.internalPosition());
        text(sink, 'q', diagnostics.internalQuery());
        text(sink, 'W', diagnostics.context());
        text(sink, 's', diagnostics.schemaName());
        text(sink, 't', diagnostics.tableName());
        text(sink, 'c', diagnostics.columnName());
        text(sink, 'd', diagnostics.datatypeName());
        text(sink, 'n', diagnostics.constraintName());
        text(sink, 'F', diagnostics.sourceFile());
        number(sink, 'L', diagnostics.sourceLine());
        text(sink, 'R', diagnostics.sourceFunction());
    }

    private static void text(Sink sink, char letter, @Nullable String value) {
        if (value != null) {
            sink.field(letter, value);
        }
    }

    private static void number(Sink sink, char letter, int value) {
        if (value > 0) {
            sink.field(letter, Integer.toString(value));
        }
    }
}
