package dev.howdah;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One entry of psql-yardstick.txt, which says what its lines mean.
 *
 * @param text the connection string, as it stands in the table
 * @param since the first libpq that knows what the string speaks of; 0 for any
 * @param server the first server that the answers hold for; 0 for any
 * @param ipv6 whether it needs IPv6
 * @param environment the environment variables
 * @param howdah what Howdah answers
 * @param psql what psql answers if not the same, else null
 * @param why why psql's answer is another, else null
 */
record YardstickRow(
        String text,
        int since,
        int server,
        boolean ipv6,
        Map<String, String> environment,
        String howdah,
        @Nullable String psql,
        @Nullable String why) {

    private static final String TABLE = "/dev/howdah/psql-yardstick.txt";
    private static final Pattern PLACE = Pattern.compile("\\$\\{([^}]+)}");

    /** The whole table. */
    static List<YardstickRow> table() {
        List<YardstickRow> rows = new ArrayList<>();
        List<String> block = new ArrayList<>();
        for (String line : lines()) {
            if (!line.startsWith("  ") && !block.isEmpty()) {
                rows.add(read(block));
                block.clear();
            }
            if (!line.isBlank() && !line.startsWith("//")) {
                block.add(line);
            }
        }
        if (!block.isEmpty()) {
            rows.add(read(block));
        }
        return rows;
    }

    private static YardstickRow read(List<String> block) {
        int since = 0;
        int server = 0;
        boolean ipv6 = false;
        Map<String, String> environment = new TreeMap<>();
        @Nullable String howdah = null;
        @Nullable String psql = null;
        @Nullable String why = null;
        for (String line : block.subList(1, block.size())) {
            String[] words = line.strip().split(" ", 2);
            switch (words[0]) {
                case "since" -> since = Integer.parseInt(words[1]);
                case "server" -> server = Integer.parseInt(words[1]);
                case "ipv6" -> ipv6 = true;
                case "env" -> {
                    String[] variable = words[1].split("=", 2);
                    environment.put(variable[0], variable[1]);
                }
                case "howdah" -> howdah = words[1];
                case "psql" -> psql = words[1];
                case "why" -> why = words[1];
                default -> throw new IllegalStateException("what is this? " + line);
            }
        }
        if (howdah == null || (psql == null) != (why == null)) {
            throw new IllegalStateException("howdah must answer, and psql's own answer needs a reason: " + block);
        }
        String text = block.get(0).equals("(empty)") ? "" : block.get(0);
        return new YardstickRow(text, since, server, ipv6, environment, howdah, psql, why);
    }

    /** The same row with the places of this run in the string and the environment. */
    YardstickRow at(Map<String, String> places) {
        Map<String, String> filled = new TreeMap<>();
        environment.forEach((name, value) -> filled.put(name, fill(value, places)));
        return new YardstickRow(
                fill(text, places),
                since,
                server,
                ipv6,
                filled,
                fill(howdah, places),
                psql == null ? null : fill(psql, places),
                why);
    }

    private static String fill(String text, Map<String, String> places) {
        Matcher place = PLACE.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (place.find()) {
            String value = Objects.requireNonNull(places.get(place.group(1)), place.group());
            place.appendReplacement(filled, Matcher.quoteReplacement(value));
        }
        return place.appendTail(filled).toString();
    }

    private static List<String> lines() {
        try (InputStream in = Objects.requireNonNull(YardstickRow.class.getResourceAsStream(TABLE))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
