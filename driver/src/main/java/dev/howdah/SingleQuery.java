package dev.howdah;

import dev.howdah.sql.SqlScanner;
import dev.howdah.sql.SqlToken;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Tells a text that is one statement which can return rows from every other. */
final class SingleQuery {

    /**
     * What such a statement begins with. FETCH and EXECUTE are not among them: what they return may be something else the
     * next time, which a statement that is described once and kept would not notice.
     */
    private static final Set<String> KEYWORDS = Set.of(
            "select", "with", "values", "table", "insert", "update", "delete", "merge", "show", "explain", "call");

    private SingleQuery() {}

    /** Returns whether it is; false as well for a text with a string or comment that never ends, which the server refuses. */
    static boolean is(String sql, boolean standardConformingStrings) {
        List<SqlToken> tokens;
        try {
            tokens = SqlScanner.scan(sql, standardConformingStrings).stream()
                    .filter(t -> t.kind() != SqlToken.Kind.SPACE && t.kind() != SqlToken.Kind.COMMENT)
                    .toList();
        } catch (IllegalArgumentException e) {
            return false;
        }
        int first = 0;
        while (first < tokens.size() && isSymbol(tokens.get(first), "(")) {
            first++;
        }
        int end = tokens.size();
        while (end > first && isSymbol(tokens.get(end - 1), ";")) {
            end--;
        }
        return first < end
                && tokens.get(first).kind() == SqlToken.Kind.WORD
                && KEYWORDS.contains(tokens.get(first).text().toLowerCase(Locale.ROOT))
                && tokens.subList(first, end).stream().noneMatch(t -> isSymbol(t, ";"));
    }

    private static boolean isSymbol(SqlToken token, String symbol) {
        return token.kind() == SqlToken.Kind.SYMBOL && token.text().equals(symbol);
    }
}
