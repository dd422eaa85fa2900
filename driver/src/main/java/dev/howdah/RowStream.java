package dev.howdah;

import dev.howdah.message.TransactionStatus;
import dev.howdah.pump.CallLimits;
import dev.howdah.pump.Lease;
import dev.howdah.session.Conversation;
import dev.howdah.session.Portal;
import dev.howdah.session.RowBuffer;
import dev.howdah.session.RowShape;
import dev.howdah.sql.AdaptedStatement;
import dev.howdah.type.TypeRegistry;
import java.util.Spliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a portal as a stream: one page in memory at a time. Outside a transaction it leases the connection, because
 * nothing can run between two pages there.
 */
final class RowStream implements Spliterator<Row> {

    private final Core core;
    private final CallLimits limits;
    private final int fetchSize;
    private final @Nullable Lease lease;
    private final Portal portal;
    private final @Nullable RowShape shape;
    private RowBuffer page;
    private int next;
    private boolean closed;

    private RowStream(Core core, CallLimits limits, int fetchSize, @Nullable Lease lease, Portal.FirstPage first) {
        this.core = core;
        this.limits = limits;
        this.fetchSize = fetchSize;
        this.lease = lease;
        this.portal = first.portal();
        this.shape = portal.shape();
        this.page = first.rows();
    }

    static Stream<Row> open(
            Core core, CallLimits limits, AdaptedStatement statement, int fetchSize, TypeRegistry types) {
        Conversation<Portal.FirstPage> opening = Portal.open(
                core.session(),
                core.statements(),
                statement.sql(),
                statement.parameters(),
                fetchSize,
                core.newName("portal"),
                types);
        Lease lease = null;
        if (limits.lease() == null
                && core.autocommit()
                && core.session().transactionStatus() == TransactionStatus.IDLE) {
            lease = new Lease(Lease.Kind.STREAM);
            core.pump().lease(lease, limits);
        }
        RowStream rows = null;
        try {
            rows = new RowStream(core, limits, fetchSize, lease, core.run(opening, limits.under(lease)));
        } finally {
            if (lease != null && (rows == null || rows.portal.syncsEachPage())) {
                core.pump().endLease(lease);
            }
        }
        return StreamSupport.stream(rows, false).onClose(rows::close);
    }

    @Override
    public boolean tryAdvance(Consumer<? super Row> action) {
        while (next == page.size()) {
            if (closed || portal.isEnded()) {
                close();
                return false;
            }
            nextPage();
        }
        if (shape == null) {
            throw new IllegalStateException("the statement has no result set");
        }
        int row = next++;
        action.accept(new Row(shape, page.array(row), page.offset(row)));
        return true;
    }

    private void nextPage() {
        boolean read = false;
        try {
            page = core.goOn(Conversation.of(portal.next(fetchSize)), limits.under(lease));
            next = 0;
            read = true;
        } finally {
            if (!read) {
                close();
            }
        }
    }

    /** Closes the portal if it is open and gives the connection back. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (portal.isDiscarded()) {
            return;
        }
        try {
            if (!portal.isEnded() && core.session().isOpen()) {
                core.pump().run(portal.close(), CallLimits.CLEANUP.under(lease));
            }
        } finally {
            if (lease != null) {
                core.pump().endLease(lease);
            }
        }
    }

    @Override
    public @Nullable Spliterator<Row> trySplit() {
        return null;
    }

    @Override
    public long estimateSize() {
        return Long.MAX_VALUE;
    }

    @Override
    public int characteristics() {
        return ORDERED | NONNULL;
    }
}
