package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {

    private static List<String> lines(TextTable table) {
        List<String> lines = new ArrayList<>();
        table.print(Style.PLAIN, lines::add);
        return lines;
    }

    @Test
    void wideAndCombiningCharactersTakeTheColumnsThatATerminalGivesThem() {
        TextTable table = new TextTable(List.of("name", "n"), false, true);
        table.add(Arrays.asList("日本", "1"));
        table.add(Arrays.asList("e\u0301te\u0301", "20"));
        table.add(Arrays.asList("🐘", "300"));
        assertThat(lines(table))
                .containsExactly("name    n", "────  ───", "日本    1", "e\u0301te\u0301    20", "🐘    300");
    }

    @Test
    void nothingAValueHoldsCanBreakTheTableOrCommandTheTerminal() {
        TextTable table = new TextTable(List.of("v"), false);
        table.add(Arrays.asList("a\nb\tc\r\u001b[31m\u009b"));
        assertThat(lines(table).getLast()).isEqualTo("a\\nb\\tc\\r\\x1b[31m\\x9b");
    }

    @Test
    void nullIsNotAnEmptyText() {
        TextTable table = new TextTable(List.of("v"), false);
        table.add(Arrays.asList((String) null));
        table.add(Arrays.asList(""));
        assertThat(lines(table)).endsWith("(null)", "");
    }
}
