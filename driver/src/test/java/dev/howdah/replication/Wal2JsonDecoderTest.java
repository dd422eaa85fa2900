package dev.howdah.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ProtocolException;
import dev.howdah.replication.Change.Delete;
import dev.howdah.replication.Change.Insert;
import dev.howdah.replication.Change.LogicalMessage;
import dev.howdah.replication.Change.Truncate;
import dev.howdah.replication.Change.Update;
import dev.howdah.replication.PgOutputMessage.Begin;
import dev.howdah.replication.PgOutputMessage.Commit;
import dev.howdah.replication.PgOutputMessage.Origin;
import dev.howdah.replication.PgOutputMessage.RelationMessage;
import dev.howdah.type.BuiltinTypes;
import dev.howdah.type.Lsn;
import dev.howdah.type.PgType;
import dev.howdah.type.TypeRegistry;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both formats of wal2json, as its versions 2.5 and 2.6 write them. */
class Wal2JsonDecoderTest {

    private static final Lsn HERE = Lsn.parse("0/16B3748");
    private static final Lsn LSN = Lsn.parse("0/1A2B3C0");
    private static final Lsn NEXT = Lsn.parse("0/1A2B3F8");
    private static final Instant TIME = Instant.parse("2026-03-01T10:20:30.123456Z");

    private static final String DETAILS =
            "\"xid\":745,\"timestamp\":\"2026-03-01 12:20:30.123456+02\",\"origin\":3,\"lsn\":\"0/1A2B3C0\",\"nextlsn\":\"0/1A2B3F8\"";

    private record Item(int id, String name) {}

    private final TypeRegistry types = TypeRegistry.global().child();
    private final Wal2JsonDecoder decoder = new Wal2JsonDecoder(types);

    private List<PgOutputMessage> decode(String text) {
        List<PgOutputMessage> messages = new ArrayList<>();
        decoder.decode(text, HERE, messages::add);
        return messages;
    }

    private <T extends PgOutputMessage> T last(Class<T> kind, String text) {
        return kind.cast(decode(text).getLast());
    }

    private void refused(String text, String... reasons) {
        assertThatThrownBy(() -> decode(text))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContainingAll(reasons);
    }

    private static String row(String action, String rest) {
        return "{\"action\":\"" + action + "\",\"schema\":\"public\",\"table\":\"item\"" + rest + "}";
    }

    private static String columns(String name, String... columns) {
        return ",\"" + name + "\":[" + String.join(",", columns) + "]";
    }

    private static String column(String name, String type, String value) {
        return "{\"name\":\"" + name + "\",\"type\":\"" + type + "\",\"value\":" + value + "}";
    }

    @Test
    void aTransactionOfFormat2HasWhatIsIncluded() {
        assertThat(decode("{\"action\":\"B\"}")).containsExactly(new Begin(Lsn.ZERO, Instant.EPOCH, 0));
        assertThat(decode("{\"action\":\"C\"}")).containsExactly(new Commit(Lsn.ZERO, HERE, Instant.EPOCH));
        assertThat(decode("{\"action\":\"B\"," + DETAILS + "}"))
                .containsExactly(new Begin(LSN, TIME, 745), new Origin(Lsn.ZERO, "3"));
        assertThat(decode("{\"action\":\"C\"," + DETAILS + "}")).containsExactly(new Commit(LSN, NEXT, TIME));
    }

