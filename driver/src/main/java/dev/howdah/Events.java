package dev.howdah;

import dev.howdah.error.PgException;
import dev.howdah.event.Notice;
import dev.howdah.event.Notification;
import dev.howdah.event.Termination;
import dev.howdah.message.NoticeResponse;
import dev.howdah.message.NotificationResponse;
import dev.howdah.pump.CallLimits;
import dev.howdah.pump.PumpListener;
import dev.howdah.session.SessionListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the server says unasked, and who wants to hear it. The session's thread only puts things into queues here;
 * listeners run on a thread of their own.
 */
final class Events implements SessionListener, PumpListener {

    private static final Logger LOG = System.getLogger(Events.class.getName());
    private static final int KEPT_NOTICES = 50;

    private final Map<String, CopyOnWriteArrayList<NotificationListener>> listeners = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<Consumer<Notice>> logListeners = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<Consumer<Termination>> terminationListeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Notice> notices = new ArrayDeque<>();
    private final SerialExecutor callbacks = new SerialExecutor("howdah-events");
    private final AtomicBoolean terminated = new AtomicBoolean();
    private volatile @Nullable Notifications notifications;
    private volatile @Nullable PgConnection connection;
    private final Set<Runnable> atEnd = ConcurrentHashMap.newKeySet();
    /** How often the connection has been reset: listeners are not told what is from before. */
    private final AtomicInteger resets = new AtomicInteger();

    /** Has something short run once when the connection has ended; at once if it has. It must not block. */
    void atEnd(Runnable action) {
        atEnd.add(action);
        if (terminated.get() && atEnd.remove(action)) {
            action.run();
        }
    }

    /** Forgets what was to be run at the end. */
    void notAtEnd(Runnable action) {
        atEnd.remove(action);
    }

    void attach(PgConnection owner) {
        connection = owner;
    }

    @Override
    public void notification(NotificationResponse message) {
        Notification notification = new Notification(message.processId(), message.channel(), message.payload());
        Notifications collected = notifications;
        if (collected != null) {
            collected.add(notification);
        }
        List<NotificationListener> interested = listeners.get(notification.channel());
        PgConnection owner = connection;
        if (interested != null && owner != null) {
            int now = resets.get();
            for (NotificationListener listener : interested) {
                callbacks.execute(() -> {
                    if (resets.get() == now) {
                        listener.onNotification(owner, notification);
                    }
                });
            }
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
        }
        for (Consumer<Notice> listener : logListeners) {
            callbacks.execute(() -> listener.accept(notice));
        }
    }

    @Override
    public void lost(PgException cause) {
        terminated(cause);
    }

    /** Tells once that the connection has ended. */
    void terminated(@Nullable PgException cause) {
        if (!terminated.compareAndSet(false, true)) {
            return;
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
        Termination termination = new Termination(cause);
        for (Consumer<Termination> listener : terminationListeners) {
            callbacks.execute(() -> listener.accept(termination));
        }
    }

    /**
     * Forgets what belongs to the session of before: its listeners of channels, what they have not been told yet, and what
     * has been kept. Listeners of notices and of the end stay.
     */
    void reset() {
        resets.incrementAndGet();
        listeners.clear();
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
    }

    List<Notice> notices() {
        lock.lock();
        try {
            return new ArrayList<>(notices);
        } finally {
            lock.unlock();
        }
    }

    Notifications notifications(Core core) {
        Notifications existing = notifications;
        if (existing != null) {
            return existing;
        }
        lock.lock();
        try {
            existing = notifications;
            if (existing == null) {
                existing = new Notifications(on -> core.pump().watch(on));
                notifications = existing;
                if (terminated.get()) {
                    existing.end(null);
                }
            }
            return existing;
        } finally {
            lock.unlock();
        }
    }

    void addLogListener(Consumer<Notice> listener) {
        logListeners.add(listener);
    }

    void removeLogListener(Consumer<Notice> listener) {
        logListeners.remove(listener);
    }

    void addTerminationListener(Consumer<Termination> listener) {
        terminationListeners.add(listener);
    }

    void removeTerminationListener(Consumer<Termination> listener) {
        terminationListeners.remove(listener);
    }

    /** Registers first and listens then, so that nothing that arrives with the reply is lost. */
    void addListener(Core core, String channel, NotificationListener listener) {
        String quoted = ServerName.quoted("a channel", channel);
        listeners.compute(channel, (name, all) -> {
            CopyOnWriteArrayList<NotificationListener> present = all == null ? new CopyOnWriteArrayList<>() : all;
            present.add(listener);
            return present;
        });
        boolean listening = false;
        try {
            core.script("LISTEN " + quoted, CallLimits.NONE);
            listening = true;
        } finally {
            if (!listening) {
                forget(channel, listener);
            }
        }
        core.pump().watch(true);
    }

    /**
     * Forgets at once. Whether the server is to stop is decided when the turn has come: meanwhile another thread may have
     * added a listener, and its LISTEN may have been sent already.
     */
    void removeListener(Core core, String channel, NotificationListener listener) {
        if (forget(channel, listener) && core.session().isOpen()) {
            core.pump().inTurn(CallLimits.NONE, () -> {
                if (!listeners.containsKey(channel) && core.session().isOpen()) {
                    core.script("UNLISTEN " + ServerName.quoted("a channel", channel), CallLimits.NONE);
                }
            });
        }
    }

    /** Takes a listener off the registry; returns whether it was the last of its channel. */
    private boolean forget(String channel, NotificationListener listener) {
        boolean[] last = {false};
        listeners.computeIfPresent(channel, (name, all) -> {
            if (all.remove(listener) && all.isEmpty()) {
                last[0] = true;
                return null;
            }
            return all;
        });
        return last[0];
    }
}
