package dev.howdah.replication;

import dev.howdah.error.ProtocolException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The relations and types that a server has told of. What comes within a streamed transaction counts within that only,
 * until it is committed or prepared; then it counts for all, unless something newer has come for all meanwhile. Not safe
 * for several threads.
 *
 * <p>This is the mirror of what the server remembers to have told (its {@code RelationSyncCache}). It forgets what it told
 * in a streamed transaction whenever something of that is rolled back, be it a subtransaction; what is still valid then
 * comes again.
 */
final class RelationCache implements KnownRelations {

    private final long maxBytes;
    private final Scope everywhere = new Scope();
    private final Map<Integer, Scope> streamed = new HashMap<>();
    private long bytes;
    private long arrivals;

    /**
     * Makes an empty one.
     *
     * @param maxBytes about so much memory may be taken
     */
    RelationCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** What counts in one transaction, or in all. */
    private static final class Scope {
        private final Map<Integer, Held<Relation>> relations = new HashMap<>();
        private final Map<Integer, Held<Relation.TypeName>> types = new HashMap<>();
    }

    /** Something with the number of its arrival, and about how much memory it takes. */
    private record Held<T>(T what, long arrival, long bytes) {}

    /**
     * Keeps a relation.
     *
     * @param streamedIn the streamed transaction that it came in, 0 if in none
     * @param size about how much memory it takes
     * @return the relation, or the one known before if that says the same
     * @throws ProtocolException if there would be too many
     */
    Relation keep(int streamedIn, int oid, Relation relation, long size) {
        Relation known = relation(streamedIn, oid);
        Relation kept = known != null && relation.says(known) ? known : relation;
        put(scope(streamedIn).relations, oid, kept, size);
        return kept;
    }

    /** Keeps the name of a type; under the same conditions. */
    void keep(int streamedIn, int oid, Relation.TypeName name, long size) {
        put(scope(streamedIn).types, oid, name, size);
    }

    private Scope scope(int streamedIn) {
        return streamedIn == 0 ? everywhere : streamed.computeIfAbsent(streamedIn, xid -> new Scope());
    }

    private <T> void put(Map<Integer, Held<T>> map, int oid, T what, long size) {
        Held<T> before = map.get(oid);
        long freed = before == null ? 0 : before.bytes;
        if (bytes - freed + size > maxBytes) {
            throw new ProtocolException("the server has told of more relations and types than fit into " + maxBytes
                    + " bytes, the limit that the decoder was given");
        }
        bytes += size - freed;
        map.put(oid, new Held<>(what, ++arrivals, size));
    }

    @Override
    public @Nullable Relation relation(int streamedIn, int oid) {
        Scope own = streamedIn == 0 ? null : streamed.get(streamedIn);
        Held<Relation> held = own == null ? null : own.relations.get(oid);
        if (held == null) {
            held = everywhere.relations.get(oid);
        }
        return held == null ? null : held.what;
    }

    /** Returns the name of a type as a transaction sees it, null if it was never told. */
    Relation.@Nullable TypeName type(int streamedIn, int oid) {
        Scope own = streamedIn == 0 ? null : streamed.get(streamedIn);
        Held<Relation.TypeName> held = own == null ? null : own.types.get(oid);
        if (held == null) {
            held = everywhere.types.get(oid);
        }
        return held == null ? null : held.what;
    }

    /** Has what came within a streamed transaction count for all. */
    void merge(int xid) {
        Scope own = streamed.remove(xid);
        if (own != null) {
            merge(own.relations, everywhere.relations);
            merge(own.types, everywhere.types);
        }
    }

    private <T> void merge(Map<Integer, Held<T>> from, Map<Integer, Held<T>> into) {
        from.forEach((oid, held) -> {
            Held<T> before = into.get(oid);
            if (before == null || before.arrival < held.arrival) {
                into.put(oid, held);
                bytes -= before == null ? 0 : before.bytes;
            } else {
                bytes -= held.bytes;
            }
        });
    }

    /** Forgets what came within a streamed transaction. */
    void drop(int xid) {
        Scope own = streamed.remove(xid);
        if (own != null) {
            own.relations.values().forEach(held -> bytes -= held.bytes);
            own.types.values().forEach(held -> bytes -= held.bytes);
        }
    }
}
