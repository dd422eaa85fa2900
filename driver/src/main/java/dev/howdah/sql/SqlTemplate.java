package dev.howdah.sql;

import dev.howdah.sql.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;

/** Finds slots and parameters in SQL text, where it is code. */
final class SqlTemplate {

    private final List<SqlToken> tokens;
    private final List<SqlPart> parts = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private boolean openComment;

    private SqlTemplate(List<SqlToken> tokens) {
        this.tokens = tokens;
    }

    /** Takes a text with slots apart; {@code :name} is a placeholder if asked for. */
    static List<SqlPart> parse(String sql, boolean named) {
        return new SqlTemplate(named ? SqlScanner.scanNamed(sql, true) : SqlScanner.scan(sql, true)).run(true);
    }

    /** Finds {@code $n} only; braces are as they are. */
    static List<SqlPart> parameters(String sql, boolean standardConformingStrings) {
        return new SqlTemplate(SqlScanner.scan(sql, standardConformingStrings)).run(false);
    }

    private List<SqlPart> run(boolean slots) {
        for (int i = 0; i < tokens.size(); i++) {
            SqlToken token = tokens.get(i);
            openComment = token.kind() == Kind.COMMENT && token.text().startsWith("--");
            if (token.kind() == Kind.PARAMETER) {
                add(new SqlPart.Numbered(token.parameter()));
            } else if (token.kind() == Kind.NAMED) {
                add(new SqlPart.Piece(Placeholder.of(token.name())));
            } else if (slots && (token.is("{") || token.is("}"))) {
                i += brace(i);
            } else {
                text.append(token.text());
            }
        }
        flush();
        return List.copyOf(parts);
    }

    /** Reads a slot or a doubled brace and returns how many tokens more than one that took. */
    private int brace(int i) {
        SqlToken brace = tokens.get(i);
        if (isSymbol(i + 1, brace.text())) {
            text.append(brace.text());
            return 1;
        }
        if (brace.is("{")) {
            if (isSymbol(i + 1, "}")) {
                add(new SqlPart.Slot(null, -1));
                return 1;
            }
            if (isSymbol(i + 2, "}")) {
                SqlToken inner = tokens.get(i + 1);
                if (inner.kind() == Kind.WORD) {
                    add(new SqlPart.Slot(inner.text(), -1));
                    return 2;
                } else if (inner.kind() == Kind.NUMBER && inner.text().matches("[0-9]{1,5}")) {
                    add(new SqlPart.Slot(null, Integer.parseInt(inner.text())));
                    return 2;
                }
            }
        }
        throw new IllegalArgumentException("the brace at index " + brace.start()
                + " makes no slot; slots are {}, {0} and {name}, and a brace itself is doubled");
    }

    private boolean isSymbol(int i, String symbol) {
        return i < tokens.size() && tokens.get(i).is(symbol);
    }

    private void add(SqlPart part) {
        flush();
        parts.add(part);
    }

    private void flush() {
        if (!text.isEmpty()) {
            parts.add(new SqlPart.Text(text.toString(), openComment));
            text.setLength(0);
        }
    }
}
