package dev.howdah.session;

/**
 * A conversation that needs the session for single exchanges only: those of other conversations may be sent before, between
 * and behind its own, while none of them has been answered. Its exchanges are never full nor suspended, and change nothing
 * in the session that another exchange behind them could trip over.
 *
 * @param <R> what it yields
 */
public interface Shareable<R> extends Conversation<R> {

    /** Returns whether this one may be shared; if not, it is a conversation like any other. */
    boolean mayShare();

    /** Begins anew: what was sent has been undone by the server. */
    void restart();
}
