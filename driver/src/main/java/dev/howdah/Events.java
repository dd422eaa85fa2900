package dev.howdah;

import dev.howdah.ListenerRegistry.Registration;
import dev.howdah.error.PgException;
import dev.howdah.event.Notice;
import dev.howdah.event.Notification;
import dev.howdah.event.Termination;
import dev.howdah.message.CommandComplete;
import dev.howdah.message.NoticeResponse;
import dev.howdah.message.TransactionStatus;
import dev.howdah.pump.CallLimits;
import dev.howdah.pump.PumpListener;
import dev.howdah.pump.WatchingThread;
import dev.howdah.session.Conversation;
import dev.howdah.session.SessionListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the server says unasked, and who wants to hear it. Who feeds the session only puts things into queues here; listeners
 * run elsewhere, without a lock.
 */
final class Events implements SessionListener, PumpListener, Notifications.Source {

    private static final Logger LOG = System.getLogger(Events.class.getName());
    private static final int KEPT_NOTICES = 50;

    private final ListenerRegistry registry = new ListenerRegistry();
    private final CopyOnWriteArrayList<Consumer<Notice>> logListeners = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<Consumer<Termination>> terminationListeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Notice> notices = new ArrayDeque<>();
    private final CallbackQueue callbacks;
    private final @Nullable Executor executor;
    private final int queueCapacity;
    private final Watch watch;
    /** How many wait for notifications, or have subscribed to them. */
    private final AtomicInteger waiting = new AtomicInteger();

    private @Nullable Termination termination;
    private volatile @Nullable Notifications notifications;
    private volatile @Nullable PgConnection connection;
    private volatile @Nullable Core core;
    private final Set<Runnable> atEnd = ConcurrentHashMap.newKeySet();
    /** What was due last; of who has the turn. */
    private @Nullable Settling settling;

    /** Whether the connection is read while nobody uses it. */
    enum Watch {
        /** When somebody wants to hear what comes. */
        WHEN_WANTED,
        /** Never by itself: whoever polls it reads. */
        NEVER
    }

    Events(ConnectOptions options, Watch watch) {
        this.watch = watch;
        this.executor = options.callbackExecutor();
        this.queueCapacity = options.notificationQueue();
        this.callbacks = new CallbackQueue(queueCapacity, executor);
    }

    /** Has something short run once when the connection has ended; at once if it has. It must not block. */
    void atEnd(Runnable action) {
        atEnd.add(action);
        if (isTerminated() && atEnd.remove(action)) {
            action.run();
        }
    }

