package dev.howdah.session;

import dev.howdah.message.TransactionStatus;
import org.jspecify.annotations.Nullable;

/**
 * A running query whose rows are fetched page by page. Opening it, each page and the close are conversations of their
 * own. Used by one of them at a time.
 */
public final class Portal {

    private final ServerStatement statement;
    private final StatementCache statements;
    private final String name;
    private final boolean syncsEachPage;
    private boolean ended;

    private Portal(ServerStatement statement, StatementCache statements, String name) {
        this.statement = statement;
        this.statements = statements;
        this.name = name;
        this.syncsEachPage = !name.isEmpty();
    }

    /**
     * Returns the conversation that describes the query, runs it and reads the first page.
     *
     * @param name what to call the portal inside a transaction; it is nameless outside one
     */
    public static Conversation<FirstPage> open(
            Session session,
            StatementCache statements,
            String sql,
            @Nullable Object[] parameters,
            int maxRows,
            String name) {
        BindEncoder.checkCount(parameters.length);
        return new Opening(session, statements, sql, parameters, maxRows, name);
    }

    /** A portal that has been opened, and its first rows. */
    public record FirstPage(Portal portal, RowBuffer rows) {}

    /** Returns the exchange that reads the next page. */
    public Exchange<RowBuffer> next(int maxRows) {
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

    /** Returns whether other statements may run between two pages. */
    public boolean syncsEachPage() {
        return syncsEachPage;
    }

    /** Returns the columns, or null if the statement has no result set. */
    public @Nullable RowShape shape() {
        return statement.shape();
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

    void ended() {
        ended = true;
    }

    private static final class Opening implements Conversation<FirstPage> {
        private final Session session;
        private final StatementCache statements;
        private final String sql;
        private final @Nullable Object[] parameters;
        private final int maxRows;
        private final String name;
        private @Nullable Prepare preparation;
        private @Nullable Portal portal;
        private @Nullable PortalPage page;
        private boolean healed;

        Opening(
                Session session,
                StatementCache statements,
                String sql,
                @Nullable Object[] parameters,
                int maxRows,
                String name) {
            this.session = session;
            this.statements = statements;
            this.sql = sql;
            this.parameters = parameters;
            this.maxRows = maxRows;
            this.name = name;
        }

        @Override
        public @Nullable Exchange<?> next() {
            if (page != null && portal != null) {
                return afterPage(page, portal);
            }
            if (preparation != null) {
                ServerStatement statement = preparation.result();
                preparation = null;
                statements.put(statement);
                return bind(statement);
            }
            return start();
        }

        private Exchange<?> start() {
            ServerStatement statement = statements.get(sql);
            if (statement != null) {
                return bind(statement);
            }
            Prepare prepare = statements.prepare(sql);
            preparation = prepare;
            return prepare;
        }

        private Exchange<?> bind(ServerStatement statement) {
            boolean inTransaction = session.transactionStatus() == TransactionStatus.IN_TRANSACTION;
            Portal opened = new Portal(statement, statements, inTransaction ? name : "");
            PortalPage first = PortalPage.first(opened, parameters, maxRows);
            portal = opened;
            page = first;
            return first;
        }

        private @Nullable Exchange<?> afterPage(PortalPage ran, Portal opened) {
            if (ran.failure() == null) {
                return null;
            }
            if (StaleStatement.isReason(ran.failure())) {
                statements.remove(opened.statement());
                if (!healed && session.transactionStatus() == TransactionStatus.IDLE) {
                    healed = true;
                    page = null;
                    return start();
                }
            }
            throw ran.failure();
        }

        @Override
        public FirstPage result() {
            if (portal == null || page == null) {
                throw new IllegalStateException("the stream has not been opened");
            }
            return new FirstPage(portal, page.result());
        }
    }
}
