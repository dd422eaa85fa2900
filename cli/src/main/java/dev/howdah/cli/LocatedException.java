package dev.howdah.cli;

import dev.howdah.error.ServerException;
import org.jspecify.annotations.Nullable;

/** The server refused something in data that the user gave. */
final class LocatedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String place;
    private final @Nullable String context;
    private final ServerException said;

    /**
     * Reports it.
     *
     * @param place where it is, or null if that is not known
     * @param context what the server says of the place, if that was not understood
     * @param said the error
     */
    LocatedException(@Nullable String place, @Nullable String context, ServerException said) {
        super(said.getMessage(), said);
        this.place = place;
        this.context = context;
        this.said = said;
    }

    @Nullable
    String place() {
        return place;
    }

    @Nullable
    String context() {
        return context;
    }

    ServerException said() {
        return said;
    }
}
