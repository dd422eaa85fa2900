package dev.howdah.message;

import dev.howdah.error.ProtocolException;
import dev.howdah.wire.WireReader;

/** One of the messages of type R: how the server wants to be convinced, or that it is. */
public sealed interface AuthenticationMessage extends BackendMessage
        permits AuthenticationCleartextPassword,
                AuthenticationGSS,
                AuthenticationGSSContinue,
                AuthenticationKerberosV5,
                AuthenticationMD5Password,
                AuthenticationOk,
                AuthenticationSASL,
                AuthenticationSASLContinue,
                AuthenticationSASLFinal,
                AuthenticationSSPI {

    /**
     * Reads the body of a message of type R.
     *
     * @throws ProtocolException if the kind of authentication is not known or the message is not well-formed
     */
    static AuthenticationMessage read(WireReader in) {
        if (in.remaining() < Integer.BYTES) {
            throw new ProtocolException("an authentication request ends early");
        }
        int code = WireReader.int32At(in.array(), in.position());
        return switch (code) {
            case 0 -> AuthenticationOk.read(in);
            case 2 -> AuthenticationKerberosV5.read(in);
            case 3 -> AuthenticationCleartextPassword.read(in);
            case 5 -> AuthenticationMD5Password.read(in);
            case 7 -> AuthenticationGSS.read(in);
            case 8 -> AuthenticationGSSContinue.read(in);
            case 9 -> AuthenticationSSPI.read(in);
            case 10 -> AuthenticationSASL.read(in);
            case 11 -> AuthenticationSASLContinue.read(in);
            case 12 -> AuthenticationSASLFinal.read(in);
            default -> throw new ProtocolException("the server asks for an unknown kind of authentication: " + code);
        };
    }

    /** Reads the code of the kind of authentication and checks it. */
    static void code(WireReader in, int expected, String what) {
        int code = in.int32();
        if (code != expected) {
            throw new ProtocolException(what + " has the code " + code + " instead of " + expected);
        }
    }
}
