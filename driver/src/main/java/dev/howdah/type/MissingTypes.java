package dev.howdah.type;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds out which types a registry does not know. */
final class MissingTypes {

    private MissingTypes() {}

    /** Returns the OIDs of those not known among these types and what they are made of. */
    static Set<Integer> of(Collection<Integer> oids, TypeRegistry types) {
        Set<Integer> missing = new TreeSet<>();
        Set<Integer> seen = new HashSet<>();
        Deque<Integer> open = new ArrayDeque<>(oids);
        while (!open.isEmpty()) {
            int oid = open.pop();
            if (oid == 0 || !seen.add(oid)) {
                continue;
            }
            @Nullable PgType type = types.type(oid);
            @Nullable List<PgType.Attribute> attributes = type == null ? null : type.attributes();
            if (type == null || type.kind() == PgType.Kind.COMPOSITE && attributes == null) {
                missing.add(oid);
                continue;
            }
            open.push(type.elementOid());
            open.push(type.baseOid());
            if (attributes != null) {
                attributes.forEach(attribute -> open.push(attribute.typeOid()));
            }
        }
        return missing;
    }

    /** Returns the OIDs of the types that a failure shows to be out of date. */
    static Set<Integer> outdated(Throwable failure) {
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
