package dev.howdah;

import dev.howdah.session.Conversation;
import dev.howdah.session.Portal;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A query to be read page by page: what the caller gave, and what opens a portal for it. */
final class PagedQuery {

    private final String sql;
    private final @Nullable Object[] parameters;
    private final Supplier<Conversation<Portal.FirstPage>> opening;

    /**
     * Makes one.
     *
     * @param opening makes a conversation each time anew
     */
    PagedQuery(String sql, @Nullable Object[] parameters, Supplier<Conversation<Portal.FirstPage>> opening) {
        this.sql = sql;
        this.parameters = parameters;
        this.opening = opening;
    }

    String sql() {
        return sql;
    }

    /** Returns the values as the caller gave them. */
    @Nullable
    Object[] parameters() {
        return parameters;
    }

    Conversation<Portal.FirstPage> opening() {
        return opening.get();
    }
}
