package dev.howdah.replication;

/**
 * The oldest transactions that a standby's queries, or whoever stands behind a receiver, can still see: until they say something else the
 * server does not remove rows that those see. Both have 64 bits, as {@code pg_current_snapshot()} gives them; 0 is none. Immutable.
 *
 * @param xmin for ordinary tables
 * @param catalogXmin for the system catalogs only
 * @see <a href="https://www.postgresql.org/docs/current/runtime-config-replication.html#GUC-HOT-STANDBY-FEEDBACK">hot_standby_feedback</a>
 */
public record StandbyFeedback(long xmin, long catalogXmin) {

    /** Holds back nothing any more. */
    public static final StandbyFeedback NONE = new StandbyFeedback(0, 0);

    /** Returns one that holds back the rows which a transaction and those after it can see, of all tables. */
    public static StandbyFeedback xmin(long xmin) {
        return new StandbyFeedback(xmin, 0);
    }
}
