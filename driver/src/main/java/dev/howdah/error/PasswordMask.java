package dev.howdah.error;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hides passwords in statement text that goes into a message or a log: what follows each keyword PASSWORD, as a literal
 * ({@code password 'x'}) or in a connection string ({@code 'host=h password=x'}). Asterisks take its place, as many, so
 * that positions stay. It rather hides too much than too little.
 */
public final class PasswordMask {
    private static final Pattern KEYWORD = Pattern.compile("password(?<sign>\\s*=)?\\s*", Pattern.CASE_INSENSITIVE);
    private static final Pattern DOLLAR_TAG = Pattern.compile("\\$(?:[\\p{L}_][\\p{L}\\p{N}_]*)?\\$");
    private static final Pattern PARAMETER = Pattern.compile("\\$\\d");

    private PasswordMask() {}

    /**
     * Returns the text with its passwords hidden.
     *
     * @param query any number of statements, or what a server says of them
     * @return as long as the text
     */
    public static String apply(String query) {
        Matcher keyword = KEYWORD.matcher(query);
        if (!keyword.find()) {
            return query;
        }
        StringBuilder masked = new StringBuilder(query);
        int from = 0;
        while (keyword.find(from)) {
            int start = keyword.end();
            int end = secretEnd(query, start, keyword.group("sign") != null);
            for (int i = start; i < end; i++) {
                char c = masked.charAt(i);
                if (c != '\n' && !Character.isSurrogate(c)) {
                    masked.setCharAt(i, '*');
                }
            }
            from = Math.max(start, end);
        }
        return masked.toString();
    }

    /** The end of the secret that starts at the offset; the offset itself if none does. */
    private static int secretEnd(String query, int start, boolean afterSign) {
        Matcher tag = DOLLAR_TAG.matcher(query).region(start, query.length());
        if (tag.lookingAt()) {
            return after(query, tag.group(), tag.end());
        }
        if (afterSign && query.startsWith("''", start)) {
            return after(query, "''", start + 2);
        }
        int quote = query.indexOf('\'', start);
        String prefix = quote < 0 || quote - start > 2 ? "?" : query.substring(start, quote);
        if (prefix.isEmpty() || prefix.equalsIgnoreCase("E") || prefix.equalsIgnoreCase("U&")) {
            return literalEnd(query, quote, prefix.equalsIgnoreCase("E"));
        }
        boolean word = afterSign
                && !PARAMETER.matcher(query).region(start, query.length()).lookingAt();
        return word ? wordEnd(query, start) : start;
    }

    private static int after(String query, String closing, int from) {
        int found = query.indexOf(closing, from);
        return found < 0 ? query.length() : found + closing.length();
    }

    private static int literalEnd(String query, int quote, boolean escapes) {
        int i = quote + 1;
        while (i < query.length()) {
            char c = query.charAt(i);
            boolean doubled = c == '\'' && query.startsWith("''", i);
            if (c == '\'' && !doubled) {
                return i + 1;
            }
            i += doubled || (escapes && c == '\\') ? 2 : 1;
        }
        return query.length();
    }

    private static int wordEnd(String query, int start) {
        int i = start;
        while (i < query.length() && query.charAt(i) != '\'' && !Character.isWhitespace(query.charAt(i))) {
            i++;
        }
        return i;
    }
}
