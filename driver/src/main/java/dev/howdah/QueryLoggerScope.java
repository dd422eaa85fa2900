package dev.howdah;

import dev.howdah.event.QueryEvent;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A query logger that is there until this is closed, also if the code in between throws; see {@link
 * PgConnection#queryLogger}. Safe for several threads.
 */
public final class QueryLoggerScope implements AutoCloseable {

    private final QueryLog log;
    private final Consumer<QueryEvent> logger;
    private final AtomicBoolean closed = new AtomicBoolean();

    QueryLoggerScope(QueryLog log, Consumer<QueryEvent> logger) {
        this.log = log;
        this.logger = logger;
        log.add(logger);
    }

    /** Removes the logger once. Does nothing if this has been closed, also if the same logger was added again since. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            log.remove(logger);
        }
    }
}
