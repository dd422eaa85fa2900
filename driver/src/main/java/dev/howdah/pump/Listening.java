package dev.howdah.pump;

import dev.howdah.error.ProtocolException;
import dev.howdah.session.Session;
import dev.howdah.transport.Transport;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Hears what the server says unasked while nobody uses the connection: the loop does, or a {@link WatchingThread}, or, while it comes in
 * bulk, a {@link BulkReader}. Each has the turn while it reads, and gives way to callers.
 */
final class Listening {

    private static final Logger LOG = System.getLogger(Listening.class.getName());

    private final Session session;
    private final Transport transport;
    private final Waiting waiting;
    private final Traffic traffic;
    private final PumpListener listener;
    private final Host host;
    private final BulkReader bulk;
    /** Who has the turn reads in bulk, and hands on what comes; his own. */
    private boolean handsOn;

    /** The pump, as far as hearing needs it. */
    interface Host {

        /** Takes the turn if nobody has it. */
        boolean tryAcquire();

        /** Gives the turn back, and does what is due between two operations. */
        void release();

        /** Gives the turn back on the loop, where nothing may wait. */
        void releaseOnly();

        /** Returns whether something is due between two operations. */
        boolean isUpkeepDue();

        /** Is told that something may have been heard; the caller has the turn. */
        void heard();
    }

    Listening(
            Session session, Transport transport, Waiting waiting, Traffic traffic, PumpListener listener, Host host) {
        this.session = session;
        this.transport = transport;
        this.waiting = waiting;
        this.traffic = traffic;
        this.listener = listener;
        this.host = host;
        this.bulk = new BulkReader(new Bulky(), Bulk.of(transport.channel()), System::nanoTime);
    }

    /** Returns whether anybody wants to hear what comes. */
    boolean isWanted() {
        return session.isOpen() && !session.isFull() && !bulk.isReading() && listener.wantsWatch();
    }

    /** Watches the connection while nobody uses it, so that what the server says unasked is heard at once. */
    void watchIfWanted() {
        try {
            waiting.watch(this::isWanted, this::readable);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "an idle connection cannot be watched any more", e);
        }
    }

    /** Takes what has arrived, without waiting, and returns how many bytes it was; -1 if somebody is at it, who will. */
    long hear() {
        return hear(false);
    }

    private long hear(boolean inBulk) {
        if (!host.tryAcquire()) {
            return -1;
        }
        long count = 0;
        handsOn = inBulk;
        try {
            do {
                count += hearNow();
            } while (hasMore());
        } finally {
            handsOn = false;
            host.release();
        }
        return count;
    }

    /** Runs on the loop, where nothing may wait: hears what came unasked, unless a caller is at it. */
    private void readable() {
        if (!host.tryAcquire()) {
            return;
        }
        long count = 0;
        boolean more = false;
        try {
            count = hearNow();
            more = hasMore();
        } finally {
            host.releaseOnly();
            if (more || host.isUpkeepDue()) {
                Thread.ofVirtual().name("howdah-events").start(this::hear);
            }
            bulk.came(count);
            watchIfWanted();
        }
    }

    private boolean hasMore() {
        return session.isOpen() && !session.isFull() && transport.hasBuffered();
    }

    /** Takes what has arrived; the caller has the turn. Returns how many bytes it was. */
    long hearNow() {
        long count = 0;
        try {
            if (session.isOpen()) {
                count = traffic.hear(handsOn);
            }
        } catch (IOException e) {
            session.endOfStream(e);
        } catch (ProtocolException e) {
            LOG.log(Level.DEBUG, "the server broke the protocol while idle", e);
        }
        host.heard();
        return count;
    }

    /** Returns whether who reads hands on himself what he has read, when he has given back the turn; asked by him. */
    boolean handsOn() {
        return handsOn;
    }

    /** Asks the listener again whether to watch, and does what has become due, unless somebody is at it, who will. */
    void refresh() {
        if (host.tryAcquire()) {
            host.release();
        }
    }

    /** What the reader of a bulk does. */
    private final class Bulky implements BulkReader.Work {
        @Override
        public long hear() {
            return Listening.this.hear(true);
        }

        @Override
        public void handOn() {
            listener.handOn();
        }

        @Override
        public void over() {
            refresh();
        }

        @Override
        public void relieved() {
            watchIfWanted();
        }

        @Override
        public void tick(Ticks.Ticker ticker, long nanos) {
            Loop.SHARED.tick(ticker, nanos);
        }
    }
}
