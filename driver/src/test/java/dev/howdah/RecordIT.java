package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConversionException;
import dev.howdah.error.RowCountException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Rows as records. */
class RecordIT extends DriverContract {

    enum Mood {
        SAD,
        HAPPY
    }

    record Item(int id, String name, BigDecimal price) {}

    record Named(long itemId, String firstName) {}

    record Everything(
            boolean flag,
            short s,
            int i,
            long l,
            float f,
            double d,
            Integer boxed,
            LocalDate day,
            List<?> list,
            Mood mood) {}

    record Positive(int value) {
        Positive {
            if (value < 0) {
                throw new IllegalArgumentException("negative");
            }
        }
    }

    @Test
    void componentsTakeTheColumnsOfTheirNames() {
        List<Item> items = db.query("select 1.50 as price, 'pen' as name, 7 as id, 'not wanted' as more")
                .as(Item.class);
        assertThat(items).containsExactly(new Item(7, "pen", new BigDecimal("1.50")));
        assertThat(db.queryOne("select 7 as id, 'pen' as name, 1.50 as price", Item.class))
                .isEqualTo(items.getFirst());
        assertThat(db.script("select 7 as id, 'pen' as name, 1.50 as price")
                        .getFirst()
                        .rows()
                        .as(Item.class))
                .isEqualTo(items);
    }

    @Test
    void caseAndUnderscoresDoNotMatter() {
        assertThat(db.query("select 1 as item_id, 'Ann' as \"FirstName\"").as(Named.class))
                .containsExactly(new Named(1, "Ann"));
        assertThat(db.query("select 1 as ITEMID, 'Ann' as first_name").as(Named.class))
                .containsExactly(new Named(1, "Ann"));
    }

    @Test
    void anExactNameGoesBeforeASimilarOneAndTwoSimilarOnesAreRefused() {
        assertThat(db.query("select 1 as item_id, 2 as \"itemId\", 'Ann' as first_name")
                        .as(Named.class))
                .containsExactly(new Named(2, "Ann"));
        assertThatThrownBy(() -> db.query("select 1 as item_id, 2 as itemid, 'Ann' as first_name")
                        .as(Named.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("item_id")
                .hasMessageContaining("itemid");
    }

    @Test
    void aMissingColumnIsNamedWithThoseThatAreThere() {
        assertThatThrownBy(() ->
                        db.query("select 1 as id, 'pen' as title, 2 as price").as(Item.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("name")
                .hasMessageContaining("title");
    }

    @Test
    void nullIntoAPrimitiveNamesTheColumnAndIntoAnObjectIsNull() {
        assertThatThrownBy(() -> db.query("select null::int as id, 'x' as name, 1.0 as price")
                        .as(Item.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("id")
                .hasMessageContaining("NULL");
        assertThat(db.query("select 1 as id, null::text as name, null::numeric as price")
                        .as(Item.class))
                .containsExactly(new Item(1, null, null));
    }

    @Test
    void everyPrimitiveAndItsLikesAreComponents() {
        assertThat(db.query("select true as flag, 1::int2 as s, 2 as i, 3::int8 as l, 1.5::float4 as f,"
                                + " 2.5::float8 as d, null::int as boxed, date '2024-02-29' as day,"
                                + " array[1,2] as list, 'HAPPY' as mood")
                        .one()
                        .as(Everything.class))
                .isEqualTo(new Everything(
                        true, (short) 1, 2, 3, 1.5f, 2.5, null, LocalDate.of(2024, 2, 29), List.of(1, 2), Mood.HAPPY));
    }

    @Test
    void aLocalRecordDoes() {
        record Pair(int a, String b) {}
        assertThat(db.query("select g as a, 'n' || g as b from generate_series(1, 2) g")
                        .as(Pair.class))
                .containsExactly(new Pair(1, "n1"), new Pair(2, "n2"));
    }

    @Test
    void aRecordThatRefusesItsValuesIsTheCause() {
        assertThatThrownBy(() -> db.query("select -1 as value").as(Positive.class))
                .isInstanceOf(ConversionException.class)
                .hasRootCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noRowsMakeAnEmptyListAndNoRowIsNotOne() {
        assertThat(db.query("select 1 as id, 'x' as name, 1.0 as price where false")
                        .as(Item.class))
                .isEmpty();
        assertThatThrownBy(() -> db.queryOne("select 1 as id where false", Item.class))
                .isInstanceOf(RowCountException.class);
    }

    @Test
    void theSameQueryServesTwoRecords() {
        record Id(int id) {}
        record Name(String name) {}
        Rows rows = db.query("select 1 as id, 'a' as name");
        for (int again = 0; again < 3; again++) {
            assertThat(rows.as(Id.class)).containsExactly(new Id(1));
            assertThat(rows.as(Name.class)).containsExactly(new Name("a"));
        }
    }

    @Test
    void namesAreComparedTheSameInEveryLocale() {
        record Turkish(int itemId) {}
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("tr-TR"));
        try {
            assertThat(db.query("select 1 as \"ITEM_ID\"").as(Turkish.class)).containsExactly(new Turkish(1));
        } finally {
            Locale.setDefault(before);
        }
    }
}