    @Test
    void rowsOfFormat2AreReadAsTheirTypes() {
        Insert insert = last(
                Insert.class,
                row(
                        "I",
                        columns(
                                "columns",
                                column("id", "integer", "7"),
                                column("price", "numeric(30,20)", "12345678901.23456789012345678900"),
                                column(
                                        "name",
                                        "character varying(20)",
                                        "\"O'Hara \\\"pen\\\" \\u00e4\\ud83d\\ude00\\n\""),
                                column("raw", "bytea", "\"00ff\""),
                                column("done", "boolean", "true"),
                                column("left", "boolean", "false"),
                                column("none", "real", "null"),
                                column("tags", "text[]", "\"{a,NULL}\""),
                                column("at", "timestamp with time zone", "\"2026-03-01 12:20:30.123456+02\""),
                                column("mood", "mood", "\"happy\""),
                                column("big", "double precision", "1e+20"))));
        ChangedRow row = insert.newRow();
        assertThat(row.getInt("id")).isEqualTo(7);
        assertThat(row.getBigDecimal("price")).isEqualTo(new BigDecimal("12345678901.23456789012345678900"));
        assertThat(row.getString("name")).isEqualTo("O'Hara \"pen\" \u00e4\ud83d\ude00\n");
        assertThat(row.getBytes("raw")).isEqualTo(new byte[] {0, -1});
        assertThat(row.getBoolean("done")).isTrue();
        assertThat(row.getBoolean("left")).isFalse();
        assertThat(row.state("none")).isEqualTo(ColumnState.NULL);
        assertThat(row.get("tags")).isEqualTo(Arrays.asList("a", null));
        assertThat(row.get("at", Instant.class)).isEqualTo(TIME);
        assertThat(row.get("mood")).isEqualTo("happy");
        assertThat(row.getDouble("big")).isEqualTo(1e20);
        assertThat(insert.relation().columns().get(2))
                .isEqualTo(new Relation.Column("name", BuiltinTypes.VARCHAR, null, 24, false));
        assertThat(insert.relation().unknownTypes()).isEmpty();
    }

    @Test
    void typesMayBeToldByOidOrNotAtAll() {
        int mood = 70_000;
        types.addTypes(List.of(
                new PgType(mood, "public", "mood", PgType.Kind.ENUM, 0, 0, 0, ',', null, List.of("happy"), null)));
        Insert insert = last(
                Insert.class,
                row(
                        "I",
                        columns(
                                "columns",
                                "{\"name\":\"id\",\"typeoid\":23,\"value\":7}",
                                "{\"name\":\"m\",\"type\":\"mood\",\"typeoid\":70000,\"value\":\"happy\",\"optional\":true,\"position\":2,\"default\":null}",
                                "{\"name\":\"far\",\"type\":\"far\",\"typeoid\":-2,\"value\":\"x\"}",
                                "{\"name\":\"raw\",\"value\":\"00ff\"}")));
        assertThat(insert.newRow().getInt("id")).isEqualTo(7);
        assertThat(insert.newRow().get("m")).isEqualTo("happy");
        assertThat(insert.newRow().getString("raw")).isEqualTo("00ff");
        assertThat(insert.relation().columns())
                .extracting(Relation.Column::typeOid)
                .containsExactly(23L, 70_000L, 4_294_967_294L, 0L);
        assertThat(insert.relation().unknownTypes()).containsExactly(-2);
    }

    @Test
    void aKeyThatWasNotChangedIsNoOldRow() {
        String id = column("id", "integer", "1");
        String name = column("name", "text", "\"a\"");
        decode(row("I", columns("columns", id, name)));
        List<PgOutputMessage> same = decode(row("U", columns("columns", id, name) + columns("identity", id)));
        assertThat(((RelationMessage) same.getFirst()).relation().columns())
                .extracting(Relation.Column::key)
                .containsExactly(true, false);
        assertThat(((Update) same.getLast()).oldRow()).isNull();
        Update moved = last(
                Update.class,
                row("U", columns("columns", column("id", "integer", "2"), name) + columns("identity", id)));
        assertThat(moved.oldRow().kind()).isEqualTo(ChangedRow.Kind.KEY);
        assertThat(moved.oldRow().asMap()).containsExactly(Map.entry("id", 1));
        assertThat(moved.newRow().as(Item.class)).isEqualTo(new Item(2, "a"));
        Delete delete = last(Delete.class, row("D", columns("identity", id)));
        assertThat(delete.oldRow().state("name")).isEqualTo(ColumnState.ABSENT);
        assertThat(delete.relation()).isSameAs(moved.relation());
    }

