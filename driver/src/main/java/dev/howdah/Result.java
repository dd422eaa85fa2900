package dev.howdah;

import dev.howdah.session.QueryResult;

/** What one statement yielded. Immutable and safe for several threads. */
public final class Result {

    private final QueryResult result;

    Result(QueryResult result) {
        this.result = result;
    }

    /** Returns how the server said the command ended, such as {@code INSERT 0 5}; empty if the text had no statement. */
    public String commandTag() {
        return result.command() == null ? "" : result.command().tag();
    }

    /** Returns how many rows the command returned or affected; -1 if it says nothing of that, as CREATE TABLE. */
    public long rowCount() {
        return result.command() == null ? -1 : result.command().rowCount();
    }

    /** Returns whether the statement has a result set, be it empty. */
    public boolean hasRows() {
        return result.shape() != null;
    }

    /** Returns the rows; none if the statement has no result set. */
    public Rows rows() {
        return Rows.of(result);
    }

    /** Returns the command tag. */
    @Override
    public String toString() {
        return commandTag();
    }
}
