package dev.howdah.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Rows of text, aligned by what a terminal shows. Line ends and other control characters in a value are shown as escapes such as
 * {@code \n}, so that no value can break the table or command the terminal; a missing value is shown as {@code (null)}.
 */
public final class TextTable {

    private static final String NULL = "(null)";

    private final List<String> titles;
    private final boolean[] toTheRight;
    private final List<List<@Nullable String>> rows = new ArrayList<>();
    private final List<Look> looks = new ArrayList<>();

    /** How the values of a row look. */
    interface Look {
        /** Returns a value, as it is or within colours. */
        String of(Style style, String text);
    }

    /**
     * A table without rows.
     *
     * @param titles the headings of the columns
     * @param toTheRight which columns end at the right, as numbers do; as many as there are titles
     */
    public TextTable(List<String> titles, boolean... toTheRight) {
        this.titles = titles.stream().map(TextTable::visible).toList();
        this.toTheRight = toTheRight.clone();
    }

    /** Adds a row, with one value for each title. */
    public void add(List<@Nullable String> values) {
        add(values, (style, text) -> text);
    }

    /** Adds a row that looks as is said. */
    void add(List<@Nullable String> values, Look look) {
        List<@Nullable String> row = new ArrayList<>(values.size());
        for (@Nullable String value : values) {
            row.add(value == null ? null : visible(value));
        }
        rows.add(row);
        looks.add(look);
    }

    /** Gives the lines, from the titles to the last row. */
    public void print(Style style, Consumer<String> line) {
        int[] widths = new int[titles.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = DisplayWidth.of(titles.get(i));
            for (List<@Nullable String> row : rows) {
                widths[i] = Math.max(widths[i], DisplayWidth.of(shown(row.get(i))));
            }
        }
        StringBuilder head = new StringBuilder();
        StringBuilder rule = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            head.append(i == 0 ? "" : "  ");
            pad(head, titles.get(i), style.bold(titles.get(i)), widths[i], toTheRight[i], i == widths.length - 1);
            rule.append(i == 0 ? "" : "  ").append("─".repeat(widths[i]));
        }
        line.accept(head.toString());
        line.accept(style.dim(rule.toString()));
        for (int r = 0; r < rows.size(); r++) {
            List<@Nullable String> row = rows.get(r);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                text.append(i == 0 ? "" : "  ");
                String shown = shown(row.get(i));
                String styled =
                        row.get(i) == null ? style.dim(shown) : looks.get(r).of(style, shown);
                pad(text, shown, styled, widths[i], toTheRight[i], i == widths.length - 1);
            }
            line.accept(text.toString());
        }
    }

    private static String shown(@Nullable String value) {
        return value == null ? NULL : value;
    }

    private static void pad(StringBuilder to, String text, String styled, int width, boolean right, boolean last) {
        String spaces = " ".repeat(width - DisplayWidth.of(text));
        if (right) {
            to.append(spaces).append(styled);
        } else {
            to.append(styled).append(last ? "" : spaces);
        }
    }

    /** The text with control characters written as escapes. */
    public static String visible(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (Character.isISOControl(c)) {
                        out.append("\\x").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.toString();
    }
}
