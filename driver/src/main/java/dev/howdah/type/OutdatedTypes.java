package dev.howdah.type;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The cause of a ConversionException that asking the catalog about some types may heal. */
final class OutdatedTypes extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Set<Integer> oids;

    OutdatedTypes(Set<Integer> oids) {
        super("what is known about the types with OIDs " + oids + " does not fit", null, false, false);
        this.oids = Set.copyOf(oids);
    }

    Set<Integer> oids() {
        return oids;
    }

    /** Searches the causes of a failure; returns the OIDs, empty if it failed for another reason. */
    static Set<Integer> in(Throwable failure) {
        @Nullable Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 10 * TypeResolver.MAX_DEPTH; depth++) {
            if (cause instanceof OutdatedTypes outdated) {
                return outdated.oids();
            }
            cause = cause.getCause();
        }
        return Set.of();
    }
}
