package dev.howdah.session;

import dev.howdah.message.BackendMessage;
import dev.howdah.message.BindComplete;
import dev.howdah.message.Close;
import dev.howdah.message.CloseComplete;
import dev.howdah.message.CommandComplete;
import dev.howdah.message.CopyInResponse;
import dev.howdah.message.EmptyQueryResponse;
import dev.howdah.message.ErrorResponse;
import dev.howdah.message.Execute;
import dev.howdah.message.Flush;
import dev.howdah.message.Parse;
import dev.howdah.message.ParseComplete;
import dev.howdah.message.PortalSuspended;
import dev.howdah.message.ReadyForQuery;
import dev.howdah.message.Sync;
import dev.howdah.message.Target;
import dev.howdah.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * One page of a {@link Portal}: some rows, then the server waits to be asked for more.
 *
 * <p>Outside a transaction a page ends with Flush, because Sync would end the implicit transaction and the portal with
 * it; the exchange is done when the server says that the portal is suspended. Inside a transaction each page ends with
 * Sync, so that other statements may run between two pages.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY">Extended query</a>
 */
final class PortalPage extends QueryExchange<RowBuffer> {

    private final Portal portal;
    private final Step step;
    private final @Nullable WireWriter encoded;
    private final int maxRows;
    private boolean syncDue;
    private boolean synced;
    private @Nullable CommandComplete command;

    /** Which page it is. */
    enum Step {
        FIRST,
        NEXT,
        CLOSE
    }

    private PortalPage(Portal portal, Step step, @Nullable WireWriter encoded, int maxRows) {
        super(portal.statement().sql(), portal.statements());
        this.portal = portal;
        this.step = step;
        this.encoded = encoded;
        this.maxRows = maxRows;
    }

    /** Binds the portal and reads its first page; the parameters are encoded now. */
    static PortalPage first(Portal portal, @Nullable Object[] parameters, int maxRows) {
        WireWriter encoded = new WireWriter(64 + 16 * parameters.length);
        for (String old : portal.statements().takePortalsToClose()) {
            Close.write(encoded, Target.PORTAL, old);
        }
        ServerStatement statement = portal.statement();
        if (!statement.isNamed()) {
            Parse.write(encoded, "", statement.sql(), statement.parameterTypes());
        }
        new BindEncoder(encoded).bind(portal.name(), statement, portal.shape(), parameters);
        return new PortalPage(portal, Step.FIRST, encoded, maxRows);
    }

    static PortalPage next(Portal portal, int maxRows) {
        return new PortalPage(portal, Step.NEXT, null, maxRows);
    }

    static PortalPage close(Portal portal) {
        return new PortalPage(portal, Step.CLOSE, null, 0);
    }

    Portal portal() {
        return portal;
    }

    @Override
    boolean extended() {
        return true;
    }

    @Override
    @Nullable
    RowShape shape() {
        return step == Step.CLOSE ? null : portal.shape();
    }

    @Override
    boolean transmitQuery(Outbox out) {
        WireWriter writer = out.writer();
        if (syncDue) {
            syncDue = false;
            sync(writer);
            return true;
        }
        if (encoded != null) {
            out.append(encoded.array(), 0, encoded.position());
        }
        if (step == Step.CLOSE) {
            Close.write(writer, Target.PORTAL, portal.name());
            sync(writer);
        } else {
            Execute.write(writer, portal.name(), maxRows);
            if (portal.syncsEachPage()) {
                sync(writer);
            } else {
                Flush.INSTANCE.write(writer);
            }
        }
        return true;
    }

    private void sync(WireWriter writer) {
        synced = true;
        Sync.INSTANCE.write(writer);
    }

    @Override
    protected boolean receive(BackendMessage message) {
        switch (message) {
            case ParseComplete parsed -> {}
            case BindComplete accepted -> bound();
            case CloseComplete closed -> {}
            case PortalSuspended suspended -> {
                return !synced;
            }
            case CommandComplete complete -> {
                command = complete;
                completed(complete);
                requestSync();
            }
            case EmptyQueryResponse empty -> requestSync();
            case CopyInResponse in -> {
                // A Sync sent before is lost in the COPY; the one that ends the COPY is the only one to be answered.
                synced = true;
                receiveCommon(message);
            }
            case ErrorResponse error -> {
                receiveCommon(message);
                requestSync();
            }
            case ReadyForQuery ready -> {
                if (command != null || failure() != null || step == Step.CLOSE || !portal.syncsEachPage()) {
                    portal.ended(command != null);
                }
                return true;
            }
            default -> {
                if (!receiveCommon(message)) {
                    throw unexpected(message);
                }
            }
        }
        return false;
    }

    private void requestSync() {
        if (!synced) {
            syncDue = true;
            resume();
        }
    }

    @Override
    protected RowBuffer value() {
        return rows();
    }

    @Override
    protected String describe() {
        return "a page of a stream";
    }
}