    @Test
    void columnsMissingFromAnUpdateAreUnchanged() {
        String id = column("id", "integer", "1");
        String name = column("name", "text", "\"long\"");
        decode(row("I", columns("columns", name, id)));
        Update update = last(Update.class, row("U", columns("columns", id) + columns("identity", id)));
        assertThat(update.newRow().state("name")).isEqualTo(ColumnState.UNCHANGED);
        Update full = last(Update.class, row("U", columns("columns", id) + columns("identity", name, id)));
        assertThat(full.oldRow().kind()).isEqualTo(ChangedRow.Kind.FULL);
        assertThat(full.relation().replicaIdentity()).isEqualTo(ReplicaIdentity.FULL);
        assertThat(full.filledRow().getString("name")).isEqualTo("long");
        // A key that is stored out of line is in the old row only.
        String other = "{\"action\":\"U\",\"table\":\"other\"";
        Update key = last(Update.class, other + columns("columns", id) + columns("identity", name) + "}");
        assertThat(key.relation()).hasToString("other");
        assertThat(key.filledRow().getString("name")).isEqualTo("long");
    }

    @Test
    void thePrimaryKeyCountsUntilAnOldRowTellsTheIdentity() {
        String id = column("id", "integer", "1");
        String name = column("name", "text", "\"a\"");
        String pk = ",\"pk\":[{\"name\":\"id\",\"type\":\"integer\"}]";
        Insert insert = last(Insert.class, row("I", columns("columns", id, name) + pk));
        assertThat(insert.relation().columns()).extracting(Relation.Column::key).containsExactly(true, false);
        Delete delete = last(Delete.class, row("D", columns("identity", name) + pk));
        assertThat(delete.relation().columns()).extracting(Relation.Column::key).containsExactly(false, true);
        assertThat(last(Insert.class, row("I", columns("columns", id, name) + pk))
                        .relation())
                .isSameAs(delete.relation());
    }

    @Test
    void rowsWithoutIdentityAreAbsent() {
        assertThat(last(Delete.class, row("D", "")).oldRow().size()).isZero();
        decode(row("I", columns("columns", column("id", "integer", "1"))));
        assertThat(last(Delete.class, row("D", columns("identity"))).oldRow().state("id"))
                .isEqualTo(ColumnState.ABSENT);
        Update update = last(Update.class, row("U", columns("columns", column("id", "integer", "2"))));
        assertThat(update.oldRow()).isNull();
        assertThat(update.newRow().getInt("id")).isEqualTo(2);
    }

    @Test
    void messagesAndTruncatesOfFormat2AreRead() {
        LogicalMessage message = last(
                LogicalMessage.class,
                "{\"action\":\"M\",\"xid\":null,\"timestamp\":null,\"origin\":null,\"lsn\":\"0/1A2B3C0\","
                        + "\"transactional\":false,\"prefix\":\"p\",\"content\":\"{\\\"a\\\":1}\"}");
        assertThat(message.transactional()).isFalse();
        assertThat(message.lsn()).isEqualTo(LSN);
        assertThat(message.prefix()).isEqualTo("p");
        assertThat(message.text()).isEqualTo("{\"a\":1}");
        assertThat(last(
                                LogicalMessage.class,
                                "{\"action\":\"M\",\"transactional\":true,\"prefix\":\"\",\"content\":\"\"}")
                        .lsn())
                .isEqualTo(HERE);
        Truncate truncate = last(Truncate.class, row("T", ""));
        assertThat(truncate.relations()).extracting(Relation::toString).containsExactly("public.item");
    }

    private static final String INSERT_1 = "{\"kind\":\"insert\",\"schema\":\"public\",\"table\":\"item\","
            + "\"columnnames\":[\"id\",\"name\",\"raw\"],\"columntypes\":[\"integer\",\"text\",\"bytea\"],"
            + "\"columntypeoids\":[23,25,17],\"columnvalues\":[1,\"a\",\"00ff\"],"
            + "\"pk\":{\"pknames\":[\"id\"],\"pktypes\":[\"integer\"]}}";

    private static final String UPDATE_1 = """
            {
                "kind": "update",
                "schema": "public",
                "table": "item",
                "columnnames": ["id", "name", "raw"],
                "columntypes": ["integer", "text", "bytea"],
                "columntypeoids": [23, 25, 17],
                "columnvalues": [2, null, "01"],
                "oldkeys": {
                    "keynames": ["id"],
                    "keytypes": ["integer"],
                    "keytypeoids": [23],
                    "keyvalues": [1]
                }
            }
            """;

