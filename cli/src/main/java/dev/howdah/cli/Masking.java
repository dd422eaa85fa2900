package dev.howdah.cli;

import java.util.regex.Pattern;

/** Hides passwords in a connection text that the user typed in the wrong place and a message would repeat. */
final class Masking {

    private static final Pattern IN_URI = Pattern.compile("(://[^:/@\\s]*):[^@\\s]*@");
    private static final Pattern IN_TEXT =
            Pattern.compile("(?i)((?:ssl)?password\\s*=\\s*)('(?:[^'\\\\]|\\\\.)*'?|[^\\s&'\"]+)");

    private Masking() {}

    static String mask(String text) {
        return IN_TEXT.matcher(IN_URI.matcher(text).replaceAll("$1:***@")).replaceAll("$1***");
    }
}
