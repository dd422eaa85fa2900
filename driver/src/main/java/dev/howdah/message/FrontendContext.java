package dev.howdah.message;

/** What the server asked for last, by which a reader of the client's messages tells those of type p apart. */
public enum FrontendContext {
    /** Nothing that a message of type p would answer. */
    NONE,
    /** A password: a PasswordMessage is due. */
    PASSWORD,
    /** GSSAPI or SSPI: a GSSResponse is due. */
    GSS,
    /** A choice of SASL mechanism: a SASLInitialResponse is due. */
    SASL_BEGIN,
    /** An answer to a SASL challenge: a SASLResponse is due. */
    SASL_CONTINUE;

    /** Returns the context after an authentication request. */
    public static FrontendContext after(AuthenticationMessage request) {
        return switch (request) {
            case AuthenticationCleartextPassword r -> PASSWORD;
            case AuthenticationMD5Password r -> PASSWORD;
            case AuthenticationGSS r -> GSS;
            case AuthenticationSSPI r -> GSS;
            case AuthenticationGSSContinue r -> GSS;
            case AuthenticationSASL r -> SASL_BEGIN;
            case AuthenticationSASLContinue r -> SASL_CONTINUE;
            case AuthenticationSASLFinal r -> NONE;
            case AuthenticationKerberosV5 r -> NONE;
            case AuthenticationOk r -> NONE;
        };
    }
}
