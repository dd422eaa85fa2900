package dev.howdah;

import dev.howdah.error.PgException;
import dev.howdah.event.Notification;
import dev.howdah.event.NotificationOverflowException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The notifications of a connection, to each subscriber from its subscription on. */
final class NotificationPublisher implements Flow.Publisher<Notification> {

    private static final Logger LOG = System.getLogger(NotificationPublisher.class.getName());

    private final CopyOnWriteArrayList<Subscription> subscriptions = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final int capacity;
    private final @Nullable Executor executor;
    private final IntConsumer waiting;
    private @Nullable Ending ending;

    /** How the connection ended. */
    private record Ending(@Nullable PgException cause) {}

    /**
     * Makes one without subscribers.
     *
     * @param capacity how many notifications wait for one subscriber at most
     * @param waiting is told of each that comes (1) or goes (-1)
     */
    NotificationPublisher(int capacity, @Nullable Executor executor, IntConsumer waiting) {
        this.capacity = capacity;
        this.executor = executor;
        this.waiting = waiting;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Notification> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        Subscription subscription;
        lock.lock();
        try {
            subscription = new Subscription(subscriber, ending);
            subscriptions.add(subscription);
        } finally {
            lock.unlock();
        }
        waiting.accept(1);
        subscription.worker.wake();
    }

    /** Has subscribers told of what has come: once for all that one read brought, for waking costs more than telling. */
    void add(List<Notification> arrived) {
        for (Subscription subscription : subscriptions) {
            subscription.add(arrived);
        }
    }

    void end(@Nullable PgException cause) {
        Ending how = new Ending(cause);
        List<Subscription> all;
        lock.lock();
        try {
            ending = how;
            all = List.copyOf(subscriptions);
        } finally {
            lock.unlock();
        }
        for (Subscription subscription : all) {
            subscription.end(how);
        }
    }

    private enum Phase {
        /** The subscriber does not know its subscription yet. */
        NEW,
        ACTIVE,
        DONE
    }

    private final class Subscription implements Flow.Subscription {
        private final Flow.Subscriber<? super Notification> subscriber;
        private final SerialExecutor worker = new SerialExecutor(executor, () -> step() ? 1 : 0);
        private final ReentrantLock guard = new ReentrantLock();
        private final Queue<Notification> buffer = new ArrayDeque<>();
        private Phase phase = Phase.NEW;
        private long bytes;
        private long demand;

        private @Nullable Ending ended;
        private @Nullable RuntimeException failure;

        Subscription(Flow.Subscriber<? super Notification> subscriber, @Nullable Ending ended) {
            this.subscriber = subscriber;
            this.ended = ended;
        }

        void add(List<Notification> arrived) {
            guard.lock();
            try {
                for (Notification notification : arrived) {
                    if (phase == Phase.DONE || failure != null) {
                        break;
                    }
                    add(notification);
                }
            } finally {
                guard.unlock();
            }
            worker.wake();
        }

        private void add(Notification notification) {
            long size = Notifications.size(notification);
            if (buffer.size() == capacity || bytes + size > CallbackQueue.MAX_BYTES) {
                failure = new NotificationOverflowException(buffer.size() + 1);
                forget();
            } else {
                buffer.add(notification);
                bytes += size;
            }
        }

        private void forget() {
            buffer.clear();
            bytes = 0;
        }

        void end(Ending how) {
            guard.lock();
            try {
                ended = how;
            } finally {
                guard.unlock();
            }
            worker.wake();
        }

        @Override
        public void request(long n) {
            guard.lock();
            try {
                if (phase == Phase.DONE) {
                    return;
                }
                if (n > 0) {
                    demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
                } else if (failure == null) {
                    failure =
                            new IllegalArgumentException("the number of notifications asked for is positive, not " + n);
                    forget();
                }
            } finally {
                guard.unlock();
            }
            worker.wake();
        }

        @Override
        public void cancel() {
            guard.lock();
            try {
                if (phase == Phase.DONE) {
                    return;
                }
                phase = Phase.DONE;
                forget();
            } finally {
                guard.unlock();
            }
            leave();
        }

        private void leave() {
            if (subscriptions.remove(this)) {
                waiting.accept(-1);
            }
        }

        /** Gives one signal; returns false if there is none to give now. */
        private boolean step() {
            Runnable signal;
            boolean last;
            guard.lock();
            try {
                signal = next();
                last = signal != null && phase == Phase.DONE;
            } finally {
                guard.unlock();
            }
            if (signal == null) {
                return false;
            }
            if (last) {
                leave();
            }
            try {
                signal.run();
            } catch (RuntimeException | Error e) {
                LOG.log(Level.ERROR, "a subscriber to notifications failed; its subscription has ended", e);
                cancel();
            }
            return true;
        }

        private @Nullable Runnable next() {
            RuntimeException failed = failure;
            Ending end = ended;
            if (phase == Phase.DONE) {
                return null;
            } else if (phase == Phase.NEW) {
                phase = Phase.ACTIVE;
                return () -> subscriber.onSubscribe(this);
            } else if (failed != null) {
                phase = Phase.DONE;
                return () -> subscriber.onError(failed);
            }
            Notification first = buffer.peek();
            if (first != null) {
                if (demand == 0) {
                    return null;
                }
                if (demand != Long.MAX_VALUE) {
                    demand--;
                }
                buffer.remove();
                bytes -= Notifications.size(first);
                return () -> subscriber.onNext(first);
            } else if (end != null) {
                phase = Phase.DONE;
                PgException cause = end.cause();
                return cause == null ? subscriber::onComplete : () -> subscriber.onError(cause);
            }
            return null;
        }
    }
}
