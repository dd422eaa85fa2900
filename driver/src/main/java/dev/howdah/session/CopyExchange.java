package dev.howdah.session;

import dev.howdah.error.CopyFailedException;
import dev.howdah.error.Delivery;
import dev.howdah.error.ServerException;
import dev.howdah.message.BackendMessage;
import dev.howdah.message.Bind;
import dev.howdah.message.BindComplete;
import dev.howdah.message.CommandComplete;
import dev.howdah.message.ErrorResponse;
import dev.howdah.message.Execute;
import dev.howdah.message.IntList;
import dev.howdah.message.Parse;
import dev.howdah.message.ParseComplete;
import dev.howdah.message.ReadyForQuery;
import dev.howdah.wire.WireWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What COPY has in common both ways: one statement by the extended protocol, so that no second one can hide behind it. The
 * owner runs it piece by piece; between the pieces it is paused.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-COPY">COPY operations</a>
 */
public abstract sealed class CopyExchange extends Exchange<Long> permits CopyInExchange, CopyOutExchange {

    private final String sql;
    private final StatementCache statements;
    private @Nullable CommandComplete command;

    CopyExchange(String sql, StatementCache statements) {
        StatementCache.requireSendable(sql);
        if (!LeadingKeyword.isCopy(sql)) {
            throw new IllegalArgumentException("the statement has to be a COPY");
        }
        this.sql = sql;
        this.statements = statements;
    }

    /** Appends the statement, without what ends it. */
    final void ask(WireWriter out) {
        Parse.write(out, "", sql, IntList.EMPTY);
        new Bind("", "", IntList.EMPTY, List.of(), IntList.EMPTY).write(out);
        Execute.write(out, "", 0);
    }

    /** Takes what the messages of the other kind of COPY, and those only of this one, mean; returns false if it is none. */
    abstract boolean receiveCopy(BackendMessage message);

    /** Returns whether an error is only the answer to our own ending the COPY. */
    abstract boolean isOwnDoing(ServerException error);

    /** Notes that the server has done or refused the statement: no data move any more. */
    abstract void over();

    /** Returns whether data could be moved. */
    abstract boolean isOpen();

    @Override
    protected final boolean receive(BackendMessage message) {
        switch (message) {
            case ParseComplete parsed -> {}
            case BindComplete accepted -> {}
            case CommandComplete complete -> {
                command = complete;
                statements.commandCompleted(complete);
                if (!isOpen() && failure() == null) {
                    fail(new CopyFailedException(
                            "The COPY moved no data between server and client: FROM STDIN or TO STDOUT is missing",
                            Delivery.COMPLETED,
                            null));
                }
                over();
            }
            case ErrorResponse error -> {
                ServerException refusal = ServerException.of(error.diagnostics(), sql, Delivery.REFUSED);
                if (!isOwnDoing(refusal)) {
                    fail(refusal);
                }
                over();
            }
            case ReadyForQuery ready -> {
                ended();
                return true;
            }
            default -> {
                if (!receiveCopy(message)) {
                    throw unexpected(message);
                }
            }
        }
        return false;
    }

    /** Takes notice that all that was to be sent has been. */
    public void fed() {}

    /** Called when the server is ready again. */
    void ended() {}

    /** {@return how many rows were copied, or -1 if the server did not say} */
    @Override
    protected final Long value() {
        return command == null ? -1 : command.rowCount();
    }

    @Override
    protected final String describe() {
        return "a COPY";
    }
}
