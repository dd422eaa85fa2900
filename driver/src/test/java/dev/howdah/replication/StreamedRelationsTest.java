package dev.howdah.replication;

import static dev.howdah.replication.PgOutputBytes.message;
import static dev.howdah.replication.PgOutputBytes.streamAbort;
import static dev.howdah.replication.PgOutputBytes.streamCommit;
import static dev.howdah.replication.PgOutputBytes.streamStart;
import static dev.howdah.replication.PgOutputBytes.streamStop;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ProtocolException;
import dev.howdah.replication.Change.Insert;
import dev.howdah.testkit.SeededRandom;
import dev.howdah.type.TypeRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is told of tables within streamed transactions counts there, and for all from their commit on. */
class StreamedRelationsTest {

    private PgOutputDecoder decoder = new PgOutputDecoder(TypeRegistry.global().child());

    private PgOutputMessage decode(byte[] message) {
        return decoder.decode(message, 0, message.length);
    }

    /** Tells, in a block of a transaction, or in none for 0, that the table has this column. */
    private void tell(int xid, String column) {
        if (xid == 0) {
            decode(message('R').table(1, "t", column).done());
        } else {
            decode(streamStart(xid));
            decode(message('R', xid).table(1, "t", column).done());
            decode(streamStop());
        }
    }

    /** Returns the name of the table's column for a row that comes in a block of a transaction, or in none for 0. */
    private String seen(int xid) {
        if (xid == 0) {
            return column(decode(message('I').int32(1).row('N', "x").done()));
        }
        decode(streamStart(xid));
        try {
            Insert insert =
                    (Insert) decode(message('I', xid + 1).int32(1).row('N', "x").done());
            assertThat(insert.xid()).isEqualTo(xid + 1);
            return column(insert);
        } finally {
            decode(streamStop());
        }
    }

    private static String column(PgOutputMessage message) {
        return ((Insert) message).relation().columns().getFirst().name();
    }

    @Test
    void eachStreamedTransactionHasItsOwn() {
        tell(0, "all");
        tell(10, "ten");
        tell(20, "twenty");
        assertThat(List.of(seen(0), seen(10), seen(20), seen(30))).containsExactly("all", "ten", "twenty", "all");
        decode(streamCommit(20));
        assertThat(List.of(seen(0), seen(10), seen(20), seen(30))).containsExactly("twenty", "ten", "twenty", "twenty");
        decode(streamAbort(10, 10));
        assertThat(List.of(seen(0), seen(10))).containsExactly("twenty", "twenty");
    }

    @Test
    void whatWasToldOnlyInATransactionThatIsRolledBackIsUnknown() {
        tell(10, "ten");
        decode(streamAbort(10, 10));
        assertThatThrownBy(() -> seen(0)).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> seen(10)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void aPreparedTransactionCountsForAll() {
        tell(10, "ten");
        decode(message('p')
                .int8(0)
                .int64(1)
                .int64(2)
                .int64(3)
                .int32(10)
                .text("gid")
                .done());
        assertThat(seen(0)).isEqualTo("ten");
    }

    @Test
    void whatWasToldForAllLaterStays() {
        tell(10, "ten");
        tell(0, "later");
        assertThat(seen(10)).isEqualTo("ten");
        decode(streamCommit(10));
        assertThat(seen(0)).isEqualTo("later");
        tell(20, "twenty");
        tell(30, "thirty");
        decode(streamCommit(30));
        decode(streamCommit(20));
        assertThat(seen(0)).isEqualTo("thirty");
    }

    @Test
    void aSubtransactionThatIsRolledBackTakesWhatWasToldWithIt() {
        tell(0, "before");
        tell(10, "in a part");
        decode(streamAbort(10, 11));
        decode(streamCommit(10));
        assertThat(seen(0)).isEqualTo("before");
    }

    @Test
    void typesAreToldInTheSameWay() {
        decode(message('Y').int32(50_000).text("public").text("old").done());
        decode(streamStart(10));
        decode(message('Y', 11).int32(50_000).text("public").text("new").done());
        assertThat(typeTold('R', 11)).isEqualTo("public.new");
        decode(streamStop());
        assertThat(typeTold('R', 0)).isEqualTo("public.old");
        decode(streamCommit(10));
        assertThat(typeTold('R', 0)).isEqualTo("public.new");
    }

    private String typeTold(char type, int xid) {
        PgOutputBytes message = xid == 0 ? message(type) : message(type, xid);
        byte[] table = message.int32(2)
                .text("public")
                .text("u")
                .int8('d')
                .int16(1)
                .column(true, "a", 50_000)
                .done();
        Relation relation = ((PgOutputMessage.RelationMessage) decode(table)).relation();
        return String.valueOf(relation.columns().getFirst().toldType());
    }

    /** Against a model that is as simple as it can be, with many transactions and little memory. */
    @Test
    void anyOrderOfBlocksAndEndsIsUnderstood() {
        SeededRandom.check(200, random -> {
            decoder = new PgOutputDecoder(TypeRegistry.global().child(), false, 4_000);
            Map<Integer, Integer> told = new HashMap<>();
            for (int i = 1; i < 300; i++) {
                int xid = 100 * random.nextInt(0, 5);
                switch (random.nextInt(0, 8)) {
                    case 0 -> {
                        decode(streamAbort(xid + 100, xid + 100 + random.nextInt(0, 2)));
                        told.remove(xid + 100);
                    }
                    case 1 -> {
                        decode(streamCommit(xid + 100));
                        Integer ended = told.remove(xid + 100);
                        if (ended != null) {
                            told.merge(0, ended, Math::max);
                        }
                    }
                    case 2, 3, 4 -> {
                        tell(xid, "c" + i);
                        told.put(xid, i);
                    }
                    default -> {
                        Integer due = told.getOrDefault(xid, told.get(0));
                        if (due != null) {
                            assertThat(seen(xid)).isEqualTo("c" + due);
                        }
                    }
                }
            }
        });
    }
}
