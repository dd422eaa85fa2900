package dev.howdah;

import dev.howdah.event.QueryEvent;
import dev.howdah.pump.BlockingPump;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells query loggers and the flight recorder of what one connection runs. Where neither looks, an operation costs the two
 * questions whether one does.
 *
 * <p>Loggers run on the thread of the operation once it has given the turn away: what is noted while it has the turn waits
 * for that. What a logger itself runs on the connection is not told.
 */
final class QueryLog {

    private static final Logger LOG = System.getLogger(QueryLog.class.getName());
    private static final @Nullable Object[] NO_PARAMETERS = {};

    private final BlockingPump pump;
    private final CopyOnWriteArrayList<Consumer<QueryEvent>> loggers = new CopyOnWriteArrayList<>();
    private final Queue<Noted> noted = new ConcurrentLinkedQueue<>();
    /** The threads that call a logger now. */
    private final Set<Thread> telling = ConcurrentHashMap.newKeySet();

    /** An event that waits for its thread to give the turn away, and who is told then. */
    private record Noted(Thread thread, QueryEvent event, List<Consumer<QueryEvent>> loggers) {}

    QueryLog(BlockingPump pump) {
        this.pump = pump;
    }

    void add(Consumer<QueryEvent> logger) {
        loggers.add(Objects.requireNonNull(logger, "logger"));
    }

    void remove(Consumer<QueryEvent> logger) {
        loggers.remove(logger);
    }

    void removeAll() {
        loggers.clear();
    }

    /** Begins to watch an operation that begins now; returns null if nobody wants to know. */
    @Nullable
    Watch watch() {
        boolean logged = !loggers.isEmpty() && !telling.contains(Thread.currentThread());
        boolean recorded = FlightEvents.Query.isOn();
        return logged || recorded ? new Watch(logged, recorded) : null;
    }

    /** Tells what the current thread has noted, if it has given the turn away. */
    void released() {
        if (noted.isEmpty() || pump.hasTurn()) {
            return;
        }
        Thread current = Thread.currentThread();
        for (Iterator<Noted> all = noted.iterator(); all.hasNext(); ) {
            Noted next = all.next();
            if (next.thread() == current) {
                all.remove();
                tell(next.event(), next.loggers());
            }
        }
    }

    private void note(QueryEvent event) {
        List<Consumer<QueryEvent>> told = List.copyOf(loggers);
        if (pump.hasTurn()) {
            noted.add(new Noted(Thread.currentThread(), event, told));
        } else {
            tell(event, told);
        }
    }

    /** An interrupt is kept from the loggers, which may want to use the connection. */
    private void tell(QueryEvent event, List<Consumer<QueryEvent>> told) {
        Thread current = Thread.currentThread();
        telling.add(current);
        boolean interrupted = Thread.interrupted();
        try {
            for (Consumer<QueryEvent> logger : told) {
                try {
                    logger.accept(event);
                } catch (RuntimeException | Error e) {
                    LOG.log(Level.ERROR, "a query logger failed; the operation and the other loggers go on", e);
                }
            }
        } finally {
            telling.remove(current);
            if (interrupted) {
                current.interrupt();
            }
        }
    }

    /** One operation under way. Of one thread. */
    final class Watch {

        private final boolean logged;
        private final Instant started = Instant.now();
        private final long begun = System.nanoTime();
        private final FlightEvents.@Nullable Query record;
        private @Nullable Duration elapsed;

        private Watch(boolean logged, boolean recorded) {
            this.logged = logged;
            FlightEvents.Query query = null;
            if (recorded) {
                query = new FlightEvents.Query();
                query.begin();
            }
            this.record = query;
        }

        /** Notes that it ends now, although it is told later. */
        void stop() {
            if (elapsed == null) {
                elapsed = Duration.ofNanos(System.nanoTime() - begun);
                if (record != null) {
                    record.end();
                }
            }
        }

        /** Tells of an operation of the driver's own text. */
        void tell(QueryEvent.Kind kind, String sql, @Nullable Duration timeout, @Nullable Throwable exception) {
            tell(kind, sql, NO_PARAMETERS, 0, timeout, -1, exception);
        }

        /** Tells what has become of it; see {@link QueryEvent}. */
        void tell(
                QueryEvent.Kind kind,
                String sql,
                @Nullable Object[] parameters,
                int sets,
                @Nullable Duration timeout,
                long rows,
                @Nullable Throwable exception) {
            stop();
            if (record != null) {
                record.commit(kind, sql, sets > 0 ? sets : 0, rows, exception);
            }
            if (logged) {
                note(new QueryEvent(
                        kind,
                        sql,
                        Arrays.asList(parameters),
                        sets,
                        timeout,
                        started,
                        Objects.requireNonNull(elapsed),
                        rows,
                        exception));
            }
        }
    }
}
