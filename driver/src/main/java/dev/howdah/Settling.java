package dev.howdah;

import dev.howdah.error.PgException;
import dev.howdah.event.QueryEvent.Kind;
import dev.howdah.message.TransactionStatus;
import dev.howdah.session.Conversation;
import dev.howdah.session.Exchange;
import dev.howdah.session.QueryResult;
import dev.howdah.session.SimpleQuery;
import dev.howdah.sql.Identifier;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes what the server listens on the same as what is wanted; run between two operations of others. */
final class Settling implements Conversation<Boolean> {

    private static final Logger LOG = System.getLogger(Settling.class.getName());

    private final Core core;
    private final ListenerRegistry registry;
    private @Nullable SimpleQuery running;
    private QueryLog.@Nullable Watch watch;
    private ListenerRegistry.@Nullable Work work;

    Settling(Core core, ListenerRegistry registry) {
        this.core = core;
        this.registry = registry;
    }

    @Override
    public @Nullable Exchange<?> next() {
        SimpleQuery ended = running;
        running = null;
        if (ended != null && work != null) {
            PgException failure = ended.failure();
            if (watch != null) {
                watch.tell(Kind.SESSION, sql(work), null, failure);
            }
            if (failure != null) {
                failed(work, failure);
                return null;
            }
            succeeded(work, ended.result());
        }
        work = core.session().isOpen() ? registry.work(status()) : null;
        if (work == null) {
            return null;
        }
        watch = work instanceof ListenerRegistry.Work.Ask ? null : core.log().watch();
        SimpleQuery next = core.simple(sql(work));
        running = next;
        return next;
    }

    /** Returns whether what the server answers now is the answer to this. */
    boolean isRunning() {
        return running != null;
    }

    private TransactionStatus status() {
        return core.session().transactionStatus();
    }

    private static String sql(ListenerRegistry.Work work) {
        return switch (work) {
            case ListenerRegistry.Work.Ask ask -> "SELECT pg_catalog.pg_listening_channels()";
            case ListenerRegistry.Work.Listen listen -> each("LISTEN ", listen.channels());
            case ListenerRegistry.Work.Unlisten unlisten -> each("UNLISTEN ", unlisten.channels());
        };
    }

    private static String each(String command, List<String> channels) {
        return channels.stream()
                .map(channel -> command + Identifier.of(channel).quoted())
                .collect(Collectors.joining("; "));
    }

    private void succeeded(ListenerRegistry.Work done, List<QueryResult> results) {
        switch (done) {
            case ListenerRegistry.Work.Ask ask -> {
                Set<String> listening = new HashSet<>();
                for (Row row : Rows.of(results.getFirst())) {
                    listening.add(row.getString(0));
                }
                List<String> gone = registry.answered(listening);
                if (!gone.isEmpty()) {
                    LOG.log(Level.DEBUG, () -> "what was rolled back had added the listeners on " + gone);
                }
            }
            case ListenerRegistry.Work.Listen listen ->
                listen.channels().forEach(channel -> registry.listens(channel, status()));
            case ListenerRegistry.Work.Unlisten unlisten -> registry.silenced(unlisten.channels());
        }
    }

    private void failed(ListenerRegistry.Work what, PgException failure) {
        registry.failed();
        if (core.session().isOpen()) {
            LOG.log(
                    what instanceof ListenerRegistry.Work.Unlisten ? Level.DEBUG : Level.WARNING,
                    () -> "the server refused what keeps its listening as it is wanted; it is tried again later",
                    failure);
        }
    }

    @Override
    public Boolean result() {
        return true;
    }
}
