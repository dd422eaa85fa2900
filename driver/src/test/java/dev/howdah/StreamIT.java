package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.DataException;
import dev.howdah.testkit.Roles;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that come page by page. */
class StreamIT extends DriverContract {

    private static final String SERIES = "select * from generate_series(1, $1::int) as g";

    @Test
    void allRowsComeInOrderWhateverThePage() {
        for (int count : new int[] {0, 1, 6, 7, 8, 100}) {
            for (int page : new int[] {1, 7, 100, 1000}) {
                try (Stream<Row> rows = db.stream(SERIES, page, count)) {
                    assertThat(rows.map(row -> row.getInt("g")).toList())
                            .isEqualTo(java.util.stream.IntStream.rangeClosed(1, count)
                                    .boxed()
                                    .toList());
                }
            }
        }
    }

    @Test
    void onlyWhatIsAskedForIsFetched(@TempDir Path folder) {
        PgConnection traced =
                connect(options().toBuilder().trace(folder.resolve("trace")).build());
        TraceReader trace = new TraceReader(folder.resolve("trace"));
        trace.news();
        try (Stream<Row> rows = traced.stream(SERIES, 10, 1_000_000)) {
            Iterator<Row> iterator = rows.iterator();
            for (int i = 1; i <= 25; i++) {
                assertThat(iterator.next().getInt(0)).isEqualTo(i);
            }
        }
        List<String> messages = trace.news();
        assertThat(messages.stream().filter("B DataRow"::equals)).hasSize(30);
        assertThat(messages.stream().filter("B PortalSuspended"::equals)).hasSize(3);
    }

