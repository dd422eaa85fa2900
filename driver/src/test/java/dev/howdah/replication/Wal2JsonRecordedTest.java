package dev.howdah.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.replication.Change.Delete;
import dev.howdah.replication.Change.Insert;
import dev.howdah.replication.Change.LogicalMessage;
import dev.howdah.replication.Change.Truncate;
import dev.howdah.replication.Change.Update;
import dev.howdah.replication.PgOutputMessage.Begin;
import dev.howdah.replication.PgOutputMessage.Commit;
import dev.howdah.type.BuiltinTypes;
import dev.howdah.type.Lsn;
import dev.howdah.type.TypeRegistry;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What wal2json itself has written, recorded by its own tests; the servers of these tests do not have the plugin.
 *
 * @see <a href="https://github.com/eulerto/wal2json/tree/master/expected">The recorded output</a>
 */
class Wal2JsonRecordedTest {

    private final Wal2JsonDecoder decoder =
            new Wal2JsonDecoder(TypeRegistry.global().child());

    private List<PgOutputMessage> decode(String payload) {
        List<PgOutputMessage> messages = new ArrayList<>();
        decoder.decode(payload, Lsn.parse("0/16B3748"), messages::add);
        return messages;
    }

    private List<Change> changes(String payload) {
        return decode(payload).stream()
                .filter(Change.class::isInstance)
                .map(Change.class::cast)
                .toList();
    }

    /** What has no number in JSON is written as null. */
    @Test
    void specialValuesWithTypesByTheirShortNames() {
        List<Change> changes = changes("""
                {
                \t"change": [
                \t\t{
                \t\t\t"kind": "insert",
                \t\t\t"schema": "public",
                \t\t\t"table": "xpto",
                \t\t\t"columnnames": ["a", "b", "c", "d"],
                \t\t\t"columntypes": ["int4", "bool", "varchar", "float4"],
                \t\t\t"columnvalues": [3, null, "null", null]
                \t\t}
                \t\t,{
                \t\t\t"kind": "insert",
                \t\t\t"schema": "public",
                \t\t\t"table": "xpto",
                \t\t\t"columnnames": ["a", "b", "c", "d"],
                \t\t\t"columntypes": ["int4", "bool", "varchar", "float4"],
                \t\t\t"columnvalues": [4, true, "valid: ' \\" \\\\ \\/ \\b \\f \\n \\r \\t ⁿ 陿 invalid: \\\\g \\\\k end", 123.456]
                \t\t}
                \t]
                }""");
        assertThat(changes).hasSize(2);
        ChangedRow nulls = ((Insert) changes.getFirst()).newRow();
        assertThat(nulls.state("b")).isEqualTo(ColumnState.NULL);
        assertThat(nulls.getString("c")).isEqualTo("null");
        assertThat(nulls.state("d")).isEqualTo(ColumnState.NULL);
        ChangedRow values = ((Insert) changes.getLast()).newRow();
        assertThat(values.getInt("a")).isEqualTo(4);
        assertThat(values.getBoolean("b")).isTrue();
        assertThat(values.getString("c"))
                .isEqualTo("valid: ' \" \\ / \b \f \n \r \t \u207f \u967f invalid: \\g \\k end");
        assertThat(values.get("d")).isEqualTo(123.456f);
        assertThat(values.relation().columns().get(2).typeOid()).isEqualTo(BuiltinTypes.VARCHAR);
    }

    @Test
    void aPrimaryKeyStandsBeforeTheOldKeys() {
        Update update = (Update) changes("""
                {"change":[{"kind":"update","schema":"public","table":"w2j_pk_with_pk","columnnames":["a","b","c","d","e"],\
                "columntypes":["int4","timestamp","text","bool","numeric"],\
                "columnvalues":[456,"2020-04-26 16:23:59","Panthera Onca",false,4.560],\
                "pk":{"pknames":["b","d","e"],"pktypes":["timestamp","bool","numeric"]},\
                "oldkeys":{"keynames":["b","d","e"],"keytypes":["timestamp","bool","numeric"],\
                "keyvalues":["2020-04-26 16:23:59",true,4.560]}}]}""").getFirst();
        assertThat(update.newRow().get("b")).isEqualTo(LocalDateTime.of(2020, 4, 26, 16, 23, 59));
        assertThat(update.newRow().getBoolean("d")).isFalse();
        ChangedRow key = update.oldRow();
        assertThat(key).isNotNull();
        assertThat(key.getBoolean("d")).isTrue();
        assertThat(key.getBigDecimal("e")).isEqualTo(new BigDecimal("4.560"));
        assertThat(key.state("a")).isEqualTo(ColumnState.ABSENT);
        assertThat(update.relation().columns().stream()
                        .filter(Relation.Column::key)
                        .map(Relation.Column::name))
                .containsExactly("b", "d", "e");
    }

    @Test
    void messagesInAndOutsideOfTransactions() {
        LogicalMessage inside = (LogicalMessage) changes(
                        "{\"change\":[{\"kind\":\"message\",\"transactional\":true,\"prefix\":\"funky prefix\",\"content\":\"well \\\" \\\" \\\" \\\"\\\" \\\"\\\" ' ' \\n' ' ] [ { } foo\"}]}")
                .getFirst();
        assertThat(inside.prefix()).isEqualTo("funky prefix");
        assertThat(StandardCharsets.UTF_8.decode(inside.content()).toString())
                .isEqualTo("well \" \" \" \"\" \"\" ' ' \n' ' ] [ { } foo");
        assertThat(inside.transactional()).isTrue();
        LogicalMessage outside = (LogicalMessage) changes(
                        "{\"change\":[{\"kind\":\"message\",\"transactional\":false,\"prefix\":\"non-transactional prefix\",\"content\":\"standalone non-transactional message\"}]}")
                .getFirst();
        assertThat(outside.transactional()).isFalse();
    }

