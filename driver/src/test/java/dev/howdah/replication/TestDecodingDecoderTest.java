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
import dev.howdah.replication.PgOutputMessage.CommitPrepared;
import dev.howdah.replication.PgOutputMessage.Prepare;
import dev.howdah.replication.PgOutputMessage.RelationMessage;
import dev.howdah.replication.PgOutputMessage.RollbackPrepared;
import dev.howdah.replication.PgOutputMessage.StreamAbort;
import dev.howdah.replication.PgOutputMessage.StreamCommit;
import dev.howdah.replication.PgOutputMessage.StreamPrepare;
import dev.howdah.replication.PgOutputMessage.StreamStart;
import dev.howdah.replication.PgOutputMessage.StreamStop;
import dev.howdah.type.BuiltinTypes;
import dev.howdah.type.Lsn;
import dev.howdah.type.TypeRegistry;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every form of test_decoding's text. */
class TestDecodingDecoderTest {

    private static final Lsn HERE = Lsn.parse("0/16B3748");
    private static final Instant TIME = Instant.parse("2026-03-01T10:20:30.123456Z");
    private static final String PRINTED = " (at 2026-03-01 12:20:30.123456+02)";

    private record Item(int id, String name) {}

    private final TestDecodingDecoder decoder =
            new TestDecodingDecoder(TypeRegistry.global().child());

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

    private static Stream<Arguments> transactions() {
        Lsn none = Lsn.ZERO;
        Instant never = Instant.EPOCH;
        return Stream.of(
                Arguments.of("BEGIN", new Begin(none, never, 0)),
                Arguments.of("BEGIN 4294967295", new Begin(none, never, 4_294_967_295L)),
                Arguments.of("COMMIT", new Commit(none, HERE, never)),
                Arguments.of("COMMIT 7", new Commit(none, HERE, never)),
                Arguments.of("COMMIT 7" + PRINTED, new Commit(none, HERE, TIME)),
                Arguments.of("COMMIT" + PRINTED, new Commit(none, HERE, TIME)),
                Arguments.of("PREPARE TRANSACTION 'it''s'", new Prepare(none, HERE, never, 0, "it's")),
                Arguments.of("PREPARE TRANSACTION 'g', txid 7", new Prepare(none, HERE, never, 7, "g")),
                Arguments.of("PREPARE TRANSACTION 'g'" + PRINTED, new Prepare(none, HERE, TIME, 0, "g")),
                Arguments.of("COMMIT PREPARED 'g', txid 7" + PRINTED, new CommitPrepared(none, HERE, TIME, 7, "g")),
                Arguments.of("COMMIT PREPARED 'g'", new CommitPrepared(none, HERE, never, 0, "g")),
                Arguments.of(
                        "ROLLBACK PREPARED 'g', txid 7" + PRINTED,
                        new RollbackPrepared(none, HERE, never, TIME, 7, "g")),
                Arguments.of("ROLLBACK PREPARED 'g'", new RollbackPrepared(none, HERE, never, never, 0, "g")),
                Arguments.of("opening a streamed block for transaction TXN 9", new StreamStart(9, true)),
                Arguments.of("opening a streamed block for transaction", new StreamStart(0, true)),
                Arguments.of("closing a streamed block for transaction TXN 9", new StreamStop()),
                Arguments.of("closing a streamed block for transaction", new StreamStop()),
                Arguments.of("committing streamed transaction TXN 9", new StreamCommit(9, none, HERE, never)),
                Arguments.of("committing streamed transaction" + PRINTED, new StreamCommit(0, none, HERE, TIME)),
                Arguments.of(
                        "preparing streamed transaction TXN 'g', txid 9" + PRINTED,
                        new StreamPrepare(none, HERE, TIME, 9, "g")),
                Arguments.of("preparing streamed transaction 'g'", new StreamPrepare(none, HERE, never, 0, "g")));
    }

    @ParameterizedTest
    @MethodSource("transactions")
    void transactionsHaveWhatTheirTextTells(String text, PgOutputMessage message) {
        assertThat(decode(text)).containsExactly(message);
        refused(text + "!", "test_decoding's message " + text.split("[^a-zA-Z]", 2)[0]);
    }

