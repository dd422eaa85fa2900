package dev.howdah.session;

import dev.howdah.message.TransactionStatus;
import dev.howdah.type.TypeRegistry;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the catalog about types that are not as rows which have come show them, before anybody reads the rows. A failed
 * transaction answers no questions.
 */
final class RowTypes {

    /** Rows within rows may show one after the other. */
    private static final int MAX_PROBES = 3;

    private final Session session;
    private final StatementCache statements;
    private @Nullable TypeLookup lookup;
    private int probes;
    private Set<Integer> outdated = Set.of();

    RowTypes(Session session, StatementCache statements) {
        this.session = session;
        this.statements = statements;
    }

    /**
     * Takes the result of the exchange that was returned last, and returns the next one, or null when the rows can be
     * read.
     *
     * @param probe returns the types that the rows show to be known wrongly or not at all
     */
    @Nullable
    Introspection next(Supplier<Set<Integer>> probe) {
        if (session.transactionStatus() == TransactionStatus.FAILED || !session.isOpen()) {
            return null;
        }
        TypeLookup running = lookup;
        if (running != null) {
            Introspection question = running.next(outdated);
            if (question != null) {
                return question;
            }
        }
        outdated = probes == MAX_PROBES ? Set.of() : probe.get();
        if (outdated.isEmpty()) {
            return null;
        }
        probes++;
        TypeRegistry types = statements.types();
        if (!types.missing(outdated).containsAll(outdated)) {
            types.forgetTypes();
        }
        TypeLookup begun = TypeLookup.afterwards(statements);
        lookup = begun;
        return begun.next(outdated);
    }
}
