package dev.howdah.message;

import dev.howdah.error.ProtocolException;
import dev.howdah.wire.WireReader;

/** A message of the client. */
public sealed interface FrontendMessage extends Message
        permits Bind,
                CancelRequest,
                Close,
                CopyData,
                CopyDone,
                CopyFail,
                Describe,
                Execute,
                Flush,
                FunctionCall,
                GSSENCRequest,
                GSSResponse,
                Parse,
                PasswordMessage,
                Query,
                SASLInitialResponse,
                SASLResponse,
                SSLRequest,
                StartupMessage,
                Sync,
                Terminate {

    /**
     * Reads a message that has a type byte.
     *
     * @param type its type byte
     * @param body what follows the length, to its end
     * @param context what the server asked for last: it decides what type p is
     * @throws ProtocolException if there is no such message, none is due, or this is not a well-formed one
     */
    static FrontendMessage read(char type, WireReader body, FrontendContext context) {
        return switch (type) {
            case 'B' -> Bind.read(body);
            case 'C' -> Close.read(body);
            case 'd' -> CopyData.read(body);
            case 'c' -> CopyDone.read(body);
            case 'f' -> CopyFail.read(body);
            case 'D' -> Describe.read(body);
            case 'E' -> Execute.read(body);
            case 'H' -> Flush.read(body);
            case 'F' -> FunctionCall.read(body);
            case 'P' -> Parse.read(body);
            case 'Q' -> Query.read(body);
            case 'S' -> Sync.read(body);
            case 'X' -> Terminate.read(body);
            case 'p' ->
                switch (context) {
                    case PASSWORD -> PasswordMessage.read(body);
                    case GSS -> GSSResponse.read(body);
                    case SASL_BEGIN -> SASLInitialResponse.read(body);
                    case SASL_CONTINUE -> SASLResponse.read(body);
                    case NONE -> throw new ProtocolException("the client sent a message 'p' that nobody asked for");
                };
            default -> throw BackendMessage.unknown(type, "client");
        };
    }

    /**
     * Reads one of the messages without type byte, by which a connection begins.
     *
     * @param body what follows the length, to its end
     * @throws ProtocolException if there is no such message or this is not a well-formed one
     */
    static FrontendMessage readStartup(WireReader body) {
        if (body.remaining() < Integer.BYTES) {
            throw new ProtocolException("a startup message ends early");
        }
        return switch (WireReader.int32At(body.array(), body.position())) {
            case CancelRequest.CODE -> CancelRequest.read(body);
            case SSLRequest.CODE -> SSLRequest.read(body);
            case GSSENCRequest.CODE -> GSSENCRequest.read(body);
            default -> StartupMessage.read(body);
        };
    }

    /** Reads the code that takes the place of a protocol version and checks it. */
    static void code(WireReader in, int expected, String what) {
        int code = in.int32();
        if (code != expected) {
            throw new ProtocolException(what + " has the code " + code + " instead of " + expected);
        }
    }
}
