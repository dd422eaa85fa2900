package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a column was declared with is what the result says of it. */
class ColumnIT extends DriverContract {

    private Column declared(String type) {
        db.execute("create temp table declared (x " + type + ")");
        try {
            return db.query("select x from declared").columns().getFirst();
        } finally {
            db.execute("drop table declared");
        }
    }

    @Test
    void numbersHavePrecisionAndScale() {
        for (String array : List.of("", "[]")) {
            for (int precision : new int[] {1, 10, 38, 1000}) {
                for (int scale : new int[] {0, 1, precision}) {
                    Column column = declared("numeric(" + precision + "," + scale + ")" + array);
                    assertThat(column.precision()).isEqualTo(precision);
                    assertThat(column.scale()).isEqualTo(scale);
                    assertThat(column.length()).isNull();
                    assertThat(column.internalSize()).isEqualTo(precision);
                }
            }
        }
        assertThat(declared("decimal(7)").scale()).isZero();
    }

    @Test
    void scalesBeyondThePrecisionAreRight() {
        if (place.version() < 15) {
            return;
        }
        for (int scale : new int[] {-1000, -3, -1, 5, 1000}) {
            Column column = declared("numeric(2, " + scale + ")");
            assertThat(column.precision()).isEqualTo(2);
            assertThat(column.scale()).isEqualTo(scale);
        }
    }

    @Test
    void textsAndBitsHaveALength() {
        for (String type : List.of("varchar", "char", "bit", "varbit", "varchar[]", "char[]", "bit[]", "varbit[]")) {
            String element = type.replace("[]", "");
            Column column = declared(type.replace(element, element + "(17)"));
            assertThat(column.length()).as(type).isEqualTo(17);
            assertThat(column.internalSize()).as(type).isEqualTo(17);
            assertThat(column.precision()).as(type).isNull();
            assertThat(column.scale()).as(type).isNull();
        }
        assertThat(declared("char").length()).isEqualTo(1);
        assertThat(declared("bit").length()).isEqualTo(1);
    }

    @Test
    void whatHasNoLimitHasNone() {
        for (String type : List.of(
                "numeric",
                "varchar",
                "varbit",
                "text",
                "bytea",
                "numeric[]",
                "varchar[]",
                "int[]",
                "json",
                "int4range")) {
            Column column = declared(type);
            assertThat(column.precision()).as(type).isNull();
            assertThat(column.scale()).as(type).isNull();
            assertThat(column.length()).as(type).isNull();
            assertThat(column.internalSize()).as(type).isNegative();
        }
    }

    @Test
    void fixedTypesHaveTheirSize() {
        assertThat(declared("int").internalSize()).isEqualTo(4);
        assertThat(declared("bigint").internalSize()).isEqualTo(8);
        assertThat(declared("boolean").internalSize()).isEqualTo(1);
        assertThat(declared("timestamptz(3)").internalSize()).isEqualTo(8);
        assertThat(declared("interval(3)").internalSize()).isEqualTo(16);
        assertThat(declared("name").internalSize()).isEqualTo(64);
        for (String type : List.of("int", "timestamptz(3)", "interval(3)", "name", "\"char\"")) {
            Column column = declared(type);
            assertThat(column.precision()).as(type).isNull();
            assertThat(column.scale()).as(type).isNull();
            assertThat(column.length()).as(type).isNull();
        }
    }

    @Test
    void aDomainIsWhatIsBelowIt() {
        db.execute("create domain pg_temp.price as numeric(8, 2); create domain pg_temp.code as varchar(5)");
        Column price = declared("pg_temp.price");
        assertThat(price.typeName()).isEqualTo("numeric");
        assertThat(price.precision()).isEqualTo(8);
        assertThat(price.scale()).isEqualTo(2);
        assertThat(declared("pg_temp.code").length()).isEqualTo(5);
        assertThat(declared("pg_temp.code[]").length()).isNull();
    }

    @Test
    void expressionsAndCastsAreDescribedToo() {
        List<Column> columns = db.query("select 1.5::numeric(9, 3), 1.5, 'a'::varchar(3), 'a' || 'b'")
                .columns();
        assertThat(columns).extracting(Column::precision).containsExactly(9, null, null, null);
        assertThat(columns).extracting(Column::scale).containsExactly(3, null, null, null);
        assertThat(columns).extracting(Column::length).containsExactly(null, null, 3, null);
        Column viaCursor = db.cursor()
                .execute("select 1; select 2::numeric(4, 1)")
                .columns()
                .getFirst();
        assertThat(viaCursor.precision()).isEqualTo(4);
    }
}
