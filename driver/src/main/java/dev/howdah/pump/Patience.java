package dev.howdah.pump;

/**
 * Whether a thread should look once before it waits: a server on the same machine may have answered before the request's system call returns,
 * and nobody need be waked. Where that does not help it is tried now and then. Used by the thread that has the turn.
 */
final class Patience {

    /** How many waits are left out before it is tried again. */
    static final int LEFT_OUT = 15;
    /** What a success counts in failures: a wait takes several times what looking does. */
    private static final int SUCCESS = 8;

    private static final int MOST = 64;

    private int score = SUCCESS;
    private int leaveOut;

    /** Returns whether to look before this wait. */
    boolean isWorthwhile() {
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
