package dev.howdah;

import dev.howdah.sql.SqlScanner;
import dev.howdah.sql.SqlToken;
import dev.howdah.sql.SqlToken.Kind;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes of an INSERT of one VALUES row one that makes its rows of arrays: {@code insert into t values ($1, lower($2))}
 * becomes {@code insert into t select r.p1, lower(r.p2) from (select unnest($1) as p1, unnest($2) as p2) as r}. Works on
 * tokens, so strings, names and comments stay what they are. No name of a type is in it.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-insert.html">INSERT</a>
 * @see <a href="https://www.postgresql.org/docs/current/xfunc-sql.html#XFUNC-SQL-FUNCTIONS-RETURNING-SET">Set-returning
 *     functions in the select list</a>
 */
final class ArrayInsert {

    private static final String ROWS = "howdah_rows";

    private final String sql;
    private final List<SqlToken> tokens;
    private final List<SqlToken> code;

    private ArrayInsert(String sql, boolean standardConformingStrings) {
        this.sql = sql;
        this.tokens = SqlScanner.scan(sql, standardConformingStrings);
        this.code = tokens.stream()
                .filter(t -> t.kind() != Kind.SPACE && t.kind() != Kind.COMMENT)
                .toList();
    }

    /**
     * Rewrites a statement.
     *
     * @return null if it is no INSERT of VALUES
     * @throws IllegalArgumentException if it is one that cannot be rewritten
     */
    static @Nullable String rewrite(String sql, boolean standardConformingStrings) {
        return new ArrayInsert(sql, standardConformingStrings).rewrite();
    }

    private @Nullable String rewrite() {
        int values = values();
        if (values < 0) {
            return null;
        }
        int open = values + 1;
        int close = closing(open);
        if (close + 1 < code.size() && is(close + 1, ",")) {
            throw refused("it has more than one row of VALUES");
        }
        int parameters = 0;
        for (int i = 0; i < code.size(); i++) {
            SqlToken token = code.get(i);
            boolean inside = i > open && i < close;
            if (token.kind() == Kind.PARAMETER) {
                if (!inside) {
                    throw refused("its parameter " + token.text() + " is outside of the row of VALUES");
                }
                parameters = Math.max(parameters, token.parameter());
            } else if (inside && isWord(i, "default")) {
                throw refused("DEFAULT stands in its row of VALUES");
            }
        }
        if (parameters == 0) {
            throw refused("it has no parameters");
        }
        return sql.substring(0, code.get(values).start())
                + "select " + row(code.get(open).end(), code.get(close).start())
                + " from (select " + unnested(parameters) + ") as " + ROWS
                + sql.substring(code.get(close).end());
    }

    /** Returns where VALUES stands if this is INSERT INTO some table, maybe its columns, VALUES (; else -1. */
    private int values() {
        if (!isWord(0, "insert") || !isWord(1, "into")) {
            return -1;
        }
        // The name of the table may be the word VALUES itself.
        int at = 3;
        while (is(at, ".")) {
            at += 2;
        }
        int depth = 0;
        for (; at < code.size(); at++) {
            if (is(at, "(")) {
                depth++;
            } else if (is(at, ")")) {
                depth--;
            } else if (depth == 0 && isWord(at, "values") && is(at + 1, "(")) {
                return at;
            } else if (depth == 0 && isWord(at, "select")) {
                return -1;
            }
        }
        return -1;
    }

    private int closing(int open) {
        int depth = 0;
        for (int i = open; i < code.size(); i++) {
            if (is(i, "(")) {
                depth++;
            } else if (is(i, ")") && --depth == 0) {
                return i;
            }
        }
        throw refused("its row of VALUES does not end");
    }

    private String row(int from, int to) {
        StringBuilder row = new StringBuilder();
        for (SqlToken token : tokens) {
            if (token.start() >= from && token.start() < to) {
                row.append(token.kind() == Kind.PARAMETER ? ROWS + ".p" + token.parameter() : token.text());
            }
        }
        return row.toString();
    }

    private static String unnested(int parameters) {
        return IntStream.rangeClosed(1, parameters)
                .mapToObj(i -> "pg_catalog.unnest($" + i + ") as p" + i)
                .reduce((a, b) -> a + ", " + b)
                .orElseThrow();
    }

    private boolean is(int at, String symbol) {
        return at < code.size()
                && code.get(at).kind() == Kind.SYMBOL
                && code.get(at).text().equals(symbol);
    }

    private boolean isWord(int at, String word) {
        return at < code.size()
                && code.get(at).kind() == Kind.WORD
                && code.get(at).text().equalsIgnoreCase(word);
    }

    private static IllegalArgumentException refused(String why) {
        return new IllegalArgumentException(
                "the statement cannot be run with arrays: " + why + "; BatchMode.PIPELINED runs it");
    }
}
