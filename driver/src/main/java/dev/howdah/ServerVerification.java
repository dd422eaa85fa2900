package dev.howdah;

/** What was verified of a server's certificate. */
public enum ServerVerification {
    /** Nothing: there is no TLS, or any certificate was good enough. */
    NONE,
    /** It comes from an authority that is trusted; it may be another host's. */
    AUTHORITY,
    /** It comes from an authority that is trusted, and is the host's that was asked for. */
    AUTHORITY_AND_HOST
}
