package dev.howdah.session;

import org.jspecify.annotations.Nullable;

/**
 * An operation of several exchanges, one after the other: each is made when the one before has ended. Nothing of it
 * waits, so every face runs the same conversations.
 *
 * @param <R> what it yields
 */
public interface Conversation<R> {

    /**
     * Returns the exchange to run next, or null when the conversation has ended. Parameters are encoded here, so codecs
     * of the user's may run; the caller holds no lock that guards the session's bytes.
     *
     * @throws dev.howdah.error.PgException why the operation failed; nothing of it is under way then
     */
    @Nullable
    Exchange<?> next();

    /**
     * Gives the exchange that runs more to send, or takes from it what has arrived; called when it is {@linkplain
     * Exchange#suspended() suspended} and all it had has been sent, and when it is {@linkplain Exchange#isFull() full}. What is thrown here must leave the exchange able to end; it is passed on when it has ended.
     */
    default void feed() {
        throw new IllegalStateException("nothing more can be sent");
    }

    /**
     * Returns whether it goes on with what an earlier one has left under way: a cancel that came in between is meant for it,
     * too.
     */
    default boolean continues() {
        return false;
    }

    /**
     * Leaves the exchange that runs, because its caller does not wait any longer: his time is up, or he was interrupted. Then
     * nothing is cancelled, and the call ends well; what it yields says so.
     *
     * @return false if it cannot be left: it has to be cancelled
     */
    default boolean leave() {
        return false;
    }

    /** Returns what the conversation yielded, after {@link #next()} returned null. */
    R result();

    /** Returns a conversation that has ended before it began. */
    static Conversation<Boolean> nothing() {
        return new Conversation<>() {
            @Override
            public @Nullable Exchange<?> next() {
                return null;
            }

            @Override
            public Boolean result() {
                return true;
            }
        };
    }

    /** Returns a conversation of one exchange. */
    static <R> Conversation<R> of(Exchange<R> exchange) {
        return new Conversation<>() {
            private boolean begun;

            @Override
            public @Nullable Exchange<?> next() {
                if (begun) {
                    return null;
                }
                begun = true;
                return exchange;
            }

            @Override
            public R result() {
                return exchange.result();
            }
        };
    }
}
