package dev.howdah;

import dev.howdah.event.QueryEvent.Kind;
import dev.howdah.message.TransactionStatus;
import dev.howdah.pump.CallLimits;
import dev.howdah.session.Exchange;
import dev.howdah.session.SimpleQuery;
import org.jspecify.annotations.Nullable;

/** The BEGIN that is sent before an operation with autocommit off, and what loggers are told of it. */
final class Beginning {

    private final Core core;
    private final CallLimits limits;
    private @Nullable SimpleQuery exchange;
    private QueryLog.@Nullable Watch watch;
    private String sql = "";

    Beginning(Core core, CallLimits limits) {
        this.core = core;
        this.limits = limits;
    }

    /** Returns whether no transaction is open. */
    boolean isNeeded() {
        return core.session().transactionStatus() == TransactionStatus.IDLE;
    }

    /** Returns the exchange that begins one. */
    Exchange<?> begin() {
        sql = core.traits().mode().beginSql();
        watch = core.log().watch();
        SimpleQuery begun = core.simple(sql);
        exchange = begun;
        return begun;
    }

    /** Takes the outcome of the exchange, if there was one that has not been taken. */
    void end() {
        if (exchange != null) {
            exchange.result();
            exchange = null;
            if (watch != null) {
                watch.stop();
            }
        }
    }

    /** Tells of the BEGIN, if there was one; if it did not succeed, what failed was that. */
    void tell(@Nullable Throwable failure) {
        if (watch != null) {
            watch.tell(Kind.TRANSACTION, sql, limits.timeout(), exchange == null ? null : failure);
        }
    }
}
