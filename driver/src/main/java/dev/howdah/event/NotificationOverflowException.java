package dev.howdah.event;

/**
 * A subscriber to notifications asked for them more slowly than they came, until its buffer was full. Its subscription has
 * ended, so that it cannot miss some without knowing it; what has waited for it is gone. Immutable.
 */
public final class NotificationOverflowException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** How many notifications were waiting. */
    private final int lost;

    /**
     * Reports a subscriber that is too slow.
     *
     * @param lost how many notifications it will not get that have come already, at least 1
     */
    public NotificationOverflowException(int lost) {
        super("The subscriber asked for notifications more slowly than they came: " + lost
                + " that had come are lost to it, and so is what comes from now on; subscribe again, and ask for more"
                + " at a time or raise notificationQueue");
        this.lost = lost;
    }

    /** Returns how many notifications had come that the subscriber did not get. */
    public int lost() {
        return lost;
    }
}
