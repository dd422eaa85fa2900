package dev.howdah.session;

import java.util.Locale;
import java.util.Set;

/**
 * The word that an SQL text begins with, comments left out.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-COMMENTS">Comments</a>
 */
public final class LeadingKeyword {

    private static final Set<String> ENDS = Set.of("commit", "end", "rollback", "abort", "prepare");

    private final String sql;
    private int at;

    private LeadingKeyword(String sql) {
        this.sql = sql;
    }

    /** Returns whether the first statement is COMMIT or its other name, END. */
    public static boolean isCommit(String sql) {
        String word = new LeadingKeyword(sql).find();
        return word.equalsIgnoreCase("commit") || word.equalsIgnoreCase("end");
    }

    /** Returns whether the first statement is PREPARE or PREPARE TRANSACTION. */
    public static boolean isPrepare(String sql) {
        return new LeadingKeyword(sql).find().equalsIgnoreCase("prepare");
    }

    /**
     * Returns whether what the first statement yields depends on something that another statement may change, a cursor or a
     * prepared statement: the server does not tell when a description of it is outdated.
     */
    static boolean isIndirect(String sql) {
        String word = new LeadingKeyword(sql).find();
        return word.equalsIgnoreCase("fetch") || word.equalsIgnoreCase("execute");
    }

    /**
     * Returns whether the statement only reads or changes rows: what it does to the session, if anything, does not change
     * what a statement behind it means. Others may begin a transaction, or a COPY that takes what follows for data.
     */
    static boolean isPlain(String sql) {
        String word = new LeadingKeyword(sql).find();
        return switch (word.length()) {
            case 4 -> word.equalsIgnoreCase("with");
            case 5 -> word.equalsIgnoreCase("table") || word.equalsIgnoreCase("merge");
            case 6 ->
                word.equalsIgnoreCase("select")
                        || word.equalsIgnoreCase("insert")
                        || word.equalsIgnoreCase("update")
                        || word.equalsIgnoreCase("delete")
                        || word.equalsIgnoreCase("values");
            default -> false;
        };
    }

    /** Returns whether the first statement is COPY. */
    static boolean isCopy(String sql) {
        return new LeadingKeyword(sql).find().equalsIgnoreCase("copy");
    }

    /**
     * Returns whether nothing may be sent behind the first statement before it is answered: in the middle of a COPY the
     * server ends the connection, and DISCARD and DEALLOCATE may drop what later statements are prepared as.
     */
    static boolean standsAlone(String sql) {
        String word = new LeadingKeyword(sql).find();
        return word.equalsIgnoreCase("copy") || word.equalsIgnoreCase("discard") || word.equalsIgnoreCase("deallocate");
    }

    /** Returns whether the first statement may end a transaction. */
    static boolean endsTransaction(String sql) {
        String word = new LeadingKeyword(sql).find();
        return ENDS.contains(word.toLowerCase(Locale.ROOT));
    }

    private String find() {
        while (at < sql.length()) {
            if (Character.isWhitespace(sql.charAt(at)) || sql.charAt(at) == ';') {
                at++;
            } else if (sql.startsWith("--", at)) {
                skipLine();
            } else if (sql.startsWith("/*", at)) {
                skipComment();
            } else {
                break;
            }
        }
        int start = at;
        while (at < sql.length() && Character.isLetter(sql.charAt(at))) {
            at++;
        }
        return sql.substring(start, at);
    }

    private void skipLine() {
        while (at < sql.length() && sql.charAt(at) != '\n' && sql.charAt(at) != '\r') {
            at++;
        }
    }

    /** Comments of this kind nest. */
    private void skipComment() {
        int depth = 0;
        do {
            if (sql.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (sql.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else {
                at++;
            }
        } while (depth > 0 && at < sql.length());
    }
}