    @Test
    void aFetchSizeIsAtLeastOne() {
        assertThatThrownBy(() -> db.stream(SERIES, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> db.stream(SERIES, -1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void closingEarlyFreesTheConnectionAndClosingTwiceIsNothing() {
        Stream<Row> rows = db.stream(SERIES, 5, 100);
        assertThat(rows.iterator().next().getInt(0)).isEqualTo(1);
        rows.close();
        rows.close();
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
        db.stream(SERIES, 5, 100).close();
    }

    @Test
    void aStreamThatWasReadToItsEndFreesTheConnectionEvenIfItIsNotClosed() {
        assertThat(db.stream(SERIES, 5, 12).count()).isEqualTo(12);
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
    }

    @Test
    void insideATransactionOtherStatementsRunBetweenThePages() {
        db.execute("create temp table doubled (x int)");
        try (Transaction tx = db.begin()) {
            try (Stream<Row> rows = db.stream(SERIES, 2, 11);
                    Stream<Row> others = db.stream("select 100 + g as h from generate_series(1, 50) g", 3)) {
                Iterator<Row> other = others.iterator();
                rows.forEach(row -> {
                    db.execute("insert into doubled values ($1)", 2 * row.getInt(0));
                    assertThat(other.next().getInt("h")).isEqualTo(100 + row.getInt(0));
                });
            }
            tx.commit();
        }
        assertThat(db.queryValue("select sum(x) from doubled", Long.class)).isEqualTo(132);
    }

    @Test
    void streamsOfOneTransactionDoNotPileUpOnTheServer() {
        try (Transaction tx = db.begin()) {
            for (int i = 0; i < 20; i++) {
                try (Stream<Row> rows = db.stream(SERIES, 2, i)) {
                    assertThat(rows.limit(i % 3 == 0 ? 1 : 100).count()).isEqualTo(i % 3 == 0 ? Math.min(i, 1) : i);
                }
                // One that was read to its end is closed together with the next one that is opened.
                assertThat(db.queryValue("select count(*) from pg_cursors where name <> ''", Long.class))
                        .isLessThanOrEqualTo(1);
            }
            tx.commit();
        }
    }

    @Test
    void aStreamMayOutliveItsTransactionOnlyAsAClearError() {
        Transaction tx = db.begin();
        Stream<Row> rows = db.stream(SERIES, 2, 10);
        Iterator<Row> iterator = rows.iterator();
        iterator.next();
        tx.commit();
        iterator.next();
        assertThatThrownBy(iterator::next).hasMessageContaining("34000");
        rows.close();
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
    }

    @Test
    void withAutocommitOffAStreamBeginsATransaction() {
        db.setAutocommit(false);
        try (Stream<Row> rows = db.stream(SERIES, 2, 5)) {
            assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IN_TRANSACTION);
            rows.forEach(row -> assertThat(db.queryValue("select $1::int", Integer.class, row.getInt(0)))
                    .isEqualTo(row.getInt(0)));
        }
        db.rollback();
        db.setAutocommit(true);
    }

    @Test
    void outsideATransactionAStatementOfTheSameThreadIsRefused() {
        try (Stream<Row> rows = db.stream(SERIES, 2, 10)) {
            Iterator<Row> iterator = rows.iterator();
            iterator.next();
            assertThatThrownBy(() -> db.query("select 1"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("stream");
            assertThatThrownBy(() -> db.execute("select 1")).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> db.begin()).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> db.stream(SERIES, 2, 10)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> db.executeMany("select $1::int", List.of(List.of(1))))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> db.prepare("select 1")).isInstanceOf(IllegalStateException.class);
            for (int i = 2; i <= 10; i++) {
                assertThat(iterator.next().getInt(0)).isEqualTo(i);
            }
            assertThat(iterator.hasNext()).isFalse();
        }
    }

    @Test
    void outsideATransactionAStatementOfAnotherThreadWaits() throws Exception {
        Future<Integer> other;
        try (Stream<Row> rows = db.stream(SERIES, 2, 10)) {
            Iterator<Row> iterator = rows.iterator();
            iterator.next();
            other = elsewhereAndWaiting(() -> db.queryValue("select 7", Integer.class));
            for (int i = 2; i <= 8; i++) {
                assertThat(iterator.next().getInt(0)).isEqualTo(i);
            }
            assertThat(other.isDone()).isFalse();
        }
        assertThat(result(other)).isEqualTo(7);
    }

    @Test
    void anErrorInTheMiddleComesWhenItsPageIsRead() {
        try (Stream<Row> rows = db.stream("select 100 / (50 - g) as q from generate_series(1, 100) g", 10)) {
            Iterator<Row> iterator = rows.iterator();
            for (int i = 1; i <= 40; i++) {
                assertThat(iterator.next().getInt("q")).isEqualTo(100 / (50 - i));
            }
            assertThatThrownBy(iterator::next).isInstanceOf(DataException.class).hasMessageContaining("22012");
        }
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
        assertThatThrownBy(() -> db.stream("select 1 / (g - 1) from generate_series(1, 10) g", 5))
                .isInstanceOf(DataException.class);
        assertThatThrownBy(() -> db.stream("select * from not_here", 5)).hasMessageContaining("not_here");
        assertThatThrownBy(() -> db.stream(SERIES, 5)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anErrorInTheReadersOwnCodeLeavesTheConnectionUsable() {
        try (Stream<Row> rows = db.stream(SERIES, 2, 10)) {
            assertThatThrownBy(() -> rows.forEach(row -> {
                        throw new IllegalCallerException("the reader's own");
                    }))
                    .isInstanceOf(IllegalCallerException.class);
        }
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
    }

    @Test
    void whatAStatementReturnsWhileItWritesIsStreamedToo() {
        db.execute("create temp table written (x int)");
        try (Stream<Row> rows = db.stream("insert into written select generate_series(1, 25) returning x", 10)) {
            assertThat(rows.mapToInt(row -> row.getInt("x")).sum()).isEqualTo(325);
        }
        assertThat(db.queryValue("select count(*) from written", Long.class)).isEqualTo(25);
        try (Stream<Row> rows = db.stream("insert into written values (26)", 10)) {
            assertThat(rows.toList()).isEmpty();
        }
        try (Stream<Row> rows = db.stream("", 10)) {
            assertThat(rows.toList()).isEmpty();
        }
        assertThat(db.queryValue("select count(*) from written", Long.class)).isEqualTo(26);
    }

    @Test
    void rowsOutliveTheirStream() {
        List<Row> kept;
        try (Stream<Row> rows = db.stream(SERIES, 3, 10)) {
            kept = rows.toList();
        }
        db.query(SERIES, 1000);
        assertThat(kept).extracting(row -> row.getInt(0)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    }

    @Test
    void onAClosedConnectionAStreamSaysSo() {
        PgConnection other = Howdah.connect(place.dsn(database(), Roles.TRUST));
        Stream<Row> rows = other.stream(SERIES, 2, 10);
        Iterator<Row> iterator = rows.iterator();
        iterator.next();
        other.close();
        iterator.next();
        assertThatThrownBy(iterator::next).isInstanceOf(ConnectionClosedException.class);
        rows.close();
        assertThatThrownBy(() -> other.stream(SERIES, 2, 10)).isInstanceOf(ConnectionClosedException.class);
    }
}