    private static final String DELETE_1 = "{\"kind\":\"delete\",\"schema\":\"public\",\"table\":\"item\","
            + "\"oldkeys\":{\"keynames\":[\"id\"],\"keytypes\":[\"integer\"],\"keytypeoids\":[23],\"keyvalues\":[2]}}";

    private static final String MESSAGE_1 =
            "{\"kind\":\"message\",\"transactional\":true,\"prefix\":\"p\",\"content\":\"c\"}";

    private static void assertTransaction(List<PgOutputMessage> messages, Lsn end) {
        assertThat(messages)
                .<Class<?>>extracting(Object::getClass)
                .containsExactly(
                        Begin.class,
                        Origin.class,
                        RelationMessage.class,
                        Insert.class,
                        Update.class,
                        LogicalMessage.class,
                        Delete.class,
                        Commit.class);
        assertThat(messages.getFirst()).isEqualTo(new Begin(Lsn.ZERO, TIME, 745));
        assertThat(messages.getLast()).isEqualTo(new Commit(Lsn.ZERO, end, TIME));
        Insert insert = (Insert) messages.get(3);
        assertThat(insert.newRow().getBytes("raw")).isEqualTo(new byte[] {0, -1});
        Update update = (Update) messages.get(4);
        assertThat(update.relation()).isSameAs(insert.relation());
        assertThat(update.oldRow().asMap()).containsExactly(Map.entry("id", 1));
        assertThat(update.newRow().state("name")).isEqualTo(ColumnState.NULL);
        assertThat(((Delete) messages.get(6)).oldRow().getInt("id")).isEqualTo(2);
    }

    private static final String HEAD = "\"xid\":745,\"nextlsn\":\"0/1A2B3F8\","
            + "\"timestamp\":\"2026-03-01 12:20:30.123456+02\",\"origin\":3,\"change\":[";

    @Test
    void aTransactionOfFormat1IsOneMessage() {
        String changes = String.join(",", INSERT_1, UPDATE_1, MESSAGE_1, DELETE_1);
        assertTransaction(decode("{" + HEAD + changes + "]}"), NEXT);
        assertThat(decode("{\"change\":[]}"))
                .containsExactly(new Begin(Lsn.ZERO, Instant.EPOCH, 0), new Commit(Lsn.ZERO, HERE, Instant.EPOCH));
    }

    @Test
    void aTransactionOfFormat1MayComeInChunks() {
        List<PgOutputMessage> all = new ArrayList<>();
        String outside = "{\"change\":[" + MESSAGE_1.replace("true", "false") + "]}";
        for (String chunk : List.of("{" + HEAD, INSERT_1, "," + UPDATE_1, "\n\t\t,\n" + MESSAGE_1, "," + DELETE_1)) {
            all.addAll(decode(chunk));
        }
        assertThat(decode(outside)).hasSize(1).first().isInstanceOf(LogicalMessage.class);
        all.addAll(decode("\t]\n}"));
        assertTransaction(all, NEXT);
        assertTransaction(
                new Chunks().decode("{" + HEAD, INSERT_1 + "\n," + UPDATE_1 + "\n," + MESSAGE_1, "," + DELETE_1, "]}"),
                NEXT);
        decode("{\"change\":[");
        refused("{\"change\":[", "before all chunks");
        refused("]", "end of the transaction");
        assertThat(decode("]}")).hasSize(1);
        refused("]}", "wal2json");
    }

    private static final class Chunks {
        private final Wal2JsonDecoder decoder = new Wal2JsonDecoder(TypeRegistry.global());

        List<PgOutputMessage> decode(String... texts) {
            List<PgOutputMessage> messages = new ArrayList<>();
            for (String text : texts) {
                decoder.decode(text, HERE, messages::add);
            }
            return messages;
        }
    }

    @Test
    void whatIsWithinNoTransactionBeginsNone() {
        LogicalMessage message = (LogicalMessage) decode("{\"change\":[" + MESSAGE_1.replace("true", "false") + "]}")
                .getFirst();
        assertThat(message.transactional()).isFalse();
    }

