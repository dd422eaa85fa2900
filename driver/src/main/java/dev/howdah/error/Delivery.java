package dev.howdah.error;

/** Whether the server could have acted on an operation that failed: all that code which retries needs to know. */
public enum Delivery {
    /** Nothing of the operation reached the server; it is safe to repeat. */
    NOT_SENT,
    /** The server answered, so what it did is known. */
    ANSWERED,
    /** The operation was sent, in part or whole, and no answer came: the server may have acted on it. */
    UNKNOWN
}
