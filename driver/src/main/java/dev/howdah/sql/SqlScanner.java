package dev.howdah.sql;

import dev.howdah.sql.SqlToken.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Cuts SQL text into tokens by PostgreSQL's own rules, so that what is code can be told from what is text, name or
 * comment. It knows nothing of grammar: what the server would refuse as a syntax error may pass here. The tokens one
 * after another are the text, without a gap.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-syntax-lexical.html">Lexical structure</a>
 */
public final class SqlScanner {

    private static final Pattern NUMBER = Pattern.compile(
            "0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:[0-9][0-9_]*(?:\\.(?!\\.)[0-9_]*)?|\\.[0-9][0-9_]*)"
                    + "(?:[eE][+-]?[0-9][0-9_]*)?");

    private static final int NON_ASCII = 0x80;

    /** How a string constant ends. */
    private enum Quoting {
        /** Two quotes stand for one. */
        DOUBLED,
        /** The same, and a backslash makes the next character harmless. */
        BACKSLASH,
        /** The next quote ends it: bits. */
        NEXT
    }

    /** What an open bracket is, as far as a colon in it is concerned. */
    private enum Bracket {
        PARENTHESIS,
        /** ARRAY[...]. */
        CONSTRUCTOR,
        /** A subscript; the next colon makes it a slice. */
        SUBSCRIPT,
        /** A subscript whose colon has been seen. */
        SLICE
    }

    private final String sql;
    private final Quoting plain;
    private final boolean named;
    private final List<SqlToken> tokens = new ArrayList<>();
    private final Deque<Bracket> brackets = new ArrayDeque<>();
    private @Nullable SqlToken before;
    private int at;

    private SqlScanner(String sql, boolean standardConformingStrings, boolean named) {
        this.sql = sql;
        this.plain = standardConformingStrings ? Quoting.DOUBLED : Quoting.BACKSLASH;
        this.named = named;
        int nul = sql.indexOf('\0');
        if (nul >= 0) {
            throw new IllegalArgumentException("SQL cannot contain the character U+0000 (at index " + nul + ")");
        }
    }

    /**
     * Cuts a text.
     *
     * @param sql any number of statements
     * @param standardConformingStrings the session's setting of that name; if off, a backslash in '...' escapes
     * @return all tokens in order; unmodifiable
     * @throws IllegalArgumentException if a string, quoted name or comment never ends, or there is a U+0000
     */
    public static List<SqlToken> scan(String sql, boolean standardConformingStrings) {
        return new SqlScanner(sql, standardConformingStrings, false).run();
    }

    /**
     * Cuts a text in which {@code :name} is a parameter. A colon is none in {@code ::} and {@code :=}, if no letter or
     * underscore follows at once, and where it makes a subscript a slice: the first one in the brackets of {@code a[:n]}.
     *
     * @param sql any number of statements
     * @param standardConformingStrings the session's setting of that name; if off, a backslash in '...' escapes
     * @return all tokens in order; unmodifiable
     * @throws IllegalArgumentException if a string, quoted name or comment never ends, or there is a U+0000
     */
    public static List<SqlToken> scanNamed(String sql, boolean standardConformingStrings) {
        return new SqlScanner(sql, standardConformingStrings, true).run();
    }

    /** Returns whether a name without quotes may begin so. */
    static boolean beginsWord(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= NON_ASCII;
    }

    /** Returns whether a name without quotes may go on so. */
    static boolean continuesWord(char c) {
        return beginsWord(c) || isDigit(c) || c == '$';
    }

