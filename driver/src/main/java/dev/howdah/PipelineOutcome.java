package dev.howdah;

/** What is known of a statement of a {@link Pipeline}. */
public enum PipelineOutcome {
    /** It has not been answered. */
    WAITING,

    /**
     * The server ran it. Until its sync has been answered that may turn out to be {@link #UNDONE}; inside a transaction it
     * shares the fate of that.
     */
    RAN,

    /** The server ran it and rolled it back, because something behind it in the same sync failed. */
    UNDONE,

    /** The server refused it. */
    REFUSED,

    /** It was skipped, because something before it in the same sync failed. */
    ABORTED,

    /** It was not sent: a value could not be encoded, or there was no connection any more. */
    NOT_SENT,

    /** The connection was lost before it was answered, or before its sync was: it may have lasted or not. */
    UNKNOWN
}
