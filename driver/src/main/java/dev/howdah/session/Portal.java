package dev.howdah.session;

import dev.howdah.message.TransactionStatus;
import dev.howdah.type.TypeRegistry;
import org.jspecify.annotations.Nullable;

/**
 * A running query whose rows are fetched page by page. Opening it, each page and the close are conversations of their
 * own. Used by one of them at a time.
 */
public final class Portal {

    private final ServerStatement statement;
    private final @Nullable RowShape shape;
    private final StatementCache statements;
    private final String name;
    private final boolean syncsEachPage;
    private final int discards;
    private boolean ended;

    private Portal(ServerStatement statement, StatementCache statements, String name) {
        this.statement = statement;
        this.shape = statement.shape();
        this.statements = statements;
        this.name = name;
        this.syncsEachPage = !name.isEmpty();
        this.discards = statements.discards();
    }

    /**
     * Returns the conversation that describes the query, runs it and reads the first page.
     *
     * @param name what to call the portal inside a transaction; it is nameless outside one
     * @param types the scope that encodes and decodes: that of the cache or one within it
     */
    public static Conversation<FirstPage> open(
            Session session,
            StatementCache statements,
            String sql,
            @Nullable Object[] parameters,
            int maxRows,
            String name,
            TypeRegistry types) {
        return new Opening(session, statements, sql, parameters, maxRows, name, types);
    }

    /** Returns the conversation that opens a portal of a statement that the caller has prepared and owns. */
    public static Conversation<FirstPage> open(
            Session session,
            StatementCache statements,
            OwnStatement own,
            @Nullable Object[] parameters,
            int maxRows,
            String name,
            TypeRegistry types) {
        return new Opening(session, statements, own, parameters, maxRows, name, types);
    }

    /**
     * A portal that has been opened, and its first rows.
     *
     * @param portal the portal
     * @param rows its first page
     */
    public record FirstPage(Portal portal, RowBuffer rows) {}

    /**
     * Returns the exchange that reads the next page.
     *
     * @throws IllegalStateException if the session has been discarded since it was opened
     */
    public Exchange<RowBuffer> next(int maxRows) {
        if (isDiscarded()) {
            throw new IllegalStateException(
                    "the rest of the rows is gone: the connection was reset since the query was run");
        }
        return PortalPage.next(this, maxRows);
    }

    /** Returns the exchange that closes the portal before its end. */
    public Exchange<RowBuffer> close() {
        return PortalPage.close(this);
    }

    /** Returns whether all rows have been read, the query failed or the portal was closed. */
    public boolean isEnded() {
        return ended;
    }

    /** Returns whether the server has dropped it with all that the session had. */
    public boolean isDiscarded() {
        return statements.discards() != discards;
    }

    /** Returns whether other statements may run between two pages. */
    public boolean syncsEachPage() {
        return syncsEachPage;
    }

    /** Returns the columns, or null if the statement has no result set. */
    public @Nullable RowShape shape() {
        return shape;
    }

    ServerStatement statement() {
        return statement;
    }

    StatementCache statements() {
        return statements;
    }

    String name() {
        return name;
    }

    /** Notes its end; a portal that was read to its end inside a transaction is still there for the server. */
    void ended(boolean readToTheEnd) {
        ended = true;
        if (readToTheEnd && syncsEachPage) {
            statements.closePortal(name);
        }
    }

    private static final class Opening extends PreparedRun<PortalPage, FirstPage> {
        private final @Nullable Object[] parameters;
        private final int maxRows;
        private final String name;

        Opening(
                Session session,
                StatementCache statements,
                String sql,
                @Nullable Object[] parameters,
                int maxRows,
                String name,
                TypeRegistry types) {
            super(session, statements, sql, types);
            BindEncoder.checkCount(parameters.length);
            this.parameters = parameters;
            this.maxRows = maxRows;
            this.name = name;
        }

        Opening(
                Session session,
                StatementCache statements,
                OwnStatement own,
                @Nullable Object[] parameters,
                int maxRows,
                String name,
                TypeRegistry types) {
            super(session, statements, own, types);
            BindEncoder.checkCount(parameters.length);
            this.parameters = parameters;
            this.maxRows = maxRows;
            this.name = name;
        }

        @Override
        PortalPage bind(ServerStatement statement) {
            boolean inTransaction = session().transactionStatus() == TransactionStatus.IN_TRANSACTION;
            return PortalPage.first(
                    new Portal(statement, statements(), inTransaction ? name : ""), parameters, maxRows);
        }

        @Override
        public FirstPage result() {
            return new FirstPage(ran().portal(), ran().result());
        }
    }
}
