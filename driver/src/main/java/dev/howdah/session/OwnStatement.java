package dev.howdah.session;

import dev.howdah.type.TypeRegistry;
import org.jspecify.annotations.Nullable;

/**
 * A statement that a caller has prepared and owns: the one that the server has of it now, which changes when it has to be
 * prepared anew. Whoever runs it has the connection's turn; looking at it and closing it are for any thread.
 */
public final class OwnStatement {

    private final StatementCache statements;
    private final @Nullable String name;
    private volatile ServerStatement current;
    private volatile boolean outdated;
    private volatile boolean closed;

    /**
     * Takes over a statement.
     *
     * @param name what the caller wants it to be called on the server, or null for a name of the driver's own
     */
    public OwnStatement(StatementCache statements, @Nullable String name, ServerStatement prepared) {
        this.statements = statements;
        this.name = name;
        this.current = prepared;
    }

    /** Returns what is known of it; not to be run outside the turn. */
    public ServerStatement current() {
        return current;
    }

    /** Returns the text. */
    public String sql() {
        return current.sql();
    }

    /** Returns whether it has been closed. */
    public boolean isClosed() {
        return closed;
    }

    /**
     * Throws if it has been closed.
     *
     * @throws IllegalStateException if it has
     */
    public void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the prepared query has been closed");
        }
    }

    /** Returns the statement to run, or null if it has to be prepared anew. */
    @Nullable
    ServerStatement usable() {
        requireOpen();
        return outdated || !statements.isCurrent(current) ? null : current;
    }

    /** Returns the exchange that prepares it anew, under the same name if the caller gave one. */
    Prepare prepare() {
        return statements.prepareOwn(sql(), name);
    }

    /** Notes that the server does not take a statement any more; if it still has it, that goes before the next one comes. */
    void drop(ServerStatement refused) {
        if (refused == current) {
            outdated = true;
            statements.close(refused);
        }
    }

    /** Goes on with a statement that was prepared anew. */
    void renew(ServerStatement anew) {
        boolean renewed = !outdated && statements.isCurrent(current);
        if (!renewed) {
            current = anew;
            outdated = false;
        }
        if (closed || renewed && name == null) {
            // Another thread has renewed it meanwhile.
            statements.close(anew);
        }
    }

    /** Lets the server forget it when the next statement is prepared. */
    public void close() {
        if (!closed) {
            closed = true;
            statements.close(current);
        }
    }

    /**
     * Returns the conversation that runs a text made of this one's, with the same parameters: parsed with the types that
     * they have here, run once, and not kept.
     *
     * @param before what is put before the text, such as EXPLAIN
     * @param parameters their values
     * @param types the scope that encodes and decodes
     */
    public Conversation<QueryResult> prefixed(String before, @Nullable Object[] parameters, TypeRegistry types) {
        return new Conversation<>() {
            private @Nullable BoundQuery run;

            @Override
            public @Nullable Exchange<?> next() {
                if (run != null) {
                    return null;
                }
                BoundQuery made = new BoundQuery(current().unnamed(before + sql(), types), parameters, statements);
                run = made;
                return made;
            }

            @Override
            public QueryResult result() {
                if (run == null) {
                    throw new IllegalStateException("the statement has not been run");
                }
                return run.result();
            }
        };
    }
}