    static boolean isSpace(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private List<SqlToken> run() {
        while (at < sql.length()) {
            int start = at;
            Kind kind = next(sql.charAt(at));
            SqlToken token = new SqlToken(kind, sql.substring(start, at), start);
            tokens.add(token);
            if (kind != Kind.SPACE && kind != Kind.COMMENT) {
                bracket(token);
                before = token;
            }
        }
        return List.copyOf(tokens);
    }

    /** Moves behind the token that begins here. */
    private Kind next(char c) {
        if (isSpace(c)) {
            while (isSpace(peek(0)) && at < sql.length()) {
                at++;
            }
            return Kind.SPACE;
        } else if (sql.startsWith("--", at)) {
            skipLineComment();
            return Kind.COMMENT;
        } else if (sql.startsWith("/*", at)) {
            return blockComment();
        } else if (c == '\'') {
            return string(plain);
        } else if (c == '"') {
            return quotedIdentifier(at);
        } else if (c == '$') {
            return dollar();
        } else if (beginsWord(c)) {
            return wordOrPrefix(c);
        } else if (isDigit(c) || c == '.' && isDigit(peek(1))) {
            return number();
        } else if (c == ':') {
            return colon();
        }
        at++;
        return Kind.SYMBOL;
    }

    /** Returns a char from here on, U+0000 beyond the end. */
    private char peek(int distance) {
        return at + distance < sql.length() ? sql.charAt(at + distance) : 0;
    }

    private static int skipLineComment(String sql, int from) {
        int end = from;
        while (end < sql.length() && sql.charAt(end) != '\n' && sql.charAt(end) != '\r') {
            end++;
        }
        return end;
    }

    private void skipLineComment() {
        at = skipLineComment(sql, at);
    }

    private Kind blockComment() {
        int start = at;
        int depth = 0;
        do {
            if (sql.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (sql.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else if (at < sql.length()) {
                at++;
            } else {
                throw endless("comment", start);
            }
        } while (depth > 0);
        return Kind.COMMENT;
    }

    private static IllegalArgumentException endless(String what, int start) {
        return new IllegalArgumentException("the " + what + " that begins at index " + start + " never ends");
    }

    /** Reads a string from its opening quote on, and the parts on further lines that continue it. */
    private Kind string(Quoting quoting) {
        int start = at;
        do {
            at++;
            part(start, quoting);
        } while (continues());
        return Kind.STRING;
    }

    private void part(int start, Quoting quoting) {
        while (at < sql.length()) {
            char c = sql.charAt(at++);
            if (c == '\\' && quoting == Quoting.BACKSLASH) {
                at++;
            } else if (c == '\'') {
                if (quoting == Quoting.NEXT || peek(0) != '\'') {
                    return;
                }
                at++;
            }
        }
        throw endless("string", start);
    }

    /** Moves to the next quote if only white space with a line break, or comments, lie before it. */
    private boolean continues() {
        boolean newline = false;
        int ahead = at;
        while (ahead < sql.length()) {
            char c = sql.charAt(ahead);
            if (isSpace(c)) {
                newline |= c == '\n' || c == '\r';
                ahead++;
            } else if (sql.startsWith("--", ahead)) {
                ahead = skipLineComment(sql, ahead);
            } else {
                break;
            }
        }
        if (!newline || ahead == sql.length() || sql.charAt(ahead) != '\'') {
            return false;
        }
        at = ahead;
        return true;
    }

    private Kind quotedIdentifier(int start) {
        at++;
        while (at < sql.length()) {
            if (sql.charAt(at++) == '"') {
                if (peek(0) != '"') {
                    return Kind.QUOTED_IDENTIFIER;
                }
                at++;
            }
        }
        throw endless("quoted name", start);
    }

    private Kind dollar() {
        int start = at++;
        if (isDigit(peek(0))) {
            while (isDigit(peek(0))) {
                at++;
            }
            return Kind.PARAMETER;
        }
        int end = at;
        if (beginsWord(peek(0))) {
            while (end < sql.length() && continuesWord(sql.charAt(end)) && sql.charAt(end) != '$') {
                end++;
            }
        }
        if (end == sql.length() || sql.charAt(end) != '$') {
            return Kind.SYMBOL;
        }
        String tag = sql.substring(start, end + 1);
        int close = sql.indexOf(tag, end + 1);
        if (close < 0) {
            throw endless("string", start);
        }
        at = close + tag.length();
        return Kind.STRING;
    }

    private Kind wordOrPrefix(char first) {
        char second = peek(1);
        if (second == '\'') {
            switch (first) {
                case 'e', 'E' -> {
                    at++;
                    return string(Quoting.BACKSLASH);
                }
                case 'b', 'B', 'x', 'X' -> {
                    at++;
                    return string(Quoting.NEXT);
                }
                case 'n', 'N' -> {
                    at++;
                    return string(plain);
                }
                default -> {}
            }
        } else if ((first == 'u' || first == 'U') && second == '&' && (peek(2) == '\'' || peek(2) == '"')) {
            int start = at;
            at += 2;
            return peek(0) == '"' ? quotedIdentifier(start) : string(Quoting.DOUBLED);
        }
        while (at < sql.length() && continuesWord(sql.charAt(at))) {
            at++;
        }
        return Kind.WORD;
    }

    private Kind number() {
        Matcher matcher = NUMBER.matcher(sql).region(at, sql.length());
        if (!matcher.lookingAt()) {
            at++;
            return Kind.SYMBOL;
        }
        at = matcher.end();
        return Kind.NUMBER;
    }

    private Kind colon() {
        at++;
        char c = peek(0);
        if (c == ':' || c == '=') {
            at++;
            return Kind.SYMBOL;
        }
        if (named && brackets.peek() == Bracket.SUBSCRIPT) {
            brackets.pop();
            brackets.push(Bracket.SLICE);
            return Kind.SYMBOL;
        }
        if (!named || !beginsWord(c)) {
            return Kind.SYMBOL;
        }
        while (continuesWord(peek(0)) && peek(0) != '$') {
            at++;
        }
        return Kind.NAMED;
    }

    /** Keeps track of the brackets around, which only names need. */
    private void bracket(SqlToken token) {
        if (!named || token.kind() != Kind.SYMBOL) {
            return;
        }
        switch (token.text()) {
            case "(" -> brackets.push(Bracket.PARENTHESIS);
            case "[" -> brackets.push(opened());
            case ")", "]" -> brackets.poll();
            default -> {}
        }
    }

    private Bracket opened() {
        SqlToken previous = before;
        if (previous == null || previous.kind() == Kind.WORD && previous.text().equalsIgnoreCase("array")) {
            return Bracket.CONSTRUCTOR;
        }
        boolean inner = brackets.peek() == Bracket.CONSTRUCTOR && (previous.is("[") || previous.is(","));
        return inner ? Bracket.CONSTRUCTOR : Bracket.SUBSCRIPT;
    }
}
