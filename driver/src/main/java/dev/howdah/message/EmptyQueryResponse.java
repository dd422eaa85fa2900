package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * The query text was empty; takes the place of CommandComplete.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-EMPTYQUERYRESPONSE">EmptyQueryResponse</a>
 */
public record EmptyQueryResponse() implements BackendMessage {

    /** The only one that is needed. */
    public static final EmptyQueryResponse INSTANCE = new EmptyQueryResponse();

    /** Reads the body. */
    public static EmptyQueryResponse read(WireReader in) {
        in.finish("EmptyQueryResponse");
        return INSTANCE;
    }

    @Override
    public void write(WireWriter out) {
        out.begin('I').end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("EmptyQueryResponse");
    }
}
