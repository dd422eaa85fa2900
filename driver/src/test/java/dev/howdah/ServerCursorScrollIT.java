package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.testkit.SeededRandom;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Moving in a cursor of the server: both ways, to the ends and beyond, whatever has been read ahead. */
class ServerCursorScrollIT extends DriverContract {

    private static final String SERIES = "select g from generate_series(0, $1::int - 1) as g";
    private static final long SEED = 20_261_128;

    private static List<Long> longs(Iterable<Row> rows) {
        List<Long> values = new ArrayList<>();
        rows.forEach(row -> values.add((long) row.getInt(0)));
        return values;
    }

    private static List<Long> range(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    @Test
    void everyWalkAgreesWithTheModel() {
        SeededRandom random = new SeededRandom(SEED);
        for (boolean hold : new boolean[] {false, true}) {
            for (int size : new int[] {0, 1, 5, 23}) {
                for (int fetchSize : new int[] {0, 1, 2, 7, 100}) {
                    try (Transaction tx = db.begin();
                            ServerCursor cursor =
                                    db.cursor("walk").scrollable(true).withHold(hold)) {
                        if (fetchSize > 0) {
                            cursor.fetchSize(fetchSize);
                        } else {
                            cursor.memoryTarget(800);
                        }
                        walk(cursor.execute(SERIES, size), size, random, place.amount(40, 6));
                        if (hold) {
                            tx.commit();
                            walk(cursor, size, random, place.amount(20, 3));
                        }
                    }
                }
            }
        }
    }

    private static void walk(ServerCursor cursor, int size, SeededRandom random, int steps) {
        for (int step = 0; step < steps; step++) {
            long at = cursor.rowNumber();
            assertThat(at).isBetween(0L, (long) size);
            switch (random.nextInt(7)) {
                case 0, 1 -> {
                    Row row = cursor.fetchOne();
                    if (at == size) {
                        assertThat(row).isNull();
                    } else {
                        assertThat(row.getInt(0)).isEqualTo((int) at);
                        assertThat(cursor.rowNumber()).isEqualTo(at + 1);
                    }
                }
                case 2 -> {
                    int count = random.nextInt(9);
                    assertThat(longs(cursor.fetchMany(count))).isEqualTo(range(at, Math.min(size, at + count)));
                }
                case 3 -> {
                    if (random.nextInt(4) == 0) {
                        assertThat(longs(cursor.fetchAll())).isEqualTo(range(at, size));
                        assertThat(cursor.rowCount()).isEqualTo(size);
                    } else {
                        assertThat(cursor.iterator().hasNext()).isEqualTo(at < size);
                        assertThat(cursor.rowNumber()).isEqualTo(at);
                    }
                }
                case 4 -> {
                    long target = random.nextInt(size + 5) - 2L;
                    move(cursor, target, ScrollMode.ABSOLUTE, target, size, at);
                }
                default -> {
                    long by = random.nextInt(2 * size + 5) - 2L - size;
                    move(cursor, by, ScrollMode.RELATIVE, at + by, size, at);
                }
            }
            assertThat(cursor.rowCount()).isIn(-1L, (long) size);
        }
    }

    private static void move(ServerCursor cursor, long value, ScrollMode mode, long target, int size, long at) {
        if (target < 0 || target > size) {
            assertThatThrownBy(() -> cursor.scroll(value, mode)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(cursor.rowNumber()).isEqualTo(at);
        } else {
            cursor.scroll(value, mode);
            assertThat(cursor.rowNumber()).isEqualTo(target);
        }
    }

    @Test
    void placesBeyondAllNumbersAreOutOfBounds() {
        try (Transaction tx = db.begin();
                ServerCursor cursor =
                        db.cursor("c").scrollable(true).fetchSize(2).execute(SERIES, 10)) {
            cursor.scroll(3);
            for (ScrollMode mode : ScrollMode.values()) {
                for (long value : new long[] {
                    Long.MIN_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE, 3L * Integer.MAX_VALUE, Long.MAX_VALUE - 2
                }) {
                    assertThatThrownBy(() -> cursor.scroll(value, mode))
                            .isInstanceOf(IndexOutOfBoundsException.class)
                            .hasMessageContaining(String.valueOf(value));
                    assertThat(cursor.rowNumber()).isEqualTo(3);
                }
            }
            assertThat(longs(cursor.fetchAll())).isEqualTo(range(3, 10));
            tx.commit();
        }
    }

    @Test
    void aCursorThatIsNotScrollableGoesForwardInAllCalls() {
        for (boolean hold : new boolean[] {false, true}) {
            for (int fetchSize : new int[] {1, 3, 100}) {
                try (Transaction tx = db.begin();
                        ServerCursor cursor = db.cursor("c").withHold(hold).fetchSize(fetchSize)) {
                    cursor.execute(SERIES, 20);
                    cursor.scroll(2);
                    assertThat(cursor.fetchOne().getInt(0)).isEqualTo(2);
                    cursor.scroll(0);
                    cursor.scroll(3, ScrollMode.ABSOLUTE);
                    cursor.scroll(10, ScrollMode.ABSOLUTE);
                    assertThat(longs(cursor.fetchMany(2))).containsExactly(10L, 11L);
                    assertThat(cursor.rowNumber()).isEqualTo(12);
                    for (Runnable back : List.<Runnable>of(
                            () -> cursor.scroll(-1),
                            () -> cursor.scroll(11, ScrollMode.ABSOLUTE),
                            () -> cursor.scroll(-100))) {
                        assertThatThrownBy(back::run)
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("scrollable(true)");
                    }
                    assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IN_TRANSACTION);
                    assertThat(longs(cursor.fetchMany(2))).containsExactly(12L, 13L);
                    cursor.scroll(20, ScrollMode.ABSOLUTE);
                    assertThat(cursor.fetchOne()).isNull();
                    tx.commit();
                }
            }
        }
    }

    @Test
    void aCursorThatIsNotScrollableStandsBehindTheLastRowAfterASearchForMore() {
        for (boolean hold : new boolean[] {false, true}) {
            for (int fetchSize : new int[] {1, 3, 100}) {
                try (Transaction tx = db.begin();
                        ServerCursor cursor = db.cursor("c").withHold(hold).fetchSize(fetchSize)) {
                    cursor.execute(SERIES, 20).fetchOne();
                    assertThatThrownBy(() -> cursor.scroll(20)).isInstanceOf(IndexOutOfBoundsException.class);
                    assertThat(cursor.rowNumber()).isEqualTo(20);
                    assertThat(cursor.rowCount()).isEqualTo(20);
                    assertThat(cursor.fetchOne()).isNull();
                    assertThat(cursor.fetchAll().size()).isZero();
                    assertThatThrownBy(() -> cursor.scroll(Long.MAX_VALUE))
                            .isInstanceOf(IndexOutOfBoundsException.class);
                    tx.commit();
                }
            }
        }
    }

    @Test
    void whatHasBeenReadIsScrolledInWithoutTheServer(@TempDir Path folder) {
        PgConnection traced =
                connect(options().toBuilder().trace(folder.resolve("trace")).build());
        try (Transaction tx = traced.begin();
                ServerCursor cursor = traced.cursor("c").scrollable(true).fetchSize(10)) {
            cursor.execute(SERIES, 100).fetchOne();
            TraceReader trace = new TraceReader(folder.resolve("trace"));
            trace.news();
            cursor.scroll(8);
            cursor.scroll(-9);
            cursor.scroll(10, ScrollMode.ABSOLUTE);
            cursor.scroll(5, ScrollMode.ABSOLUTE);
            assertThat(trace.news()).isEmpty();
            cursor.scroll(60, ScrollMode.ABSOLUTE);
            assertThat(TraceReader.roundTrips(trace.news())).isEqualTo(1);
            tx.commit();
        }
    }

    @Test
    void goingBackRowByRowReadsAPageAtATime(@TempDir Path folder) {
        PgConnection traced =
                connect(options().toBuilder().trace(folder.resolve("trace")).build());
        try (Transaction tx = traced.begin();
                ServerCursor cursor = traced.cursor("c").scrollable(true).fetchSize(10)) {
            cursor.execute(SERIES, 100).scroll(100, ScrollMode.ABSOLUTE);
            TraceReader trace = new TraceReader(folder.resolve("trace"));
            trace.news();
            for (int i = 99; i >= 0; i--) {
                cursor.scroll(i, ScrollMode.ABSOLUTE);
                assertThat(cursor.fetchOne().getInt(0)).isEqualTo(i);
            }
            assertThat(TraceReader.roundTrips(trace.news())).isEqualTo(10);
            tx.commit();
        }
    }

    @Test
    void aFetchSizeOfOneMakesWhereCurrentOfExact() {
        db.execute(
                "create temp table paid (id int, done bool); insert into paid select g, false from generate_series(1, 9) g");
        try (Transaction tx = db.begin();
                ServerCursor cursor = db.cursor("unpaid").fetchSize(1)) {
            cursor.execute("select id from paid order by id for update");
            for (Row row : cursor) {
                if (row.getInt("id") % 2 == 0) {
                    db.execute("update paid set done = true where current of unpaid");
                }
            }
            tx.commit();
        }
        assertThat(db.query("select id from paid where done order by id").values(Integer.class))
                .containsExactly(2, 4, 6, 8);
    }
}
