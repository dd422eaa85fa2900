package dev.howdah.type;

import java.util.Set;

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
}