    @Test
    void severalTextsBehindEachOtherAreSeveralMessages() {
        assertThat(decode("{\"action\":\"B\"}\n{\"action\":\"C\"}\n")).hasSize(2);
    }

    @Test
    void membersThatAreUnknownOrComeTwiceAreNoHarm() {
        assertThat(decode("{\"x\":[{\"y\":[1,{}],\"z\":null}],\"action\":\"I\",\"action\":\"B\",\"xid\":1,\"xid\":2}"))
                .containsExactly(new Begin(Lsn.ZERO, Instant.EPOCH, 2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "{}",
                "{\"action\":\"X\"}",
                "{\"action\":7}",
                "{\"action\":\"B\"}}",
                "{\"action\":\"B\",}",
                "{\"action\":\"B\" \"xid\":1}",
                "{\"action\":\"B\",\"xid\":-1}",
                "{\"action\":\"B\",\"xid\":1.5}",
                "{\"action\":\"B\",\"xid\":4294967296}",
                "{\"action\":\"B\",\"lsn\":\"here\"}",
                "{\"action\":\"B\",\"timestamp\":\"now\"}",
                "{\"action\":\"I\"}",
                "{\"action\":\"I\",\"table\":null}",
                "{\"action\":\"I\",\"table\":\"t\",\"columns\":{}}",
                "{\"action\":\"I\",\"table\":\"t\",\"columns\":[{\"value\":1}]}",
                "{\"action\":\"I\",\"table\":\"t\",\"columns\":[{\"name\":\"a\",\"value\":[1]}]}",
                "{\"action\":\"I\",\"table\":\"t\",\"columns\":[{\"name\":\"a\"},{\"name\":\"a\"}]}",
                "{\"action\":\"I\",\"table\":\"t\",\"columns\":[{\"name\":\"a\",\"typeoid\":4294967296}]}",
                "{\"action\":\"I\",\"table\":\"t\",\"pk\":7}",
                "{\"action\":\"M\",\"transactional\":1}",
                "{\"change\":[{\"kind\":\"insert\",\"table\":\"t\",\"columnnames\":[\"a\"],\"columnvalues\":[]}]}",
                "{\"change\":[{\"kind\":\"insert\",\"table\":\"t\",\"columnnames\":[null],\"columnvalues\":[1]}]}",
                "{\"change\":[{\"kind\":\"insert\",\"table\":\"t\",\"columnnames\":[\"a\"],\"columntypes\":[\"b\",\"c\"],\"columnvalues\":[1]}]}",
                "{\"change\":[7]}",
            })
    void whatThePluginDoesNotWriteIsRefused(String text) {
        refused(text, "wal2json's message");
    }

    /** Says that each text, ended anywhere or with any byte changed, is read or refused in no other way than it should be. */
    @Test
    void whateverComesIsReadOrRefused() {
        String id = column("id", "integer", "1");
        String texts = row("U", columns("columns", id, column("b", "bytea", "\"\\u00e4\\ud83d\\ude00\"")))
                + columns("identity", id) + ",\"pk\":[" + id + "]," + DETAILS + "}";
        List<String> all = List.of(
                texts,
                "{" + HEAD + INSERT_1 + "," + UPDATE_1 + "," + DELETE_1 + "," + MESSAGE_1 + "]}",
                "{\"action\":\"M\",\"xid\":null,\"transactional\":true,\"prefix\":\"p\",\"content\":\"c\"}");
        for (String text : all) {
            for (int i = 0; i < text.length(); i++) {
                readOrRefused(text.substring(0, i));
                for (char other : new char[] {' ', '"', '{', '}', '[', ']', ',', '\\', '9', '\u00e9', 0}) {
                    readOrRefused(text.substring(0, i) + other + text.substring(i + 1));
                }
            }
        }
    }

    private static void readOrRefused(String text) {
        try {
            new Wal2JsonDecoder(TypeRegistry.global()).decode(text, HERE, ignored -> {});
        } catch (ProtocolException e) {
            assertThat(e).hasMessageContaining("wal2json");
        }
    }
}
