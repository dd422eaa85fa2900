package dev.howdah.message;

import dev.howdah.wire.WireWriter;

/** A message of either side. Immutable. */
public sealed interface Message permits BackendMessage, FrontendMessage {

    /**
     * Writes the whole message: type byte (where it has one), length and body.
     *
     * @throws IllegalArgumentException if a text contains NUL or there are more items than the message can count; the
     *     writer is then to be truncated to where it stood
     */
    void write(WireWriter out);

    /** Gives the name and fields for the trace; what is secret is given as masked. */
    void trace(TraceLine line);
}
