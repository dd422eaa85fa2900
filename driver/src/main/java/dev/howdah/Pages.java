package dev.howdah;

import dev.howdah.event.QueryEvent.Kind;
import dev.howdah.message.TransactionStatus;
import dev.howdah.pump.CallLimits;
import dev.howdah.pump.Lease;
import dev.howdah.session.Conversation;
import dev.howdah.session.Portal;
import dev.howdah.session.RowBuffer;
import dev.howdah.session.RowShape;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a portal, one page in memory at a time. Outside a transaction it leases the connection, because nothing can
 * run between two pages there. Used by one thread at a time.
 */
final class Pages implements PulledItems<Row> {

    private final Core core;
    private final CallLimits limits;
    private final int fetchSize;
    private final @Nullable Lease lease;
    private final String sql;
    private final Portal portal;
    private final @Nullable RowShape shape;
    private RowBuffer page;
    private int next;
    private boolean closed;

    private Pages(
            Core core, CallLimits limits, int fetchSize, @Nullable Lease lease, String sql, Portal.FirstPage first) {
        this.core = core;
        this.limits = limits;
        this.fetchSize = fetchSize;
        this.lease = lease;
        this.sql = sql;
        this.portal = first.portal();
        this.shape = portal.shape();
        this.page = first.rows();
    }

    /**
     * Opens the portal and reads its first page.
     *
     * @param limits of this and of each further page
     * @param shared called if the query is going to be part of a transaction, before it is sent
     */
    static Pages open(Core core, CallLimits limits, int fetchSize, PagedQuery query, Runnable shared) {
        Pages[] opened = new Pages[1];
        core.pump().inTurn(limits, () -> opened[0] = openInTurn(core, limits, fetchSize, query, shared));
        return opened[0];
    }

    /** Whether a transaction is open is known only once the turn has come. */
    private static Pages openInTurn(Core core, CallLimits limits, int fetchSize, PagedQuery query, Runnable shared) {
        Lease lease = null;
        if (core.autocommit() && core.session().transactionStatus() == TransactionStatus.IDLE) {
            lease = new Lease(Lease.Kind.STREAM);
            core.pump().leases().grant(lease, limits);
        } else {
            shared.run();
        }
        CallLimits leased = lease == null ? limits : limits.under(lease);
        Pages pages = null;
        try {
            Portal.FirstPage first = core.run(query.opening(), Kind.OPEN, query.sql(), query.parameters(), leased);
            pages = new Pages(core, leased, fetchSize, lease, query.sql(), first);
        } finally {
            if (lease != null && (pages == null || pages.portal.syncsEachPage())) {
                core.pump().leases().end(lease);
            }
        }
        return pages;
    }

    @Override
    public boolean hasItem() {
        return next < page.size();
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if the statement has no result set
     */
    @Override
    public Row take() {
        if (shape == null) {
            throw new IllegalStateException("the statement has no result set");
        }
        int row = next++;
        return new Row(shape, page.array(row), page.offset(row));
    }

    @Override
    public boolean isEnded() {
        return closed || portal.isEnded();
    }

    @Override
    public boolean isShared() {
        return portal.syncsEachPage();
    }

    @Override
    public boolean admitsOthers() {
        return isShared();
    }

    /** Reads the next page. */
    @Override
    public void fetch() {
        boolean read = false;
        try {
            page = core.goOn(Conversation.of(portal.next(fetchSize)), Kind.FETCH, sql, limits);
            next = 0;
            read = true;
        } finally {
            if (!read) {
                close();
            }
        }
    }

    /** Closes the portal if it is open and gives the connection back. What has been read can still be taken. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (portal.isDiscarded()) {
            return;
        }
        try {
            if (!portal.isEnded() && core.session().isOpen()) {
                core.cleanUp(
                        Conversation.of(portal.close()), Kind.CLOSE, sql, CallLimits.CLEANUP.under(limits.lease()));
            }
        } finally {
            if (lease != null) {
                core.pump().leases().end(lease);
            }
        }
    }
}
