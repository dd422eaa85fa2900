package dev.howdah.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.type.BuiltinTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Types are found by each name that the server prints for them. */
class PrintedTypesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "integer|int4|-1",
                "int4|int4|-1",
                "_int4|_int4|-1",
                "integer[]|_int4|-1",
                "character varying(10)|varchar|14",
                "character varying(10)[]|_varchar|14",
                "character varying|varchar|-1",
                "character(3)|bpchar|7",
                "bpchar|bpchar|-1",
                "\"char\"|char|-1",
                "\"char\"[]|_char|-1",
                "numeric(8,2)|numeric|524294",
                "numeric(8,-2)|numeric|526338",
                "numeric(8)|numeric|524292",
                "numeric|numeric|-1",
                "bit(4)|bit|4",
                "bit varying(4)|varbit|4",
                "timestamp(3) with time zone|timestamptz|3",
                "timestamp without time zone|timestamp|-1",
                "time(2) without time zone[]|_time|2",
                "time with time zone|timetz|-1",
                "interval|interval|-1",
                "interval day to second(3)|interval|-1",
                "interval(2)|interval|-1",
                "interval year to month[]|_interval|-1",
                "double precision|float8|-1",
                "int4range|int4range|-1",
                "regclass|regclass|-1",
            })
    void typesOfTheServerAreFound(String printed, String name, int modifier) {
        PrintedTypes.Type type = PrintedTypes.find(printed, 0);
        assertThat(BuiltinTypes.find(type.oid()).name()).isEqualTo(name);
        assertThat(type.name()).isNull();
        assertThat(type.modifier()).isEqualTo(modifier);
        assertThat(PrintedTypes.find(printed, type.oid())).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "mood||mood",
                "mood[]||_mood",
                "public.mood|public|mood",
                "public.text|public|text",
                "\"My \"\"Type\"||My \"Type",
                "\"My.Schema\".\"int4\"[]|My.Schema|_int4",
                "my.\"a(b)\"|my|a(b)",
            })
    void typesOfUsersKeepTheirNames(String printed, String schema, String name) {
        PrintedTypes.Type type = PrintedTypes.find(printed, 70_000);
        assertThat(type.oid()).isEqualTo(70_000);
        assertThat(type.name()).isEqualTo(new Relation.TypeName(schema == null ? "" : schema, name));
        assertThat(PrintedTypes.find(printed, 0).oid()).isZero();
    }

    @Test
    void aDomainIsReadAsTheTypeBelowItThatIsTold() {
        PrintedTypes.Type type = PrintedTypes.find("character varying(5)", 70_000);
        assertThat(type).isEqualTo(new PrintedTypes.Type(70_000, new Relation.TypeName("pg_catalog", "varchar"), 9));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "\"", "\"\"", "\"a", "a.", ".a", "(", ")", "integer(", "integer(x)", "numeric(1,)"})
    void anyTextIsAName(String printed) {
        assertThat(PrintedTypes.find(printed, 7).oid()).isPositive();
    }
}
