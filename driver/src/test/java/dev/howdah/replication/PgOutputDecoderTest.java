package dev.howdah.replication;

import static dev.howdah.replication.PgOutputBytes.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConversionException;
import dev.howdah.error.ProtocolException;
import dev.howdah.replication.Change.Insert;
import dev.howdah.replication.Change.Truncate;
import dev.howdah.replication.Change.Update;
import dev.howdah.replication.PgOutputMessage.Begin;
import dev.howdah.replication.PgOutputMessage.Origin;
import dev.howdah.replication.PgOutputMessage.RelationMessage;
import dev.howdah.replication.PgOutputMessage.StreamAbort;
import dev.howdah.replication.PgOutputMessage.StreamStart;
import dev.howdah.replication.PgOutputMessage.Unknown;
import dev.howdah.type.Lsn;
import dev.howdah.type.PgType;
import dev.howdah.type.TypeRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Messages that servers rarely send, or never. */
class PgOutputDecoderTest {

    private static final int MOOD = 50_000;

    private final TypeRegistry types = TypeRegistry.global().child();
    private final PgOutputDecoder decoder = new PgOutputDecoder(types);

    private static PgOutputMessage decode(PgOutputDecoder decoder, byte[] message) {
        return decoder.decode(message, 0, message.length);
    }

    private PgOutputMessage decode(byte[] message) {
        return decode(decoder, message);
    }

    private void refused(byte[] message, String... texts) {
        assertThatThrownBy(() -> decode(message))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContainingAll(texts);
    }

    @Test
    void theBufferIsReadFromItsPositionToItsLimitAndLeftAsItWas() {
        byte[] begin = PgOutputBytes.begin(-2);
        ByteBuffer buffer = ByteBuffer.allocateDirect(begin.length + 4);
        buffer.position(3).put(begin).position(3).limit(3 + begin.length);
        Begin decoded = (Begin) decoder.decode(buffer);
        assertThat(decoded).isEqualTo(new Begin(Lsn.of(1), Instant.parse("2000-01-01T00:00:00Z"), 4_294_967_294L));
        assertThat(buffer.position()).isEqualTo(3);
        assertThat(buffer.remaining()).isEqualTo(begin.length);
    }

    @Test
    void aMessageOfAStreamIsPassedOn() {
        byte[] begin = PgOutputBytes.begin(7);
        List<PgOutputMessage> passed = new ArrayList<>();
        ChangeDecoder any = decoder;
        any.decode(new ReplicationMessage(null, Lsn.ZERO, Lsn.ZERO, 0, begin, false), passed::add);
        assertThat(passed).containsExactly(decode(begin));
    }

    @Test
    void whatWasDecodedDoesNotChangeWithTheArray() {
        decode(message('R').table(1, "t", "a").done());
        byte[] insert = message('I').int32(1).row('N', "before").done();
        Insert decoded = (Insert) decode(insert);
        insert[insert.length - 1] = '!';
        assertThat(decoded.newRow().getString(0)).isEqualTo("before");
    }

    @Test
    void everyTimeIsATime() {
        for (long micros : new long[] {Long.MIN_VALUE, -1, 1, Long.MAX_VALUE}) {
            Begin begin =
                    (Begin) decode(message('B').int64(-1).int64(micros).int32(1).done());
            assertThat(begin.finalLsn()).isEqualTo(Lsn.parse("FFFFFFFF/FFFFFFFF"));
            if (micros == -1) {
                assertThat(begin.commitTime()).isEqualTo(Instant.parse("1999-12-31T23:59:59.999999Z"));
            }
        }
    }

    @Test
    void anAbortHasTwoMoreFieldsIfStreamingIsParallel() {
        PgOutputDecoder parallel = new PgOutputDecoder(types, true);
        byte[] brief = PgOutputBytes.streamAbort(7, 8);
        byte[] full = message('A').int32(7).int32(8).int64(16).int64(1_000_000).done();
        assertThat(decode(brief)).isEqualTo(new StreamAbort(7, 8, null, null));
        assertThat(decode(parallel, full))
                .isEqualTo(new StreamAbort(7, 8, Lsn.of(16), Instant.parse("2000-01-01T00:00:01Z")));
        refused(full, "Stream Abort", "streaming is parallel, which the decoder was not told");
        assertThatThrownBy(() -> decode(parallel, brief))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("streaming were not parallel");
    }