    /** Returns whether it has been told that the connection has ended; whoever has the turn may still be closing it. */
    boolean isTerminated() {
        lock.lock();
        try {
            return termination != null;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets what was to be run at the end. */
    void notAtEnd(Runnable action) {
        atEnd.remove(action);
    }

    /** Notes what the connection is made of; listeners may be added from now on. */
    void opened(Core parts) {
        core = parts;
    }

    /** Notes whose events these are; listeners are called from now on. */
    void attach(PgConnection owner) {
        connection = owner;
        callbacks.begin(owner);
    }

    // What the session and the pump tell

    @Override
    public void notification(int processId, String channel, String payload) {
        FlightEvents.Arrival.of(channel, processId, payload);
        Notifications collected = notifications;
        List<Registration> interested = registry.on(channel);
        if (collected == null && interested.isEmpty()) {
            return;
        }
        Notification notification = new Notification(processId, channel, payload);
        if (collected != null) {
            collected.add(notification);
        }
        if (!interested.isEmpty()) {
            callbacks.offer(new Arrival(interested, notification));
        }
    }

    @Override
    public void notice(NoticeResponse message) {
        Notice notice = new Notice(message.diagnostics());
        lock.lock();
        try {
            if (notices.size() == KEPT_NOTICES) {
                notices.removeFirst();
            }
            notices.addLast(notice);
        } finally {
            lock.unlock();
        }
        if (logListeners.isEmpty()) {
            LOG.log(Level.DEBUG, notice::toString);
        } else {
            callbacks.offer(new Remark(notice));
        }
    }

    @Override
    public void completed(CommandComplete command) {
        Settling ours = settling;
        if (ours == null || !ours.isRunning() || !command.tag().equals("UNLISTEN")) {
            registry.completed(command.tag());
        }
    }

    @Override
    public void ready(TransactionStatus status) {
        registry.ready(status);
    }

    @Override
    public void heard(boolean handsOn) {
        callbacks.wake(handsOn);
        Notifications collected = notifications;
        if (collected != null) {
            collected.heard();
        }
    }

    @Override
    public void handOn() {
        callbacks.callHere();
    }

    @Override
    public void lost(PgException cause) {
        terminated(cause);
    }

    @Override
    public boolean wantsWatch() {
        return watch == Watch.WHEN_WANTED
                && (registry.hasListeners()
                        || waiting.get() > 0
                        || !logListeners.isEmpty()
                        || !terminationListeners.isEmpty());
    }

    @Override
    public boolean isUpkeepDue(TransactionStatus status) {
        return registry.isDue(status);
    }

    @Override
    public void released() {
        Core parts = core;
        if (parts != null) {
            parts.log().released();
        }
    }

    @Override
    public @Nullable Conversation<?> upkeep() {
        Core parts = core;
        if (parts == null || registry.work(parts.session().transactionStatus()) == null) {
            return null;
        }
        Settling next = new Settling(parts, registry);
        settling = next;
        return next;
    }

    /** Tells once that the connection has ended: with the cause, or null if the program closed it. */
    void terminated(@Nullable PgException cause) {
        Termination end = new Termination(cause);
        List<Consumer<Termination>> told;
        lock.lock();
        try {
            if (termination != null) {
                return;
            }
            termination = end;
            told = List.copyOf(terminationListeners);
        } finally {
            lock.unlock();
        }
        for (Runnable action : List.copyOf(atEnd)) {
            if (atEnd.remove(action)) {
                action.run();
            }
        }
        Notifications collected = notifications;
        if (collected != null) {
            collected.end(cause);
        }
        for (Consumer<Termination> listener : told) {
            callbacks.add(() -> {
                if (terminationListeners.remove(listener)) {
                    listener.accept(end);
                }
            });
        }
    }

    /**
     * Forgets what belongs to the session of before: its listeners of channels, what they have not been told yet, and what
     * has been kept. Listeners of notices and of the end stay.
     */
    void reset() {
        registry.removeAll();
        Notifications collected = notifications;
        if (collected != null) {
            collected.clear();
        }
        lock.lock();
        try {
            notices.clear();
        } finally {
            lock.unlock();
        }
        refresh();
    }

    // The collected ones

    List<Notice> notices() {
        lock.lock();
        try {
            return new ArrayList<>(notices);
        } finally {
            lock.unlock();
        }
    }

    Notifications notifications() {
        Notifications existing = notifications;
        if (existing != null) {
            return existing;
        }
        Termination end;
        lock.lock();
        try {
            existing = notifications;
            if (existing == null) {
                existing = new Notifications(this, queueCapacity, executor);
                notifications = existing;
            }
            end = termination;
        } finally {
            lock.unlock();
        }
        if (end != null) {
            existing.end(end.cause());
        }
        return existing;
    }

    @Override
    public void waiting(int more) {
        waiting.addAndGet(more);
        refresh();
    }

    @Override
    public @Nullable WatchingThread watchHere() {
        Core parts = core;
        return parts == null || wantsWatch() ? null : parts.pump().watchHere();
    }

    @Override
    public boolean canWait() {
        return watch == Watch.WHEN_WANTED;
    }

    @Override
    public void hear() {
        Core parts = core;
        if (parts != null) {
            parts.pump().hear();
        }
    }

    private void refresh() {
        Core parts = core;
        if (parts != null) {
            parts.pump().refresh();
        }
    }

    // Listeners

    void addLogListener(Consumer<Notice> listener) {
        logListeners.add(listener);
        refresh();
    }

    void removeLogListener(Consumer<Notice> listener) {
        logListeners.remove(listener);
        refresh();
    }

    void addTerminationListener(Consumer<Termination> listener) {
        Termination end;
        lock.lock();
        try {
            end = termination;
            if (end == null) {
                terminationListeners.add(listener);
            }
        } finally {
            lock.unlock();
        }
        if (end == null) {
            refresh();
        } else {
            callbacks.add(() -> listener.accept(end));
        }
    }

    void removeTerminationListener(Consumer<Termination> listener) {
        terminationListeners.remove(listener);
        refresh();
    }

    /**
     * Adds a listener. If the server listens already nothing is sent, so there is no waiting; else the listener is there
     * before LISTEN is sent, so that nothing that comes with the answer is lost.
     */
    void addListener(Core parts, String channel, NotificationListener listener) {
        String quoted = ServerName.quoted("a channel", channel);
        if (!parts.session().isOpen() || !registry.addIfHeard(channel, listener)) {
            parts.pump().inTurn(CallLimits.NONE, () -> listen(parts, channel, quoted, listener));
        }
        refresh();
    }

    private void listen(Core parts, String channel, String quoted, NotificationListener listener) {
        Registration registration = registry.add(channel, listener);
        boolean listening = false;
        try {
            if (registry.needsListen(channel) || !parts.session().isOpen()) {
                parts.command("LISTEN " + quoted, CallLimits.NONE);
                registry.listens(channel, parts.session().transactionStatus());
            }
            listening = true;
        } finally {
            if (!listening) {
                registry.takeBack(channel, registration);
            }
        }
    }

    /** Forgets at once. UNLISTEN is sent when nobody uses the connection and no transaction is open, maybe now. */
    void removeListener(String channel, NotificationListener listener) {
        registry.remove(channel, listener);
        refresh();
    }

    /** A notification on its way to who listened when it came. */
    private final class Arrival implements CallbackQueue.Callback {
        private final List<Registration> interested;
        private final Notification notification;

        Arrival(List<Registration> interested, Notification notification) {
            this.interested = interested;
            this.notification = notification;
        }

        @Override
        public void run() {
            PgConnection owner = connection;
            for (Registration registration : interested) {
                if (owner != null && !registration.isEnded()) {
                    registration.tell(owner, notification);
                }
            }
        }

        @Override
        public long bytes() {
            return Notifications.size(notification);
        }

        @Override
        public void missed(CallbackQueue.Gap gap) {
            interested.forEach(gap::missedBy);
        }
    }

    /** A notice on its way to the log listeners. */
    private final class Remark implements CallbackQueue.Callback {
        /** What its fields cost, roughly. */
        private static final long OVERHEAD = 500;

        private final Notice notice;
        private final long bytes;
        private final List<Consumer<Notice>> interested = List.copyOf(logListeners);

        Remark(Notice notice) {
            this.notice = notice;
            this.bytes = OVERHEAD + notice.toString().length() + length(notice.context());
        }

        @Override
        public void run() {
            for (Consumer<Notice> listener : interested) {
                if (logListeners.contains(listener)) {
                    CallbackQueue.guarded(() -> listener.accept(notice));
                }
            }
        }

        @Override
        public long bytes() {
            return bytes;
        }

        private static int length(@Nullable String text) {
            return text == null ? 0 : text.length();
        }

        @Override
        public void missed(CallbackQueue.Gap gap) {
            // Counted is enough: a Consumer cannot be told.
        }
    }
}