    @Test
    void oidsOfTypesAndATransactionOfNothing() {
        assertThat(changes("{\"change\":[]}")).isEmpty();
        Update update = (Update) changes(
                        "{\"change\":[{\"kind\":\"update\",\"schema\":\"public\",\"table\":\"tbl\",\"columnnames\":[\"a\",\"b\"],\"columntypes\":[\"integer\",\"integer\"],\"columntypeoids\":[23,23],\"columnvalues\":[3,2],\"oldkeys\":{\"keynames\":[\"a\"],\"keytypes\":[\"integer\"],\"keytypeoids\":[23],\"keyvalues\":[1]}}]}")
                .getFirst();
        assertThat(update.newRow().getInt("a")).isEqualTo(3);
        assertThat(update.oldRow()).isNotNull();
        assertThat(update.oldRow().getInt("a")).isEqualTo(1);
        Delete delete = (Delete) changes(
                        "{\"change\":[{\"kind\":\"delete\",\"schema\":\"public\",\"table\":\"tbl\",\"oldkeys\":{\"keynames\":[\"a\"],\"keytypes\":[\"integer\"],\"keytypeoids\":[23],\"keyvalues\":[3]}}]}")
                .getFirst();
        assertThat(delete.oldRow().getInt("a")).isEqualTo(3);
    }

    @Test
    void numbersWrittenAsStrings() {
        Insert insert = (Insert) changes(
                        "{\"change\":[{\"kind\":\"insert\",\"schema\":\"public\",\"table\":\"table_decimal\",\"columnnames\":[\"a\",\"b\",\"c\"],\"columntypes\":[\"real\",\"double precision\",\"numeric\"],\"columnvalues\":[\"-Infinity\",\"NaN\",\"-1234567890987654321.1234567890987654321\"]}]}")
                .getFirst();
        assertThat(insert.newRow().get("a")).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(insert.newRow().get("b")).isEqualTo(Double.NaN);
        assertThat(insert.newRow().getBigDecimal("c"))
                .isEqualTo(new BigDecimal("-1234567890987654321.1234567890987654321"));
    }

    @Test
    void format2WithNamesInQuotesDefaultsAndKeys() {
        assertThat(decode("{\"action\":\"B\"}").getFirst()).isInstanceOf(Begin.class);
        Insert insert = (Insert) changes(
                        "{\"action\":\"I\",\"schema\":\"test \\\"schema\",\"table\":\"test \\\" with 'quotes'\",\"columns\":[{\"name\":\"id\",\"type\":\"integer\",\"value\":1},{\"name\":\"col spaces\",\"type\":\"integer\",\"value\":2},{\"name\":\"col\\\"quotes\",\"type\":\"integer\",\"value\":3}]}")
                .getFirst();
        assertThat(insert.relation().schema()).isEqualTo("test \"schema");
        assertThat(insert.newRow().getInt("col\"quotes")).isEqualTo(3);
        Insert defaults = (Insert) changes(
                        "{\"action\":\"I\",\"schema\":\"public\",\"table\":\"w2j_default_escape\",\"columns\":[{\"name\":\"a\",\"type\":\"integer\",\"value\":1,\"default\":\"nextval('w2j_default_escape_a_seq'::regclass)\"},{\"name\":\"b\",\"type\":\"text\",\"value\":\"a \\\"quoted\\\" default\",\"default\":\"'a \\\"quoted\\\" default'::text\"},{\"name\":\"c\",\"type\":\"text\",\"value\":\"back\\\\slash\",\"default\":\"'back\\\\slash'::text\"}]}")
                .getFirst();
        assertThat(defaults.newRow().getString("b")).isEqualTo("a \"quoted\" default");
        assertThat(defaults.newRow().getString("c")).isEqualTo("back\\slash");
        Insert keyed = (Insert) changes(
                        "{\"action\":\"I\",\"schema\":\"public\",\"table\":\"w2j_pk_with_pk\",\"columns\":[{\"name\":\"a\",\"type\":\"integer\",\"value\":123},{\"name\":\"b\",\"type\":\"timestamp without time zone\",\"value\":\"2020-04-26 16:23:59\"},{\"name\":\"d\",\"type\":\"boolean\",\"value\":true},{\"name\":\"e\",\"type\":\"numeric(5,3)\",\"value\":4.560}],\"pk\":[{\"name\":\"b\",\"type\":\"timestamp without time zone\"},{\"name\":\"d\",\"type\":\"boolean\"},{\"name\":\"e\",\"type\":\"numeric(5,3)\"}]}")
                .getFirst();
        assertThat(keyed.newRow().getBigDecimal("e")).isEqualTo(new BigDecimal("4.560"));
        assertThat(keyed.relation().columns().getFirst().key()).isFalse();
        assertThat(keyed.relation().columns().getLast().key()).isTrue();
        Truncate truncate =
                (Truncate) changes("{\"action\":\"T\",\"schema\":\"public\",\"table\":\"table_truncate_5\"}")
                        .getFirst();
        assertThat(truncate.relations()).extracting(Relation::name).containsExactly("table_truncate_5");
        assertThat(decode("{\"action\":\"C\"}").getFirst()).isInstanceOf(Commit.class);
    }
}
