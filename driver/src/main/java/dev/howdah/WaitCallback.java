package dev.howdah;

/**
 * Waits for the server in place of the driver, for example by letting a scheduler run something else meanwhile: set for
 * the process by {@link Howdah#setWaitCallback}, or for a connection by {@link ConnectOptionsBuilder#waitCallback}.
 * Everything else stays as it is: calls return when they have their result.
 *
 * <p>It is called on the thread that waits, several times in one call perhaps, also while connecting, while the connection
 * is held by that call: it must not use it for anything else. If it returns too early it is called again.
 *
 * <p>When the thread is interrupted, what it is given says {@link PollState#OK}: the interrupt is the driver's to act on,
 * it cancels the statement. What the callback throws is thrown by the call that waits, once the statement has been
 * cancelled and the server has said so; the connection stays usable unless the server does not, within 5 seconds. While
 * connecting, it ends the attempt.
 */
@FunctionalInterface
public interface WaitCallback {

    /**
     * Waits until {@link Pollable#poll()} returns {@link PollState#OK}.
     *
     * @param connection what to poll, during this call only
     */
    void await(Pollable connection);

    /**
     * Returns a callback that waits in a selector, which is the driver's own way. It also drives a {@link
     * PollingConnection} until nothing is under way; there an interrupt cancels what is, once, and stays set.
     */
    static WaitCallback select() {
        return SelectorCallback.INSTANCE;
    }
}