    @Test
    void anUnknownMessageIsPassedOn() {
        Unknown unknown = (Unknown) decode(new byte[] {'Z', 1, 2});
        assertThat(unknown.type()).isEqualTo((byte) 'Z');
        assertThat(unknown.content()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
        assertThat(unknown.content().isReadOnly()).isTrue();
        assertThat(unknown).isEqualTo(decode(new byte[] {'Z', 1, 2})).isNotEqualTo(decode(new byte[] {'Z', 1, 3}));
        assertThat(((Unknown) decode(new byte[] {-1})).content().remaining()).isZero();
        refused(new byte[0], "no bytes");
    }

    @Test
    void everyMessageOfTheDocumentationIsKnown() {
        StringBuilder known = new StringBuilder();
        for (int letter = 0; letter < 256; letter++) {
            byte[] empty = {(byte) letter};
            try {
                if (!(decode(empty) instanceof Unknown)) {
                    known.append((char) letter);
                }
            } catch (ProtocolException e) {
                known.append((char) letter);
            }
        }
        assertThat(known).hasToString("ABCDEIKMOPRSTUYbcpr");
    }

    @Test
    void theEndOfATransactionNeverSeenIsTold() {
        assertThat(decode(PgOutputBytes.streamAbort(9, 9))).isEqualTo(new StreamAbort(9, 9, null, null));
        assertThat(decode(PgOutputBytes.streamCommit(9))).isInstanceOf(PgOutputMessage.StreamCommit.class);
        PgOutputBytes prepared =
                message('K').int8(0).int64(1).int64(2).int64(3).int32(4).text("gid");
        assertThat(decode(prepared.done())).isInstanceOf(PgOutputMessage.CommitPrepared.class);
        PgOutputBytes rolledBack = message('r')
                .int8(0)
                .int64(1)
                .int64(2)
                .int64(3)
                .int64(4)
                .int32(5)
                .text("gid");
        assertThat(decode(rolledBack.done()))
                .isEqualTo(new PgOutputMessage.RollbackPrepared(
                        Lsn.of(1),
                        Lsn.of(2),
                        Instant.parse("2000-01-01T00:00:00.000003Z"),
                        Instant.parse("2000-01-01T00:00:00.000004Z"),
                        5,
                        "gid"));
    }

    @Test
    void blocksBeginAndEndInTurn() {
        refused(PgOutputBytes.streamStop(), "Stream Stop", "no stream block is open");
        refused(PgOutputBytes.streamStart(0), "Stream Start", "ID 0");
        assertThat(decode(PgOutputBytes.streamStart(-1))).isEqualTo(new StreamStart(4_294_967_295L, true));
        for (byte[] outside : List.of(
                PgOutputBytes.streamStart(2),
                PgOutputBytes.begin(3),
                PgOutputBytes.streamCommit(4),
                PgOutputBytes.streamAbort(5, 5))) {
            refused(outside, "must not stand within a stream block");
        }
        assertThat(decode(message('O').int64(0).text("here").done())).isEqualTo(new Origin(Lsn.ZERO, "here"));
        decode(PgOutputBytes.streamStop());
        decode(PgOutputBytes.begin(3));
    }

    @Test
    void aRowNeedsItsTable() {
        byte[] insert = message('I').int32(-1).row('N', "a").done();
        refused(insert, "pgoutput's message Insert", "OID 4294967295");
        decode(message('R').table(-1, "t", "a", "b").done());
        refused(insert, "1 columns where public.t has 2");
        refused(message('T').int32(2).int8(0).int32(-1).int32(3).done(), "Truncate", "OID 3");
        Truncate truncate =
                (Truncate) decode(message('T').int32(1).int8(3).int32(-1).done());
        assertThat(truncate.relations()).extracting(Relation::oid).containsExactly(4_294_967_295L);
    }

    @Test
    void whatIsNoMessageIsRefusedAndNothingIsKeptOfIt() {
        refused(message('B').int64(1).done(), "Begin", "ends early");
        refused(message('B').int64(1).int64(2).int32(3).int8(4).done(), "Begin", "1 bytes too many");
        refused(message('C').int8(1).int64(1).int64(2).int64(3).done(), "Commit", "flags are 1");
        refused(message('O').int64(1).int8('x').done(), "Origin", "has no end");
        refused(message('R').int32(1).text("").text("t").int8('x').int16(0).done(), "Relation", "replica identity");
        refused(
                message('R')
                        .int32(1)
                        .text("")
                        .text("t")
                        .int8('d')
                        .int16(-1)
                        .int8(0)
                        .done(),
                "Relation",
                "65535 columns but has only 1 bytes");
        refused(message('T').int32(Integer.MAX_VALUE).int8(0).int32(1).done(), "Truncate", "2147483647 tables");
        refused(message('T').int32(-1).int8(0).done(), "Truncate", "-1 tables");
        refused(message('M').int8(0).int64(1).text("p").int32(Integer.MAX_VALUE).done(), "Message", "ends early");
        refused(message('M').int8(0).int64(1).text("p").int32(-1).done(), "Message");
        refused(message('R').table(1, "t", "a").int8(0).done(), "Relation", "too many");
        refused(message('I').int32(1).row('N', "a").done(), "OID 1");
        decode(message('R').table(1, "t", "a").done());
        refused(message('I').int32(1).row('K', "a").done(), "Insert", "in place of N");
        refused(message('U').int32(1).row('X', "a").done(), "Update", "in place of K or O");
        refused(message('U').int32(1).row('K', "a").row('K', "a").done(), "Update", "in place of N");
        refused(message('D').int32(1).row('N', "a").done(), "Delete", "in place of K or O");
        refused(message('I').int32(1).int8('N').int16(1).int8('x').done(), "Insert", "column 0", "n, u, t or b");
        refused(message('I').int32(1).int8('N').int16(1).int8('t').int32(-1).done(), "Insert");
        refused(
                message('I')
                        .int32(1)
                        .int8('N')
                        .int16(1)
                        .int8('t')
                        .int32(1 << 30)
                        .done(),
                "Insert",
                "ends early");
        refused(message('I').int32(1).int8('N').int16(1).done(), "Insert", "0 bytes");
    }

    @Test
    void aTableSaidAgainIsTheSameObject() {
        Relation first = relation(message('R').table(1, "t", "a", "b").done());
        assertThat(relation(message('R').table(1, "t", "a", "b").done())).isSameAs(first);
        Relation second = relation(message('R').table(1, "t", "a", "c").done());
        assertThat(second).isNotSameAs(first);
        assertThat(relation(message('R').table(1, "t", "a", "b").done())).isNotSameAs(first);
        assertThat(relation(message('R')
                                .int32(1)
                                .text("")
                                .text("t")
                                .int8('d')
                                .int16(0)
                                .done())
                        .schema())
                .isEqualTo("pg_catalog");
    }

    private Relation relation(byte[] message) {
        return ((RelationMessage) decode(message)).relation();
    }

    @Test
    void typesThatBecomeKnownLaterAreReadFromThenOn() {
        decode(message('Y').int32(MOOD).text("public").text("mood").done());
        decode(message('R')
                .int32(1)
                .text("public")
                .text("t")
                .int8('d')
                .int16(2)
                .column(true, "a", MOOD)
                .column(false, "b", MOOD)
                .done());
        byte[] sad = "sad".getBytes(StandardCharsets.UTF_8);
        Insert insert = (Insert) decode(message('I')
                .int32(1)
                .int8('N')
                .int16(2)
                .value('t', sad)
                .value('b', sad)
                .done());
        ChangedRow row = insert.newRow();
        assertThat(row.relation().columns().getFirst().toldType())
                .isEqualTo(new Relation.TypeName("public", "mood"))
                .hasToString("public.mood");
        assertThat(row.relation().unknownTypes()).isEqualTo(Set.of(MOOD));
        assertThat(row.get("a")).isEqualTo("sad");
        assertThatThrownBy(() -> row.getString("b"))
                .isInstanceOf(ConversionException.class)
                .hasMessageContainingAll("Column 1 (b)", "the type with OID 50000", "binary form", "addTypes");
        assertThat(row.getBytes("b")).isEqualTo(sad);
        assertThat(row).hasToString("[a=sad, b=?]");
        types.addTypes(List.of(PgType.of(MOOD, "public", "mood", PgType.Kind.ENUM, 0)));
        assertThat(row.getString("b")).isEqualTo("sad");
        assertThat(row.relation().unknownTypes()).isEmpty();
    }

    @Test
    void aDomainIsReadAsTheTypeBelowThatIsTold() {
        decode(message('Y').int32(MOOD).text("").text("int4").done());
        decode(message('R')
                .int32(1)
                .text("public")
                .text("t")
                .int8('d')
                .int16(1)
                .column(true, "a", MOOD)
                .done());
        Insert insert = (Insert) decode(message('I')
                .int32(1)
                .int8('N')
                .int16(1)
                .value('b', new byte[] {0, 0, 0, 7})
                .done());
        assertThat(insert.newRow().get("a")).isEqualTo(7);
        assertThat(insert.newRow().getInt("a")).isEqualTo(7);
        assertThat(insert.relation().unknownTypes()).isEmpty();
        assertThat(insert.relation().columns().getFirst().typeOid()).isEqualTo(MOOD);
    }

    @Test
    void gettersReadBothForms() {
        decode(message('R')
                .int32(1)
                .text("public")
                .text("t")
                .int8('d')
                .int16(6)
                .column(true, "i", PgOutputBytes.INT4)
                .column(false, "l", 20)
                .column(false, "d", 701)
                .column(false, "f", 700)
                .column(false, "z", 16)
                .column(false, "s", 21)
                .done());
        Insert text = (Insert) decode(
                message('I').int32(1).row('N', "1", "2", "3.5", "4.5", "t", "6").done());
        Insert binary = (Insert) decode(message('I')
                .int32(1)
                .int8('N')
                .int16(6)
                .value('b', ByteBuffer.allocate(4).putInt(1).array())
                .value('b', ByteBuffer.allocate(8).putLong(2).array())
                .value('b', ByteBuffer.allocate(8).putDouble(3.5).array())
                .value('b', ByteBuffer.allocate(4).putFloat(4.5f).array())
                .value('b', new byte[] {1})
                .value('b', new byte[] {0, 6})
                .done());
        for (ChangedRow row : List.of(text.newRow(), binary.newRow())) {
            assertThat(row.size()).isEqualTo(6);
            assertThat(row.getInt("i")).isEqualTo(1);
            assertThat(row.getLong("i")).isEqualTo(1);
            assertThat(row.getLong("l")).isEqualTo(2);
            assertThat(row.getInt("l")).isEqualTo(2);
            assertThat(row.getDouble("d")).isEqualTo(3.5);
            assertThat(row.getFloat("f")).isEqualTo(4.5f);
            assertThat(row.getBoolean("z")).isTrue();
            assertThat(row.getShort("s")).isEqualTo((short) 6);
            assertThat(row.get("i", Integer.class)).isEqualTo(1);
            assertThat(row.get("s", new dev.howdah.type.TypeRef<Optional<Short>>() {}))
                    .contains((short) 6);
        }
        Insert none = (Insert) decode(message('I')
                .int32(1)
                .row('N', null, null, null, null, null, null)
                .done());
        assertThat(none.newRow().get("s", new dev.howdah.type.TypeRef<Optional<Short>>() {}))
                .isEmpty();
        assertThat(none.newRow().get("i", Integer.class)).isNull();
        assertThatThrownBy(() -> none.newRow().getInt("i"))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("Column 0 (i)")
                .hasMessageContaining("NULL");
    }

    private record Item(int id, Optional<String> name, long amount) {}

    @Test
    void aRowBecomesARecordIfAllItNeedsIsKnown() {
        decode(message('R')
                .int32(1)
                .text("public")
                .text("item")
                .int8('d')
                .int16(4)
                .column(true, "id", PgOutputBytes.INT4)
                .column(false, "name", PgOutputBytes.TEXT)
                .column(false, "amount", 20)
                .column(false, "more", PgOutputBytes.TEXT)
                .done());
        PgOutputBytes both = message('U').int32(1).row('K', "1", null, null, null);
        Update update = (Update) decode(both.int8('N')
                .int16(4)
                .value('b', new byte[] {0, 0, 0, 2})
                .int8('n')
                .value('t', new byte[] {'7'})
                .int8('u')
                .done());
        assertThat(update.newRow().as(Item.class)).isEqualTo(new Item(2, Optional.empty(), 7));
        assertThat(update.oldRow()).isNotNull();
        assertThatThrownBy(() -> update.oldRow().as(Item.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Column 1 (name) of public.item");
        assertThatThrownBy(() -> update.newRow().as(Relation.TypeName.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("schema");
        assertThatThrownBy(() -> update.newRow().as(String.class)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ofAFilledRowOnlyWhatIsUnchangedComesFromTheOldOne() {
        decode(message('R').table(1, "t", "a", "b", "c").done());
        PgOutputBytes both = message('U').int32(1).row('O', "1", "2", null);
        Update update = (Update) decode(both.int8('N')
                .int16(3)
                .int8('u')
                .value('t', new byte[] {'9'})
                .int8('u')
                .done());
        assertThat(update.newRow().asMap()).containsOnlyKeys("b");
        assertThat(update.filledRow()).hasToString("[a=1, b=9]");
        assertThat(update.filledRow().state("c")).isEqualTo(ColumnState.UNCHANGED);
    }

    @Test
    void tablesTakeNoMoreMemoryThanAllowed() {
        PgOutputDecoder small = new PgOutputDecoder(types, false, 10_000);
        assertThatThrownBy(() -> {
                    for (int oid = 1; oid < 1000; oid++) {
                        decode(small, message('R').table(oid, "t", "a", "b").done());
                    }
                })
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("10000 bytes");
        for (int i = 0; i < 1000; i++) {
            decode(small, message('R').table(1, "t" + i, "a", "b").done());
        }
        assertThatThrownBy(() -> decode(
                        small,
                        message('Y')
                                .int32(1)
                                .text("public")
                                .text("x".repeat(10_000))
                                .done()))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("pgoutput's message Type");
        assertThatThrownBy(() -> new PgOutputDecoder(types, false, -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