    /** A value as it is printed, the name that its type is printed with, the type, the value. */
    private static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of("integer", "-7", BuiltinTypes.INT4, -7),
                Arguments.of("smallint", "7", BuiltinTypes.INT2, (short) 7),
                Arguments.of("bigint", "9223372036854775807", BuiltinTypes.INT8, Long.MAX_VALUE),
                Arguments.of("real", "1e-05", BuiltinTypes.FLOAT4, 1e-5f),
                Arguments.of("double precision", "1e+20", BuiltinTypes.FLOAT8, 1e20),
                Arguments.of("double precision", "NaN", BuiltinTypes.FLOAT8, Double.NaN),
                Arguments.of("double precision", "-Infinity", BuiltinTypes.FLOAT8, Double.NEGATIVE_INFINITY),
                Arguments.of("numeric", "1.500", BuiltinTypes.NUMERIC, new BigDecimal("1.500")),
                Arguments.of("boolean", "true", BuiltinTypes.BOOL, true),
                Arguments.of("boolean", "false", BuiltinTypes.BOOL, false),
                Arguments.of("boolean", "null", BuiltinTypes.BOOL, null),
                Arguments.of("text", "'null'", BuiltinTypes.TEXT, "null"),
                Arguments.of("text", "''", BuiltinTypes.TEXT, ""),
                Arguments.of("text", "'it''s'''", BuiltinTypes.TEXT, "it's'"),
                Arguments.of("text", "'a\nb c[integer]:1'", BuiltinTypes.TEXT, "a\nb c[integer]:1"),
                Arguments.of("text", "'\u00e4\u4e16\ud83d\ude00'", BuiltinTypes.TEXT, "\u00e4\u4e16\ud83d\ude00"),
                Arguments.of("character varying", "'x'", BuiltinTypes.VARCHAR, "x"),
                Arguments.of(
                        "timestamp with time zone",
                        "'2026-03-01 12:20:30.123456+02'",
                        BuiltinTypes.TIMESTAMPTZ,
                        OffsetDateTime.parse("2026-03-01T10:20:30.123456Z")),
                Arguments.of("integer[]", "'{1,NULL}'", BuiltinTypes.INT4_ARRAY, Arrays.asList(1, null)),
                Arguments.of("mood", "'happy'", 0, "happy"),
                Arguments.of("\"My Type\"[]", "'{a}'", 0, "{a}"),
                Arguments.of("public.\"a]b\"\"c\"", "'x'", 0, "x"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void valuesAreReadAsTheirTypes(String type, String printed, int oid, Object value) {
        Insert insert = last(Insert.class, "table public.t: INSERT: v[" + type + "]:" + printed + " last[integer]:3");
        assertThat(insert.relation().columns().getFirst().typeOid()).isEqualTo(oid);
        Object read = insert.newRow().get("v");
        assertThat(read instanceof OffsetDateTime time ? time.toInstant() : read)
                .isEqualTo(value instanceof OffsetDateTime time ? time.toInstant() : value);
        assertThat(insert.newRow().getInt("last")).isEqualTo(3);
    }

    @Test
    void bitsAreRead() {
        Insert insert = last(Insert.class, "table a.t: INSERT: b[bit]:B'101' v[bit varying]:B''");
        assertThat(insert.newRow().getString("b")).isEqualTo("101");
        assertThat(insert.newRow().getString("v")).isEmpty();
    }

    @Test
    void namesMayHoldAnything() {
        Insert insert = last(
                Insert.class,
                "table \"Odd \"\"Schema.\".\"t: INSERT:\": INSERT: \"a b\"[integer]:1 \"c]:\"\"[\"[text]:'x' _d2[text]:'y'");
        assertThat(insert.relation().schema()).isEqualTo("Odd \"Schema.");
        assertThat(insert.relation().name()).isEqualTo("t: INSERT:");
        assertThat(insert.newRow().asMap())
                .containsExactly(Map.entry("a b", 1), Map.entry("c]:\"[", "x"), Map.entry("_d2", "y"));
    }

    @Test
    void aRelationComesWhenRowsShowSomethingNew() {
        List<PgOutputMessage> first = decode("table public.t: INSERT: id[integer]:1 name[text]:'a'");
        assertThat(first).hasSize(2);
        Relation relation = ((RelationMessage) first.getFirst()).relation();
        assertThat(relation.oid()).isZero();
        assertThat(relation).hasToString("public.t");
        assertThat(relation.columns()).extracting(Relation.Column::key).containsExactly(false, false);
        List<PgOutputMessage> second = decode("table public.t: INSERT: id[integer]:2 name[text]:null");
        assertThat(second).hasSize(1);
        assertThat(((Insert) second.getFirst()).relation()).isSameAs(relation);
        assertThat(((Insert) second.getFirst()).newRow().as(Item.class)).isEqualTo(new Item(2, null));
        // The key is shown by the first old row.
        List<PgOutputMessage> third = decode("table public.t: DELETE: id[integer]:2");
        assertThat(third).hasSize(2);
        Relation keyed = ((Delete) third.getLast()).relation();
        assertThat(keyed.columns()).extracting(Relation.Column::key).containsExactly(true, false);
        assertThat(decode("table public.t: DELETE: id[integer]:1")).hasSize(1);
        assertThat(last(Insert.class, "table public.t: INSERT: id[integer]:2 name[text]:null")
                        .relation())
                .isSameAs(keyed);
        // A column more, and one fewer.
        Insert wider = last(Insert.class, "table public.t: INSERT: id[integer]:2 name[text]:'b' more[boolean]:true");
        assertThat(wider.relation().columns()).extracting(Relation.Column::key).containsExactly(true, false, false);
        Insert narrow = last(Insert.class, "table public.t: INSERT: id[bigint]:2");
        assertThat(narrow.relation().columns())
                .containsExactly(new Relation.Column("id", BuiltinTypes.INT8, null, -1, true));
    }

    @Test
    void oldRowsHaveTheirKeyAndNothingElse() {
        decode("table public.t: INSERT: id[integer]:1 name[text]:'a'");
        Update update = last(
                Update.class,
                "table public.t: UPDATE: old-key: id[integer]:1 new-tuple: id[integer]:2 name[text]:unchanged-toast-datum");
        assertThat(update.oldRow().kind()).isEqualTo(ChangedRow.Kind.KEY);
        assertThat(update.oldRow().asMap()).containsExactly(Map.entry("id", 1));
        assertThat(update.oldRow().state("name")).isEqualTo(ColumnState.ABSENT);
        assertThatThrownBy(() -> update.oldRow().get("name"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the output plugin did not tell it");
        assertThat(update.newRow().state("name")).isEqualTo(ColumnState.UNCHANGED);
        assertThat(update.filledRow().state("name")).isEqualTo(ColumnState.UNCHANGED);
        Update without = last(Update.class, "table public.t: UPDATE: id[integer]:2 name[text]:'c'");
        assertThat(without.oldRow()).isNull();
    }

    @Test
    void anOldRowWithAllColumnsIsAWholeOne() {
        Update update = last(
                Update.class,
                "table public.t: UPDATE: old-key: id[integer]:1 name[text]:'long'"
                        + " new-tuple: id[integer]:2 name[text]:unchanged-toast-datum");
        assertThat(update.oldRow().kind()).isEqualTo(ChangedRow.Kind.FULL);
        assertThat(update.relation().replicaIdentity()).isEqualTo(ReplicaIdentity.FULL);
        assertThat(update.relation().columns()).allMatch(Relation.Column::key);
        assertThat(update.filledRow().asMap()).containsExactly(Map.entry("id", 2), Map.entry("name", "long"));
        Delete delete = last(Delete.class, "table public.t: DELETE: id[integer]:3");
        assertThat(delete.relation()).isSameAs(update.relation());
        assertThat(delete.oldRow().state("name")).isEqualTo(ColumnState.ABSENT);
    }

    @Test
    void aDeleteOfATableThatIsNotKnownShowsItsKeyOnly() {
        Delete delete = last(Delete.class, "table public.t: DELETE: id[integer]:3");
        assertThat(delete.oldRow().kind()).isEqualTo(ChangedRow.Kind.KEY);
        assertThat(delete.relation().columns())
                .extracting(Relation.Column::name)
                .containsExactly("id");
        Insert insert = last(Insert.class, "table public.t: INSERT: name[text]:'a' id[integer]:1");
        assertThat(insert.relation().columns()).extracting(Relation.Column::key).containsExactly(false, true);
    }

    @Test
    void rowsThatWereNotLoggedAreAbsent() {
        Delete unknown = last(Delete.class, "table public.t: DELETE: (no-tuple-data)");
        assertThat(unknown.oldRow().size()).isZero();
        decode("table public.t: INSERT: id[integer]:1");
        Delete delete = last(Delete.class, "table public.t: DELETE: (no-tuple-data)");
        assertThat(delete.oldRow().state("id")).isEqualTo(ColumnState.ABSENT);
        assertThat(last(Insert.class, "table public.t: INSERT: (no-tuple-data)")
                        .newRow()
                        .state(0))
                .isEqualTo(ColumnState.ABSENT);
        Update update = last(Update.class, "table public.t: UPDATE: old-key: id[integer]:1 new-tuple: (no-tuple-data)");
        assertThat(update.newRow().asMap()).isEmpty();
        assertThat(update.oldRow().getInt("id")).isEqualTo(1);
        assertThat(last(Insert.class, "table public.none: INSERT:").newRow().size())
                .isZero();
    }

    @Test
    void truncateTellsItsTablesAndFlags() {
        decode("table public.t: INSERT: id[integer]:1");
        Truncate truncate = last(Truncate.class, "table public.t, s.\"U, v\": TRUNCATE: restart_seqs cascade");
        assertThat(truncate.relations()).extracting(Relation::toString).containsExactly("public.t", "s.U, v");
        assertThat(truncate.relations().getFirst().columns()).hasSize(1);
        assertThat(truncate.cascade()).isTrue();
        assertThat(truncate.restartIdentity()).isTrue();
        Truncate none = last(Truncate.class, "table public.t: TRUNCATE: (no-flags)");
        assertThat(none.cascade() || none.restartIdentity()).isFalse();
        assertThat(last(Truncate.class, "table public.t: TRUNCATE: cascade").cascade())
                .isTrue();
        refused("table public.t: TRUNCATE:", "flag");
        refused("table public.t: TRUNCATE: (no-flags) cascade", "flag");
        refused("table public.t, public.u: INSERT: id[integer]:1", "several tables");
    }

    @Test
    void messagesHaveTheSizeThatIsSaid() {
        LogicalMessage message = last(
                LogicalMessage.class,
                "message: transactional: 1 prefix: a, sz: 3 content:xyz, sz: 5 content:\u00e4\nbc");
        assertThat(message.prefix()).isEqualTo("a, sz: 3 content:xyz");
        assertThat(message.text()).isEqualTo("\u00e4\nbc");
        assertThat(message.transactional()).isTrue();
        assertThat(message.lsn()).isEqualTo(HERE);
        LogicalMessage empty = last(LogicalMessage.class, "message: transactional: 0 prefix: , sz: 0 content:");
        assertThat(empty.transactional()).isFalse();
        assertThat(empty.content().remaining()).isZero();
        assertThat(last(LogicalMessage.class, "streaming message: transactional: 0 prefix: p, sz: 1 content:x"))
                .isEqualTo(new LogicalMessage(0, false, HERE, "p", ByteBuffer.wrap(new byte[] {'x'})));
        refused("message: transactional: 1 prefix: p, sz: 4 content:xyz", "size");
        refused("message: transactional: 1 prefix: p, sz: 99999999999999999999 content:xyz", "size");
        refused("message: transactional: 1 prefix: p, sz: 2147483648 content:xyz", "size");
    }

    @Test
    void severalLinesAreSeveralMessages() {
        assertThat(decode("BEGIN 7\ntable public.t: INSERT: id[integer]:1 name[text]:'a\nb'\nCOMMIT 7\n"))
                .hasSize(4)
                .last()
                .isInstanceOf(Commit.class);
    }

    @Test
    void whatStreamedTransactionsDoNotTellIsRefused() {
        decode("opening a streamed block for transaction TXN 9");
        assertThat(decode("opening a streamed block for transaction TXN 9")).containsExactly(new StreamStart(9, false));
        assertThat(decode("aborting streamed (sub)transaction TXN 10"))
                .containsExactly(new StreamAbort(9, 10, null, null));
        decode("opening a streamed block for transaction TXN 11");
        refused("aborting streamed (sub)transaction TXN 12", "not told");
        assertThat(decode("aborting streamed (sub)transaction TXN 9"))
                .containsExactly(new StreamAbort(9, 9, null, null));
        decode("committing streamed transaction TXN 11");
        refused("aborting streamed (sub)transaction TXN 11", "not told");
        refused("aborting streamed (sub)transaction", "not told");
        refused("streaming change for TXN 9", "stream-changes");
        refused("streaming change for transaction", "stream-changes");
        refused("streaming truncate for TXN 9", "stream-changes");
        refused("streaming message: transactional: 1 prefix: p, sz: 1", "stream-changes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nothing known",
                "BEGIN x",
                "BEGIN 4294967296",
                "COMMIT (at yesterday)",
                "PREPARE TRANSACTION g",
                "table t: INSERT: id[integer]:1",
                "table public.t INSERT: id[integer]:1",
                "table public.t: MERGE: id[integer]:1",
                "table public.t: INSERT: id[integer]:",
                "table public.t: INSERT: id[integer]:one",
                "table public.t: INSERT: id[integer]:1 ",
                "table public.t: INSERT: id:1",
                "table public.t: INSERT: id[integer]:1 id[integer]:2",
                "table public.t: DELETE: id[integer]:1 id[integer]:2",
                "table public.t: INSERT: id[integer]:1 new-tuple: id[integer]:1",
                "table public.t: UPDATE: old-key: id[integer]:1",
                "table public.t: INSERT: id[text]:'x",
                "table \"public.t: INSERT: id[text]:'x'",
                "message: transactional: 2 prefix: p, sz: 1 content:x",
            })
    void whatThePluginDoesNotWriteIsRefused(String text) {
        refused(text, "test_decoding");
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        byte[] bytes = "table public.t: INSERT: v[text]:'?'".getBytes(StandardCharsets.UTF_8);
        bytes[bytes.length - 2] = (byte) 0xff;
        ReplicationMessage message = new ReplicationMessage(null, HERE, HERE, 0, bytes, false);
        assertThatThrownBy(() -> decoder.decode(message, ignored -> {}))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("UTF-8");
    }

    /** Says that each text, ended anywhere or with any byte changed, is read or refused in no other way than it should be. */
    @Test
    void whateverComesIsReadOrRefused() {
        List<String> texts = new ArrayList<>(
                transactions().map(arguments -> (String) arguments.get()[0]).toList());
        values().forEach(arguments -> texts.add("table public.t: INSERT: v["
                + arguments.get()[0] + "]:" + arguments.get()[1] + " w[text]:'x'"));
        texts.add("table \"a \"\"b\".c: UPDATE: old-key: id[integer]:1 new-tuple: id[integer]:2 name[text]:null");
        texts.add("table a.b, c.d: TRUNCATE: restart_seqs cascade");
        texts.add("table a.b: DELETE: (no-tuple-data)");
        texts.add("message: transactional: 1 prefix: p, sz: 12 content:hello, world");
        texts.add("aborting streamed (sub)transaction TXN 9");
        for (String text : texts) {
            for (int i = 0; i < text.length(); i++) {
                readOrRefused(text.substring(0, i));
                for (char other : new char[] {' ', '\'', '"', '[', ']', '\n', '9', '\u00e9', 0}) {
                    readOrRefused(text.substring(0, i) + other + text.substring(i + 1));
                }
            }
        }
    }

    private static void readOrRefused(String text) {
        try {
            new TestDecodingDecoder(TypeRegistry.global()).decode(text, HERE, ignored -> {});
        } catch (ProtocolException e) {
            assertThat(e).hasMessageContaining("test_decoding");
        }
    }
}
