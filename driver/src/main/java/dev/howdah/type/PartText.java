package dev.howdah.type;

/** Parts of ranges and row types in their text form: in double quotes where needed, quotes and backslashes doubled. */
final class PartText {

    private PartText() {}

    /**
     * Prints one part.
     *
     * @param special what has to stand in quotes besides quotes, backslashes and space
     */
    static void print(String part, String special, StringBuilder out) {
        if (!needsQuotes(part, special)) {
            out.append(part);
            return;
        }
        out.append('"');
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c == '"' || c == '\\') {
                out.append(c);
            }
            out.append(c);
        }
        out.append('"');
    }

    private static boolean needsQuotes(String part, String special) {
        if (part.isEmpty()) {
            return true;
        }
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c == '"' || c == '\\' || c == ' ' || c >= 9 && c <= 13 || special.indexOf(c) >= 0) {
                return true;
            }
        }
        return false;
    }
}
