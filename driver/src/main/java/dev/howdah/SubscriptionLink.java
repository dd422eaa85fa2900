package dev.howdah;

import dev.howdah.error.ConfigException;
import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.PgException;
import dev.howdah.event.Notification;
import dev.howdah.pump.CallLimits;
import dev.howdah.pump.Waits;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One of the connections that a subscription has, one after the other. Safe for several threads. */
final class SubscriptionLink {

    private static final Logger LOG = System.getLogger(SubscriptionLink.class.getName());

    private final PgConnection db;
    private final Core core;
    private final Notifications notifications;
    private final SubscriptionChannels channels;
    private final InstantSource clock;
    /** What the server listens on. Used only in the connection's turn. */
    private Set<String> listening = Set.of();

    private long dropped;
    private volatile Instant proven;
    private volatile @Nullable PgException failure;

    private SubscriptionLink(PgConnection db, Core core, SubscriptionChannels channels, InstantSource clock) {
        this.db = db;
        this.core = core;
        this.notifications = db.notifications();
        this.channels = channels;
        this.clock = clock;
        this.proven = clock.instant();
    }

    /**
     * Returns the options as a subscription needs them: a server that is no standby, for a standby refuses LISTEN, and no
     * try without end.
     *
     * @throws ConfigException if they want a standby
     */
    static ConnectOptions options(ConnectOptions given) {
        String target = given.targetSessionAttrs();
        if (target.equals("standby") || target.equals("read-only")) {
            throw new ConfigException(
                    "target_session_attrs", "a standby refuses LISTEN: a subscription takes primary or read-write");
        }
        ConnectOptionsBuilder options = given.toBuilder();
        if (!target.equals("read-write")) {
            options.option("target_session_attrs", "primary");
        }
        if (given.connectTimeout() == null) {
            options.option("connect_timeout", "10");
        }
        return options.build();
    }

    /** Connects. */
    static SubscriptionLink open(ConnectOptions options, SubscriptionChannels channels, InstantSource clock) {
        Core[] core = new Core[1];
        ConnectionFactory<PgConnection> factory = opened -> {
            core[0] = opened.core();
            return new PgConnection(opened);
        };
        PgConnection db = Howdah.connect(options, factory, Waits.USUAL, Events.Watch.WHEN_WANTED);
        return new SubscriptionLink(db, Objects.requireNonNull(core[0]), channels, clock);
    }

    /**
     * Listens on all channels that are wanted.
     *
     * @param timeout how long it may take
     */
    void begin(Duration timeout) {
        inTurn(this::listen, CallLimits.within(timeout));
        proven = clock.instant();
    }

    ConnectionInfo info() {
        return db.info();
    }

    /** Returns a moment: all that was committed before it has arrived, or was never to. */
    Instant proven() {
        return proven;
    }

    /** Returns why this connection is of no use although the server holds it, or null. */
    @Nullable
    PgException failure() {
        return failure;
    }

    /**
     * Has the server listen on what is wanted now, if it does not yet. Does not fail: a connection that cannot do it is
     * given up, and the next listens on all; if the thread is interrupted, the next probe does it.
     */
    void follow() {
        attempt(() -> inTurn(this::listen, CallLimits.NONE));
    }

    /** Asks the server for a sign of life, on a thread of its own; by the way it follows. */
    void probe(Runnable answered) {
        Thread.ofVirtual()
                .name("howdah-subscription-probe")
                .start(() -> attempt(() -> {
                    Instant[] asked = new Instant[1];
                    inTurn(
                            limits -> {
                                asked[0] = clock.instant();
                                if (!listen(limits)) {
                                    core.command("", limits);
                                }
                            },
                            CallLimits.NONE);
                    proven = Objects.requireNonNull(asked[0]);
                    answered.run();
                }));
    }

    private void attempt(Runnable work) {
        try {
            work.run();
        } catch (InterruptedWaitException e) {
            LOG.log(Level.DEBUG, "interrupted; the next probe will do it", e);
        } catch (ConnectionLostException | ConnectionClosedException e) {
            LOG.log(Level.DEBUG, "a subscription's connection is gone, as whoever waits for notifications learns", e);
        } catch (PgException e) {
            failure = e;
            db.close();
        }
    }

    /** What is done in the connection's turn, within limits. */
    private interface Work {
        void run(CallLimits limits);
    }

    private void inTurn(Work work, CallLimits limits) {
        core.pump().inTurn(limits, () -> work.run(limits));
    }

    /** Listens on what is wanted and no longer on what is not, in one transaction; returns whether there was something to do. */
    private boolean listen(CallLimits limits) {
        Set<String> wanted = channels.names();
        StringBuilder script = new StringBuilder();
        append(script, "listen ", wanted, listening);
        append(script, "unlisten ", listening, wanted);
        if (script.isEmpty()) {
            return false;
        }
        core.command(script.toString(), limits);
        listening = wanted;
        return true;
    }

    private static void append(StringBuilder script, String command, Set<String> these, Set<String> butNotThose) {
        Set<String> names = new TreeSet<>(these);
        names.removeAll(butNotThose);
        for (String name : names) {
            script.append(command).append(ServerName.quoted("a channel", name)).append(';');
        }
    }

    /**
     * Waits for notifications, and takes all that have come. For one thread.
     *
     * @return empty if none came in time
     * @throws PgException why the connection was lost, once all that arrived before has been taken
     */
    List<Notification> take(Duration timeout) {
        Notification first = notifications.poll(timeout);
        if (first == null) {
            return List.of();
        }
        List<Notification> all = new ArrayList<>();
        all.add(first);
        all.addAll(notifications.drain());
        return all;
    }

    /** Returns how many the connection could not keep since this was asked last. For one thread. */
    long newlyDropped() {
        long before = dropped;
        dropped = notifications.dropped();
        return dropped - before;
    }

    void close() {
        db.close();
    }

    /** Gives up a connection that does not answer: closing it may take a while, and nobody waits for that. */
    void abandon() {
        Thread.ofVirtual().name("howdah-subscription-close").start(db::close);
    }
}
