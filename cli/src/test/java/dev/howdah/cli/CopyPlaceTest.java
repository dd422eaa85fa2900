package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.Delivery;
import dev.howdah.error.Diagnostics;
import dev.howdah.error.ServerException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CopyPlaceTest {

    private static @Nullable String place(String table, String context) {
        return new CopyPlace("items.csv", table, false).place(context);
    }

    @Test
    void theLineAndTheColumnAreTakenFromTheContext() {
        assertThat(place("item", "COPY item, line 3, column price: \"abc\""))
                .isEqualTo("items.csv, line 3, column price");
        assertThat(place("item", "COPY item, line 4294967296: \"1,2\"")).isEqualTo("items.csv, line 4294967296");
        assertThat(place("item", "COPY item, line 3, column price: null input"))
                .isEqualTo("items.csv, line 3, column price");
        assertThat(place("item", "COPY item, line 12")).isEqualTo("items.csv, line 12");
        assertThat(place("item", "COPY item, line 1, column a")).isEqualTo("items.csv, line 1, column a");
        assertThat(new CopyPlace("items.bin", "item", true).place("COPY item, line 3, column a"))
                .isEqualTo("items.bin, row 3, column a");
    }

    @Test
    void namesAndValuesMayBeAnything() {
        assertThat(place("a, line 7 (x)", "COPY a, line 7 (x), line 3, column \u00e4 b, c: \"x\""))
                .isEqualTo("items.csv, line 3, column \u00e4 b, c");
        assertThat(place("item", "COPY item, line 3, column a: \"x\nCOPY item, line 9, column b: \"y\""))
                .isEqualTo("items.csv, line 3, column a");
        assertThat(place("item", "COPY item, line 3: \"a: b, column c: d\"")).isEqualTo("items.csv, line 3");
    }

    @Test
    void functionsMayStandAboveIt() {
        assertThat(place("item", "PL/pgSQL function f() line 3 at RAISE\nCOPY item, line 2: \"1\""))
                .isEqualTo("items.csv, line 2");
    }

    @Test
    void whatIsNotUnderstoodIsNotGuessed() {
        assertThat(place("item", "COPY item, Zeile 3, Spalte price: \u00bbabc\u00ab"))
                .isNull();
        assertThat(place("item", "COPY items, line 3")).isNull();
        assertThat(place("item", "COPY item, line many")).isNull();
        assertThat(place("item", "")).isNull();
    }

    private static String told(@Nullable String context) {
        Diagnostics.Builder said =
                Diagnostics.builder().put('S', "FEHLER").put('C', "22P02").put('M', "ung\u00fcltige Eingabe");
        if (context != null) {
            said.put('W', context);
        }
        ServerException refused = ServerException.of(said.build(), null, Delivery.REFUSED);
        return Failures.message(new CopyPlace("items.csv", "item", false).locate(refused));
    }

    @Test
    void aContextInAnotherLanguageIsToldAsItIs() {
        assertThat(told("COPY item, Zeile 3, Spalte price: \u00bbabc\u00ab"))
                .isEqualTo("FEHLER: ung\u00fcltige Eingabe (22P02 invalid_text_representation)"
                        + "\nContext: COPY item, Zeile 3, Spalte price: \u00bbabc\u00ab");
        assertThat(told("COPY item, line 3"))
                .isEqualTo("items.csv, line 3: ung\u00fcltige Eingabe (22P02 invalid_text_representation)");
        assertThat(told(null)).isEqualTo("FEHLER: ung\u00fcltige Eingabe (22P02 invalid_text_representation)");
    }
}
