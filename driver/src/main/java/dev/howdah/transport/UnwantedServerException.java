package dev.howdah.transport;

import java.io.IOException;

/** The server accepted us, but it is not of the kind that is wanted; another one may be. */
final class UnwantedServerException extends IOException {
    private static final long serialVersionUID = 1L;

    UnwantedServerException(String objection) {
        super(objection);
    }
}
