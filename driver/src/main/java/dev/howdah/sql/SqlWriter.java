package dev.howdah.sql;

import dev.howdah.sql.SqlToken.Kind;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts SQL together from code and what is inserted into it, such that each insertion is read as what it is: spaces and
 * parentheses keep it apart from its neighbours, and at the end the whole is scanned as the server will do it.
 */
final class SqlWriter {

    /** What an insertion is, which decides what may stand beside it. */
    enum Insertion {
        /** A name in double quotes. */
        IDENTIFIER,
        /** {@code $1}. */
        PARAMETER,
        /** A constant without a cast. */
        CONSTANT,
        /** A constant with a cast, whose type could take up what follows. */
        CAST,
        /** SQL of the user's. */
        RAW
    }

    private static final String SAFE_BEFORE = "(,=[<>+*/|~^%!@#?-:;{";
    private static final String SAFE_AFTER_CAST = ",);=<>+-*/|";
    private static final String SAFE_BEFORE_RAW = "(,[";
    private static final String SAFE_AFTER_RAW = "),];";

    private final StringBuilder out = new StringBuilder();
    private final List<int[]> inserted = new ArrayList<>();
    private @Nullable String pending;
    private Insertion pendingKind = Insertion.CONSTANT;
    private boolean openComment;

    /** Writes code; a comment to the end of the line may be open at its end. */
    void code(String sql, boolean endsInComment) {
        if (sql.isEmpty()) {
            return;
        }
        closeComment();
        flush(sql);
        out.append(sql);
        openComment = endsInComment;
    }

    /** Writes what is to be read on its own. */
    void insert(Insertion kind, String text) {
        closeComment();
        flush(text);
        pending = text;
        pendingKind = kind;
    }

    /** An open comment ends where something follows. */
    private void closeComment() {
        if (openComment) {
            out.append('\n');
            openComment = false;
        }
    }

    private void flush(String next) {
        String text = pending;
        if (text == null) {
            return;
        }
        pending = null;
        if (!out.isEmpty() && !safeBefore(out.charAt(out.length() - 1))) {
            out.append(' ');
        }
        boolean wrapped = wraps(text, next);
        int start = out.length();
        out.append(wrapped ? "(" : "").append(text).append(wrapped ? ")" : "");
        inserted.add(new int[] {start, out.length()});
        if (!wrapped && !next.isEmpty() && parted(next.charAt(0))) {
            out.append(' ');
        }
    }

    private boolean safeBefore(char c) {
        if (pendingKind == Insertion.RAW) {
            return SqlScanner.isSpace(c) || SAFE_BEFORE_RAW.indexOf(c) >= 0;
        }
        return SqlScanner.isSpace(c) || SAFE_BEFORE.indexOf(c) >= 0 || c == '.' && pendingKind == Insertion.IDENTIFIER;
    }

    private boolean parted(char c) {
        if (pendingKind == Insertion.RAW) {
            return !SqlScanner.isSpace(c) && SAFE_AFTER_RAW.indexOf(c) < 0;
        }
        return SqlScanner.continuesWord(c) || c == '\'' || c == '"';
    }

    private boolean wraps(String text, String next) {
        if (pendingKind == Insertion.IDENTIFIER || pendingKind == Insertion.PARAMETER || pendingKind == Insertion.RAW) {
            return false;
        }
        if (text.charAt(0) == '\'' && last() == '\'') {
            return true;
        }
        int i = 0;
        while (i < next.length() && SqlScanner.isSpace(next.charAt(i))) {
            i++;
        }
        if (i == next.length()) {
            // More may follow than this piece of code; only a constant without a cast is the same beside anything.
            return pendingKind == Insertion.CAST && i > 0;
        }
        char c = next.charAt(i);
        if (pendingKind == Insertion.CONSTANT) {
            return c == '[' || c == '.' || c == '(' || c == '\'';
        }
        if (next.startsWith("--", i) || next.startsWith("/*", i)) {
            return true;
        }
        return SAFE_AFTER_CAST.indexOf(c) < 0 && !next.startsWith("::", i);
    }

    /** Returns the last char that is not white space, U+0000 if there is none. */
    private char last() {
        for (int i = out.length() - 1; i >= 0; i--) {
            if (!SqlScanner.isSpace(out.charAt(i))) {
                return out.charAt(i);
            }
        }
        return 0;
    }

    /**
     * Returns the whole.
     *
     * @throws IllegalArgumentException if something inserted would be read as part of something else
     */
    String finish(boolean standardConformingStrings) {
        flush("");
        String sql = out.toString();
        if (!inserted.isEmpty()) {
            verify(sql, standardConformingStrings);
        }
        return sql;
    }

    private void verify(String sql, boolean standardConformingStrings) {
        BitSet boundaries = new BitSet(sql.length() + 1);
        for (SqlToken token : SqlScanner.scan(sql, standardConformingStrings)) {
            if (token.kind() != Kind.SPACE) {
                boundaries.set(token.start());
                boundaries.set(token.end());
            }
        }
        for (int[] range : inserted) {
            if (!boundaries.get(range[0]) || !boundaries.get(range[1])) {
                throw new IllegalArgumentException("what was inserted at index " + range[0]
                        + " of the composed text would be read as part of a string, a name or a comment;"
                        + " write strings with a backslash as E'...'");
            }
        }
    }
}
