package dev.howdah.message;

import static java.util.Map.entry;

import dev.howdah.error.ProtocolException;
import dev.howdah.wire.WireReader;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The messages of PostgreSQL 18, copied from the headings of the page, with the letter that begins each.
 *
 * @see <a href="https://www.postgresql.org/docs/18/protocol-message-formats.html">Message formats</a>
 */
final class MessageList {

    /** Those marked (B), the two of both sides included. */
    static final List<String> BACKEND = List.of(
            "AuthenticationOk",
            "AuthenticationKerberosV5",
            "AuthenticationCleartextPassword",
            "AuthenticationMD5Password",
            "AuthenticationGSS",
            "AuthenticationGSSContinue",
            "AuthenticationSSPI",
            "AuthenticationSASL",
            "AuthenticationSASLContinue",
            "AuthenticationSASLFinal",
            "BackendKeyData",
            "BindComplete",
            "CloseComplete",
            "CommandComplete",
            "CopyData",
            "CopyDone",
            "CopyInResponse",
            "CopyOutResponse",
            "CopyBothResponse",
            "DataRow",
            "EmptyQueryResponse",
            "ErrorResponse",
            "FunctionCallResponse",
            "NegotiateProtocolVersion",
            "NoData",
            "NoticeResponse",
            "NotificationResponse",
            "ParameterDescription",
            "ParameterStatus",
            "ParseComplete",
            "PortalSuspended",
            "ReadyForQuery",
            "RowDescription");

    /** Those marked (F), the two of both sides included. */
    static final List<String> FRONTEND = List.of(
            "Bind",
            "CancelRequest",
            "Close",
            "CopyData",
            "CopyDone",
            "CopyFail",
            "Describe",
            "Execute",
            "Flush",
            "FunctionCall",
            "GSSENCRequest",
            "GSSResponse",
            "Parse",
            "PasswordMessage",
            "Query",
            "SASLInitialResponse",
            "SASLResponse",
            "SSLRequest",
            "StartupMessage",
            "Sync",
            "Terminate");

    /** The first byte of each message that has one. Authentication requests are left out: theirs is R. */
    static final Map<String, Character> LETTERS = Map.ofEntries(
            entry("BackendKeyData", 'K'),
            entry("BindComplete", '2'),
            entry("CloseComplete", '3'),
            entry("CommandComplete", 'C'),
            entry("CopyData", 'd'),
            entry("CopyDone", 'c'),
            entry("CopyInResponse", 'G'),
            entry("CopyOutResponse", 'H'),
            entry("CopyBothResponse", 'W'),
            entry("DataRow", 'D'),
            entry("EmptyQueryResponse", 'I'),
            entry("ErrorResponse", 'E'),
            entry("FunctionCallResponse", 'V'),
            entry("NegotiateProtocolVersion", 'v'),
            entry("NoData", 'n'),
            entry("NoticeResponse", 'N'),
            entry("NotificationResponse", 'A'),
            entry("ParameterDescription", 't'),
            entry("ParameterStatus", 'S'),
            entry("ParseComplete", '1'),
            entry("PortalSuspended", 's'),
            entry("ReadyForQuery", 'Z'),
            entry("RowDescription", 'T'),
            entry("Bind", 'B'),
            entry("Close", 'C'),
            entry("CopyFail", 'f'),
            entry("Describe", 'D'),
            entry("Execute", 'E'),
            entry("Flush", 'H'),
            entry("FunctionCall", 'F'),
            entry("GSSResponse", 'p'),
            entry("Parse", 'P'),
            entry("PasswordMessage", 'p'),
            entry("Query", 'Q'),
            entry("SASLInitialResponse", 'p'),
            entry("SASLResponse", 'p'),
            entry("Sync", 'S'),
            entry("Terminate", 'X'));

    /** Those without a first byte that says what they are. */
    static final List<String> WITHOUT_LETTER =
            List.of("CancelRequest", "GSSENCRequest", "SSLRequest", "StartupMessage");

    private MessageList() {}

    /** All, each once. */
    static Stream<String> all() {
        return Stream.concat(BACKEND.stream(), FRONTEND.stream()).distinct();
    }

    /** Returns how many bytes come before the body. */
    static int header(String name) {
        return WITHOUT_LETTER.contains(name) ? Integer.BYTES : 1 + Integer.BYTES;
    }

    /**
     * Reads the body of a message through the door through which a peer's messages come.
     *
     * @throws ProtocolException if it is not well-formed
     */
    static Message read(String name, WireReader body) {
        if (WITHOUT_LETTER.contains(name)) {
            return FrontendMessage.readStartup(body);
        }
        if (!BACKEND.contains(name)) {
            return FrontendMessage.read(LETTERS.get(name), body, context(name));
        }
        return BackendMessage.read(name.startsWith("Authentication") ? 'R' : LETTERS.get(name), body);
    }

    /** Returns the context in which that message of the client is due. */
    static FrontendContext context(String name) {
        return switch (name) {
            case "PasswordMessage" -> FrontendContext.PASSWORD;
            case "GSSResponse" -> FrontendContext.GSS;
            case "SASLInitialResponse" -> FrontendContext.SASL_BEGIN;
            case "SASLResponse" -> FrontendContext.SASL_CONTINUE;
            default -> FrontendContext.NONE;
        };
    }
}
