package dev.howdah;

import dev.howdah.event.Notification;
import dev.howdah.message.TransactionStatus;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who listens on which channel, and what the server is known to do about it. Asks and sends nothing itself: it says what
 * is {@linkplain #work due}, and is told what came of it.
 *
 * <p>Safe for several threads. What concerns the server is told by who has the connection's turn.
 */
final class ListenerRegistry {

    /** How many channels one script names at most. */
    private static final int CHANNELS_AT_ONCE = 500;

    /** What the server does about a channel, as far as is known. */
    private enum Standing {
        /** Nothing: it has not been asked. */
        UNASKED,
        /** It listens. */
        LISTENING,
        /** It was asked within the transaction that is open, and will listen if that commits. */
        IN_TRANSACTION,
        /** Likewise, but it had listened before and was made to stop: who listens stays whatever becomes of it. */
        AGAIN_IN_TRANSACTION,
        /** It was asked in a transaction of which something has been rolled back. It knows; the listeners follow it. */
        PERHAPS_UNDONE,
        /** It was made to stop, by the program's own UNLISTEN or DISCARD ALL: it is to be asked again. */
        STOPPED,
        /** It may listen, and nobody wants it any more. */
        LEFT_OVER
    }

    /** When there is something to send. */
    private enum Due {
        NEVER,
        OUTSIDE_TRANSACTIONS,
        NOW
    }

    /** What is to be sent next. */
    sealed interface Work {

        /** Ask which channels the server listens on. */
        record Ask() implements Work {}

        /** Listen on these. */
        record Listen(List<String> channels) implements Work {}

        /** Stop listening on these. */
        record Unlisten(List<String> channels) implements Work {}
    }

    /** One adding of a listener to a channel. */
    static final class Registration {
        private final NotificationListener listener;
        private volatile boolean ended;

        private Registration(NotificationListener listener) {
            this.listener = listener;
        }

        NotificationListener listener() {
            return listener;
        }

        /** Calls the listener; what it throws is logged. */
        void tell(PgConnection owner, Notification notification) {
            try {
                listener.onNotification(owner, notification);
            } catch (RuntimeException | Error e) {
                CallbackQueue.failed(e);
            }
        }

        /** Returns whether it has been taken back. */
        boolean isEnded() {
            return ended;
        }
    }

    private static final class Channel {
        private final String name;
        private Standing standing = Standing.UNASKED;
        /** Replaced, never changed, so that who has it may go through it at leisure. Written under the lock. */
        private volatile List<Registration> registrations = List.of();

        private Channel(String name) {
            this.name = name;
        }

        private boolean isWanted() {
            return !registrations.isEmpty();
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    /** Changed under the lock. */
    private final ConcurrentHashMap<String, Channel> channels = new ConcurrentHashMap<>();

    private final Map<Standing, Set<Channel>> byStanding = new EnumMap<>(Standing.class);
    private final AtomicInteger wanted = new AtomicInteger();
    private volatile boolean empty = true;
    private volatile Due due = Due.NEVER;
    private boolean inTransaction;

    ListenerRegistry() {
        for (Standing standing : Standing.values()) {
            byStanding.put(standing, new LinkedHashSet<>());
        }
    }

    /** Returns whether anybody listens. */
    boolean hasListeners() {
        return wanted.get() > 0;
    }

    /** Returns who listens on a channel. */
    List<Registration> on(String name) {
        if (empty) {
            return List.of();
        }
        Channel channel = channels.get(name);
        return channel == null ? List.of() : channel.registrations;
    }

    /** Adds a listener if the server is known to listen already; returns whether it did. */
    boolean addIfHeard(String name, NotificationListener listener) {
        lock.lock();
        try {
            Channel channel = channels.get(name);
            if (channel == null || channel.standing != Standing.LISTENING) {
                return false;
            }
            add(channel, new Registration(listener));
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Adds a listener, whatever the server does; the caller has the turn. */
    Registration add(String name, NotificationListener listener) {
        lock.lock();
        try {
            Channel channel = channels.get(name);
            if (channel == null) {
                channel = add(name);
            }
            Registration registration = new Registration(listener);
            add(channel, registration);
            return registration;
        } finally {
            lock.unlock();
        }
    }

    private Channel add(String name) {
        Channel channel = new Channel(name);
        channels.put(name, channel);
        empty = false;
        with(channel.standing).add(channel);
        return channel;
    }

    private void add(Channel channel, Registration registration) {
        if (!channel.isWanted()) {
            wanted.incrementAndGet();
        }
        List<Registration> all = new ArrayList<>(channel.registrations);
        all.add(registration);
        channel.registrations = List.copyOf(all);
    }

    /** Returns whether the server has to be asked, for it to listen or to listen when the transaction commits. */
    boolean needsListen(String name) {
        lock.lock();
        try {
            Channel channel = channels.get(name);
            return channel != null
                    && switch (channel.standing) {
                        case LISTENING, IN_TRANSACTION, AGAIN_IN_TRANSACTION -> false;
                        case UNASKED, PERHAPS_UNDONE, STOPPED, LEFT_OVER -> true;
                    };
        } finally {
            lock.unlock();
        }
    }

    /** Says that the server has taken a LISTEN. */
    void listens(String name, TransactionStatus status) {
        lock.lock();
        try {
            Channel channel = channels.get(name);
            if (channel == null) {
                // Its only listener was removed while the server was being asked.
                channel = add(name);
            }
            boolean stopped = channel.standing == Standing.STOPPED;
            if (!channel.isWanted()) {
                move(channel, Standing.LEFT_OVER);
            } else if (status == TransactionStatus.IDLE) {
                move(channel, Standing.LISTENING);
            } else {
                move(channel, stopped ? Standing.AGAIN_IN_TRANSACTION : Standing.IN_TRANSACTION);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes back an adding whose LISTEN failed. */
    void takeBack(String name, Registration registration) {
        lock.lock();
        try {
            Channel channel = channels.get(name);
            if (channel != null) {
                end(channel, registration);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes a listener off a channel, once if it is there several times. What the server has to be told becomes due. */
    void remove(String name, NotificationListener listener) {
        lock.lock();
        try {
            Channel channel = channels.get(name);
            if (channel == null) {
                return;
            }
            for (Registration registration : channel.registrations) {
                if (registration.listener.equals(listener)) {
                    end(channel, registration);
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes all listeners off all channels. */
    void removeAll() {
        lock.lock();
        try {
            for (Channel channel : List.copyOf(channels.values())) {
                endAll(channel);
            }
        } finally {
            lock.unlock();
        }
    }

    private void end(Channel channel, Registration registration) {
        List<Registration> left = new ArrayList<>(channel.registrations);
        if (!left.remove(registration)) {
            return;
        }
        registration.ended = true;
        channel.registrations = List.copyOf(left);
        if (!channel.isWanted()) {
            wanted.decrementAndGet();
            unwanted(channel);
        }
    }

    private void endAll(Channel channel) {
        if (channel.isWanted()) {
            channel.registrations.forEach(registration -> registration.ended = true);
            channel.registrations = List.of();
            wanted.decrementAndGet();
            unwanted(channel);
        }
    }

    private void unwanted(Channel channel) {
        if (channel.standing == Standing.UNASKED) {
            drop(channel);
        } else {
            move(channel, Standing.LEFT_OVER);
        }
    }

    private void drop(Channel channel) {
        channels.remove(channel.name);
        empty = channels.isEmpty();
        with(channel.standing).remove(channel);
        decideWhatIsDue();
    }

    private void move(Channel channel, Standing to) {
        with(channel.standing).remove(channel);
        with(to).add(channel);
        channel.standing = to;
        decideWhatIsDue();
    }

    private void moveAll(Standing from, Standing to) {
        for (Channel channel : List.copyOf(with(from))) {
            move(channel, to);
        }
    }

    private Set<Channel> with(Standing standing) {
        return Objects.requireNonNull(byStanding.get(standing));
    }

    private boolean hasAny(Standing standing) {
        return !with(standing).isEmpty();
    }

    private void decideWhatIsDue() {
        due = hasAny(Standing.STOPPED)
                ? Due.NOW
                : hasAny(Standing.LEFT_OVER) || hasAny(Standing.PERHAPS_UNDONE) ? Due.OUTSIDE_TRANSACTIONS : Due.NEVER;
    }

    /** Notes what a command that has completed, whoever ran it, does to channels. */
    void completed(String tag) {
        if (empty) {
            return;
        }
        switch (tag) {
            case "COMMIT" -> {
                moveUnderLock(Standing.IN_TRANSACTION, Standing.LISTENING);
                moveUnderLock(Standing.AGAIN_IN_TRANSACTION, Standing.LISTENING);
            }
            case "ROLLBACK" -> undone();
            case "UNLISTEN" -> stopped(false);
            case "DISCARD ALL" -> stopped(true);
            default -> {}
        }
    }

    private void moveUnderLock(Standing from, Standing to) {
        lock.lock();
        try {
            moveAll(from, to);
        } finally {
            lock.unlock();
        }
    }

    /** A transaction was rolled back or did not commit, or was rolled back to a savepoint: the tag is the same. */
    private void undone() {
        moveUnderLock(Standing.IN_TRANSACTION, Standing.PERHAPS_UNDONE);
        moveUnderLock(Standing.AGAIN_IN_TRANSACTION, Standing.STOPPED);
    }

    private void stopped(boolean certainly) {
        lock.lock();
        try {
            for (Channel channel : List.copyOf(channels.values())) {
                switch (channel.standing) {
                    case LISTENING, IN_TRANSACTION, AGAIN_IN_TRANSACTION, PERHAPS_UNDONE ->
                        move(channel, Standing.STOPPED);
                    case LEFT_OVER -> {
                        if (certainly) {
                            drop(channel);
                        }
                    }
                    case UNASKED, STOPPED -> {}
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Notes whether the server is in a transaction now. */
    void ready(TransactionStatus status) {
        boolean ended = inTransaction && status == TransactionStatus.IDLE;
        inTransaction = status != TransactionStatus.IDLE;
        if (!ended || empty) {
            return;
        }
        // What COMMIT made valid has been noted when it completed.
        undone();
        lock.lock();
        try {
            decideWhatIsDue();
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether something is to be sent now. */
    boolean isDue(TransactionStatus status) {
        return switch (due) {
            case NEVER -> false;
            case OUTSIDE_TRANSACTIONS -> status == TransactionStatus.IDLE;
            case NOW -> status != TransactionStatus.FAILED;
        };
    }

    /** Returns what is to be sent next, or null if there is nothing now. */
    @Nullable
    Work work(TransactionStatus status) {
        if (!isDue(status)) {
            return null;
        }
        lock.lock();
        try {
            boolean idle = status == TransactionStatus.IDLE;
            if (idle && hasAny(Standing.PERHAPS_UNDONE)) {
                return new Work.Ask();
            }
            if (hasAny(Standing.STOPPED)) {
                return new Work.Listen(names(Standing.STOPPED));
            }
            return idle && hasAny(Standing.LEFT_OVER) ? new Work.Unlisten(names(Standing.LEFT_OVER)) : null;
        } finally {
            lock.unlock();
        }
    }

    private List<String> names(Standing standing) {
        return with(standing).stream()
                .limit(CHANNELS_AT_ONCE)
                .map(channel -> channel.name)
                .toList();
    }

    /** Notes which channels the server listens on; returns those whose listeners have gone with what was undone. */
    List<String> answered(Set<String> listening) {
        lock.lock();
        try {
            List<String> gone = new ArrayList<>();
            for (Channel channel : List.copyOf(with(Standing.PERHAPS_UNDONE))) {
                if (listening.contains(channel.name)) {
                    move(channel, Standing.LISTENING);
                } else {
                    gone.add(channel.name);
                    endAll(channel);
                    drop(channel);
                }
            }
            return gone;
        } finally {
            lock.unlock();
        }
    }

    /** Says that the server has stopped listening on channels. */
    void silenced(List<String> names) {
        lock.lock();
        try {
            for (String name : names) {
                Channel channel = channels.get(name);
                if (channel != null && channel.standing == Standing.LEFT_OVER) {
                    if (channel.isWanted()) {
                        move(channel, Standing.UNASKED);
                    } else {
                        drop(channel);
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Says that what was due failed: it is tried again when something has changed or a transaction has ended. */
    void failed() {
        due = Due.NEVER;
    }
}
