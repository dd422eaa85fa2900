package dev.howdah.message;

import dev.howdah.error.ProtocolException;
import dev.howdah.wire.WireReader;

/** A message of the server. */
public sealed interface BackendMessage extends Message
        permits AuthenticationMessage,
                BackendKeyData,
                BindComplete,
                CloseComplete,
                CommandComplete,
                CopyBothResponse,
                CopyData,
                CopyDone,
                CopyInResponse,
                CopyOutResponse,
                DataRow,
                EmptyQueryResponse,
                ErrorResponse,
                FunctionCallResponse,
                NegotiateProtocolVersion,
                NoData,
                NoticeResponse,
                NotificationResponse,
                ParameterDescription,
                ParameterStatus,
                ParseComplete,
                PortalSuspended,
                ReadyForQuery,
                RowDescription {

    /**
     * Reads a message.
     *
     * @param type its type byte
     * @param body what follows the length, to its end
     * @throws ProtocolException if the server has no such message or this is not a well-formed one
     */
    static BackendMessage read(char type, WireReader body) {
        return switch (type) {
            case 'R' -> AuthenticationMessage.read(body);
            case 'K' -> BackendKeyData.read(body);
            case '2' -> BindComplete.read(body);
            case '3' -> CloseComplete.read(body);
            case 'C' -> CommandComplete.read(body);
            case 'd' -> CopyData.read(body);
            case 'c' -> CopyDone.read(body);
            case 'G' -> CopyInResponse.read(body);
            case 'H' -> CopyOutResponse.read(body);
            case 'W' -> CopyBothResponse.read(body);
            case 'D' -> DataRow.read(body);
            case 'I' -> EmptyQueryResponse.read(body);
            case 'E' -> ErrorResponse.read(body);
            case 'V' -> FunctionCallResponse.read(body);
            case 'v' -> NegotiateProtocolVersion.read(body);
            case 'n' -> NoData.read(body);
            case 'N' -> NoticeResponse.read(body);
            case 'A' -> NotificationResponse.read(body);
            case 't' -> ParameterDescription.read(body);
            case 'S' -> ParameterStatus.read(body);
            case '1' -> ParseComplete.read(body);
            case 's' -> PortalSuspended.read(body);
            case 'Z' -> ReadyForQuery.read(body);
            case 'T' -> RowDescription.read(body);
            default -> throw unknown(type, "server");
        };
    }

    /** Says that {@code sender} sent a message of no known type. */
    static ProtocolException unknown(char type, String sender) {
        String name = type > ' ' && type < 0x7f ? "'" + type + "'" : String.format("0x%02x", (int) type);
        return new ProtocolException("the " + sender + " sent a message of unknown type " + name);
    }
}
