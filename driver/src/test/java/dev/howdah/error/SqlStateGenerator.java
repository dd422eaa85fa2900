package dev.howdah.error;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Makes SqlState.java from PostgreSQL's errcodes.txt and a template. Run it in the module's folder after either has
 * changed; a test checks that the checked-in class is what it makes.
 */
final class SqlStateGenerator {
    static final Path ERRCODES = Path.of("src/main/data/errcodes.txt");
    static final Path TEMPLATE = Path.of("src/main/data/SqlState.java.txt");
    static final Path OUTPUT = Path.of("src/main/java/dev/howdah/error/SqlState.java");

    private static final String HEADER =
            "// Generated from src/main/data/errcodes.txt by dev.howdah.error.SqlStateGenerator; do not edit.";
    private static final int LINE_WIDTH = 120;

    private SqlStateGenerator() {}

    /** One line of errcodes.txt that has a condition name. */
    record ErrorCode(String section, String code, String macro, String condition) {}

    public static void main(String[] args) throws IOException {
        Files.writeString(OUTPUT, generate(Files.readString(ERRCODES), Files.readString(TEMPLATE)));
    }

    static String generate(String errcodes, String template) {
        return template.replace("@HEADER@", HEADER).replace("@CONSTANTS@", constants(parse(errcodes)));
    }

    /** The codes, in the order of the file. Lines without a condition name are second macros for the same codes. */
    static List<ErrorCode> parse(String errcodes) {
        List<ErrorCode> codes = new ArrayList<>();
        String section = "";
        for (String line : errcodes.lines().map(String::strip).toList()) {
            String[] fields = line.split("\\s+");
            if (line.startsWith("Section:")) {
                section = line.substring("Section:".length()).strip();
            } else if (!line.startsWith("#") && fields.length == 4) {
                codes.add(new ErrorCode(section, fields[0], fields[2], fields[3]));
            }
        }
        return codes;
    }

    /** The constants' names: the condition, or the macro where several codes share a condition. */
    static String constantName(ErrorCode code, Map<String, Integer> uses) {
        return uses.getOrDefault(code.condition(), 0) == 1
                ? code.condition().toUpperCase(Locale.ROOT)
                : code.macro().substring("ERRCODE_".length());
    }

    static Map<String, Integer> conditionUses(List<ErrorCode> codes) {
        Map<String, Integer> uses = new HashMap<>();
        codes.forEach(code -> uses.merge(code.condition(), 1, Integer::sum));
        return uses;
    }

    private static String constants(List<ErrorCode> codes) {
        Map<String, Integer> uses = conditionUses(codes);
        StringBuilder text = new StringBuilder();
        String section = "";
        for (ErrorCode code : codes) {
            if (!code.section().equals(section)) {
                section = code.section();
                text.append("\n    // ").append(section).append('\n');
            }
            text.append("\n    /** ")
                    .append(code.code())
                    .append(": ")
                    .append(code.condition())
                    .append(". */\n");
            String left = "    public static final SqlState " + constantName(code, uses) + " =";
            String right = "known(\"" + code.code() + "\", \"" + code.condition() + "\");";
            String joint = left.length() + 1 + right.length() <= LINE_WIDTH ? " " : "\n            ";
            text.append(left).append(joint).append(right).append('\n');
        }
        return text.toString();
    }
}
