package dev.howdah.pump;

/**
 * Whether a virtual thread should let others run once before it waits: where many are at work, what it waits for has often come by then, and
 * the system is not asked to wake anybody. Where that does not help it is tried now and then. Used by the thread that has the turn.
 */
final class Patience {

    /** How many waits are left out before it is tried again. */
    static final int LEFT_OUT = 15;
    /** What a success counts in failures: it is worth some, and the more who try, the more succeed. */
    private static final int SUCCESS = 8;

    private static final int MOST = 64;

    private int score = SUCCESS;
    private int leaveOut;

    /** Returns whether to let others run before this wait. */
    boolean isWorthwhile() {
        if (!Thread.currentThread().isVirtual()) {
            return false;
        }
        if (leaveOut > 0) {
            leaveOut--;
            return false;
        }
        return true;
    }

    /**
     * Called after that.
     *
     * @param come whether something had come
     */
    void tried(boolean come) {
        score = come ? Math.min(score + SUCCESS, MOST) : score - 1;
        if (score <= 0) {
            score = 1;
            leaveOut = LEFT_OUT;
        }
    }
}
