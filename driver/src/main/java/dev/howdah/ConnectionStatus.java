package dev.howdah;

/** Whether a connection can be used. */
public enum ConnectionStatus {
    /** It can. */
    OPEN,
    /** The program has closed it. */
    CLOSED,
    /** It broke, or the server ended it. */
    LOST
}
