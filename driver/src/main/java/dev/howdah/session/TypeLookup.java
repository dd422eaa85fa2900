package dev.howdah.session;

import dev.howdah.type.TypeRegistry;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out about the types that a statement meets and the registry does not know. What the catalog does not know either
 * (a type dropped meanwhile, or made after the transaction's snapshot) is served as text, and asked for again with the
 * next statement.
 */
final class TypeLookup {

    private final StatementCache statements;
    private final TypeRegistry types;
    private final boolean optional;
    private final Set<Integer> asked = new HashSet<>();
    private @Nullable Introspection running;

    /** Makes one for a statement that is run only when this has gone well. */
    TypeLookup(StatementCache statements) {
        this(statements, false);
    }

    private TypeLookup(StatementCache statements, boolean optional) {
        this.optional = optional;
        this.statements = statements;
        this.types = statements.types();
    }

    /**
     * Makes one for a statement that has been run. If it fails the statement has not, and what is not known is served as
     * text or refused when it is read.
     */
    static TypeLookup afterwards(StatementCache statements) {
        return new TypeLookup(statements, true);
    }

    /** Returns whether an exchange of this has been returned and its result not been taken. */
    boolean isRunning() {
        return running != null;
    }

    /**
     * Takes the result of the exchange that was returned last, and returns the next one, or null when all is known that
     * can be.
     *
     * @throws dev.howdah.error.PgException why the exchange returned last failed, unless the statement has been run
     */
    @Nullable
    Introspection next(Collection<Integer> oids) {
        Introspection ended = running;
        if (ended != null) {
            running = null;
            if (optional && ended.failure() != null) {
                return null;
            }
            types.addTypes(ended.result());
        }
        Set<Integer> missing = types.missing(oids);
        missing.removeAll(asked);
        if (missing.isEmpty()) {
            return null;
        }
        asked.addAll(missing);
        Introspection begun = new Introspection(missing, statements, optional);
        running = begun;
        return begun;
    }
}
