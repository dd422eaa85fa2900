package dev.howdah;

import dev.howdah.event.Notification;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The channels of a subscription, and who listens on each. Safe for several threads. */
final class SubscriptionChannels {

    private static final Logger LOG = System.getLogger(SubscriptionChannels.class.getName());

    private final Map<String, List<Consumer<Notification>>> channels = new ConcurrentHashMap<>();
    private final Consumer<Notification> main;

    /** Takes the subscription's own listener. */
    SubscriptionChannels(SubscriptionListener listener) {
        this.main = listener::onNotification;
    }

    /** Has the subscription's own listener hear these, too; nothing changes for those that it hears already. */
    void add(Collection<String> names) {
        // All or none: each is looked at before the first is taken.
        names.forEach(name -> ServerName.quoted("a channel", name));
        for (String name : names) {
            channels.compute(name, (key, all) -> {
                List<Consumer<Notification>> present = all == null ? new CopyOnWriteArrayList<>() : all;
                if (!present.contains(main)) {
                    present.addFirst(main);
                }
                return present;
            });
        }
    }

    /** Has the subscription's own listener hear this one no more. */
    void remove(String name) {
        remove(name, main);
    }

    void add(String name, Consumer<Notification> listener) {
        ServerName.quoted("a channel", name);
        channels.compute(name, (key, all) -> {
            List<Consumer<Notification>> present = all == null ? new CopyOnWriteArrayList<>() : all;
            present.add(listener);
            return present;
        });
    }

    void remove(String name, Consumer<Notification> listener) {
        channels.computeIfPresent(name, (key, all) -> all.remove(listener) && all.isEmpty() ? null : all);
    }

    /** Returns the channels that somebody listens on, now, in the order of their names. */
    Set<String> names() {
        return new TreeSet<>(channels.keySet());
    }

    /** Calls all who listen on the channel, as long as callbacks may begin. What one throws does not keep the others from it. */
    void deliver(Notification notification, BooleanSupplier mayBegin) {
        for (Consumer<Notification> listener : channels.getOrDefault(notification.channel(), List.of())) {
            if (!mayBegin.getAsBoolean()) {
                return;
            }
            guarded(() -> listener.accept(notification));
        }
    }

    /** Runs a callback; what it throws is logged. */
    static void guarded(Runnable callback) {
        try {
            callback.run();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "a listener of a subscription failed; the others go on", e);
        }
    }
}
