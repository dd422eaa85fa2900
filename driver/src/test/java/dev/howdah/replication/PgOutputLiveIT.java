package dev.howdah.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.replication.Change.Insert;
import dev.howdah.replication.PgOutputMessage.Commit;
import dev.howdah.replication.PgOutputMessage.StreamAbort;
import dev.howdah.replication.PgOutputMessage.StreamCommit;
import dev.howdah.replication.PgOutputMessage.StreamStart;
import dev.howdah.replication.PgOutputMessage.StreamStop;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.TestDatabase;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;

/** Streamed transactions of which nobody knows, when they come, how they will end. */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class PgOutputLiveIT {

    private static String many(String table, int from) {
        return "insert into " + table + " select i, repeat('x', 500) from generate_series(" + from + ", " + (from + 299)
                + ") i";
    }

    private static String options(TestDatabase database, boolean parallel) {
        return "proto_version '" + Math.min(database.server().version() - 12, 4) + "', streaming '"
                + (parallel ? "parallel" : "on") + "'";
    }

    @ParameterizedTest
    @PostgresVersions
    void aTransactionMayBeRolledBackAfterItWasStreamed(TestDatabase database) throws IOException {
        boolean parallel = database.server().version() >= 16;
        database.execute("create table t (id int, doc text); create publication p for all tables");
        try (PgConnection one = Howdah.connect(database.dsn());
                PgConnection other = Howdah.connect(database.dsn());
                Walsender stream =
                        new Walsender(database, "live_" + database.name(), options(database, parallel), parallel)) {
            one.script("begin; alter table t add n int default 7");
            one.script(many("t", 0));
            List<PgOutputMessage> block = stream.until(StreamStop.class::isInstance);
            StreamStart start = (StreamStart) block.getFirst();
            assertThat(PgOutputSlot.of(Insert.class, block))
                    .isNotEmpty()
                    .allMatch(insert -> insert.relation().columns().size() == 3);
            one.script("rollback");
            StreamAbort abort =
                    (StreamAbort) stream.until(StreamAbort.class::isInstance).getLast();
            assertThat(abort.xid()).isEqualTo(start.xid());
            assertThat(abort.isWhole()).isTrue();
            assertThat(abort.abortLsn() != null).isEqualTo(parallel);
            other.script("insert into t values (1, 'after')");
            assertThat(PgOutputSlot.of(Insert.class, stream.until(Commit.class::isInstance)))
                    .extracting(insert -> insert.newRow().toString())
                    .containsExactly("[id=1, doc=after]");
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void whatOthersTellBetweenTheBlocksDoesNotMixWithThem(TestDatabase database) throws IOException {
        database.execute("create table a (id int, doc text); create table b (id int, doc text);"
                + " create publication p for all tables");
        try (PgConnection one = Howdah.connect(database.dsn());
                PgConnection two = Howdah.connect(database.dsn());
                PgConnection other = Howdah.connect(database.dsn());
                Walsender stream =
                        new Walsender(database, "live_" + database.name(), options(database, false), false)) {
            one.script("begin; alter table a add n int default 7");
            two.script("begin; alter table b drop doc; alter table b add doc text default 'd', add m int");
            Map<String, Integer> seen = new TreeMap<>();
            for (int i = 0; i < 3; i++) {
                one.script(many("a", i));
                count(stream.until(StreamStop.class::isInstance), seen);
                other.script("create table c" + i + " (id int); insert into c" + i + " values (1)");
                count(stream.until(Commit.class::isInstance), seen);
                two.script(many("b", i));
                count(stream.until(StreamStop.class::isInstance), seen);
            }
            two.script("rollback");
            other.script("insert into b values (1, 'b')");
            count(stream.until(Commit.class::isInstance), seen);
            one.script("commit");
            count(stream.until(StreamCommit.class::isInstance), seen);
            other.script("insert into a values (1, 'a', 2)");
            count(stream.until(Commit.class::isInstance), seen);
            assertThat(seen.remove("b[id, doc, m]")).isGreaterThan(300);
            assertThat(seen)
                    .containsExactlyInAnyOrderEntriesOf(
                            Map.of("a[id, doc, n]", 901, "b[id, doc]", 1, "c0[id]", 1, "c1[id]", 1, "c2[id]", 1));
        }
    }

    private static void count(List<PgOutputMessage> messages, Map<String, Integer> seen) {
        PgOutputSlot.of(Insert.class, messages)
                .forEach(insert -> seen.merge(
                        insert.relation().name() + insert.newRow().asMap().keySet(), 1, Integer::sum));
    }
}
