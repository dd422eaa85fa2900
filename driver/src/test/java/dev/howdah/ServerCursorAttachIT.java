package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.FailedTransactionException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Cursors that somebody else has opened: by SQL or in a function. */
class ServerCursorAttachIT extends DriverContract {

    private static final String DECLARE = "declare c %s cursor %s for select g from generate_series(0, 19) g";

    private static List<Integer> ints(Iterable<Row> rows) {
        List<Integer> values = new ArrayList<>();
        rows.forEach(row -> values.add(row.getInt(0)));
        return values;
    }

    private long cursors() {
        return db.queryValue("select count(*) from pg_cursors where name <> ''", Long.class);
    }

    @Test
    void aCursorThatSqlHasDeclaredIsFetchedFrom() {
        try (Transaction tx = db.begin()) {
            for (String scroll : List.of("", "scroll", "no scroll", "binary no scroll")) {
                db.execute(DECLARE.formatted(scroll, ""));
                try (ServerCursor cursor = db.cursor("c").fetchSize(3)) {
                    assertThat(cursor.rowNumber()).isEqualTo(-1);
                    assertThat(cursor.columns()).isEmpty();
                    assertThat(cursor.fetchOne().getInt("g")).isZero();
                    assertThat(cursor.columns()).extracting(Column::name).containsExactly("g");
                    assertThat(ints(cursor.fetchMany(4))).containsExactly(1, 2, 3, 4);
                    cursor.scroll(10);
                    assertThat(ints(cursor)).containsExactly(15, 16, 17, 18, 19);
                    assertThat(cursor.rowCount()).isEqualTo(20);
                }
                assertThat(cursors()).isZero();
            }
            tx.commit();
        }
    }

    @Test
    void aRefcursorThatAFunctionReturnedIsFetchedFrom() {
        db.execute("create function pg_temp.open_it(n int) returns refcursor language plpgsql as $$"
                + " declare r refcursor := 'From A Function'; begin open r for select * from generate_series(1, n); return"
                + " r; end $$");
        try (Transaction tx = db.begin()) {
            String name = db.queryValue("select pg_temp.open_it(3)", String.class);
            try (ServerCursor cursor = db.cursor(name).attach()) {
                assertThat(ints(cursor)).containsExactly(1, 2, 3);
            }
            assertThat(cursors()).isZero();
            tx.commit();
        }
    }

    @Test
    void oneThatScrollsSaysWhereItStandsAndIsNotMoved() {
        try (Transaction tx = db.begin()) {
            for (int[] moved : new int[][] {{0, 0}, {1, 1}, {7, 7}, {20, 20}, {25, 20}}) {
                db.execute(DECLARE.formatted("scroll", "") + "; move " + moved[0] + " from c");
                try (ServerCursor cursor = db.cursor("c").attach()) {
                    assertThat(cursor.rowNumber()).isEqualTo(moved[1]);
                    assertThat(cursor.rowCount()).isEqualTo(moved[0] == 25 ? 20 : -1);
                    Rows behind = db.execute("fetch relative -1 from c").rows();
                    assertThat(behind.values(Integer.class))
                            .isEqualTo(moved[0] < 2 ? List.of() : List.of(Math.min(moved[0], 21) - 2));
                }
                db.execute(DECLARE.formatted("scroll", "") + "; move " + moved[0] + " from c");
                try (ServerCursor cursor = db.cursor("c").fetchSize(2)) {
                    cursor.scroll(0);
                    if (moved[1] > 0) {
                        cursor.scroll(-1);
                        assertThat(cursor.fetchOne().getInt(0)).isEqualTo(moved[1] - 1);
                    }
                    cursor.scroll(3, ScrollMode.ABSOLUTE);
                    assertThat(cursor.fetchOne().getInt(0)).isEqualTo(3);
                }
            }
            tx.commit();
        }
    }

    @Test
    void oneThatOnlyGoesForwardCountsFromWhereItStands() {
        try (Transaction tx = db.begin()) {
            db.execute(DECLARE.formatted("no scroll", "") + "; move 5 from c");
            try (ServerCursor cursor = db.cursor("c").fetchSize(4).attach()) {
                assertThat(cursor.rowNumber()).isZero();
                assertThat(cursor.fetchOne().getInt(0)).isEqualTo(5);
                cursor.scroll(8, ScrollMode.ABSOLUTE);
                assertThat(cursor.fetchOne().getInt(0)).isEqualTo(13);
                assertThatThrownBy(() -> cursor.scroll(-1)).isInstanceOf(IllegalStateException.class);
                assertThat(ints(cursor.fetchAll())).hasSize(6);
                assertThat(cursor.rowCount()).isEqualTo(15);
            }
            tx.commit();
        }
    }

    @Test
    void aMissingCursorIsSaidWithoutFailingTheTransaction() {
        try (Transaction tx = db.begin();
                ServerCursor cursor = db.cursor("not \"here")) {
            for (Runnable call : List.<Runnable>of(
                    cursor::attach,
                    cursor::fetchOne,
                    cursor::fetchAll,
                    () -> cursor.fetchMany(1),
                    () -> cursor.scroll(1),
                    () -> cursor.iterator().hasNext())) {
                assertThatThrownBy(call::run)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("\"not \"\"here\"");
            }
            assertThat(cursor.fetchMany(0).size()).isZero();
            assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IN_TRANSACTION);
            tx.commit();
        }
        assertThatThrownBy(() -> db.cursor("c").fetchOne()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aHeldCursorOfAnEarlierTransactionIsFetchedFromWithoutBeginningOne() {
        db.execute(DECLARE.formatted("scroll", "with hold"));
        try (Transaction tx = db.begin()) {
            ServerCursor first = db.cursor("c").attach();
            assertThat(first.fetchOne().getInt(0)).isZero();
            tx.rollback();
            assertThat(first.fetchOne().getInt(0)).isEqualTo(1);
        }
        db.setAutocommit(false);
        try (ServerCursor cursor = db.cursor("c").attach()) {
            cursor.scroll(0, ScrollMode.ABSOLUTE);
            assertThat(ints(cursor)).hasSize(20);
            assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
        }
        db.setAutocommit(true);
        assertThat(cursors()).isZero();
    }

    @Test
    void aHeldCursorOfThisTransactionGoesWithItsRollback() {
        Transaction tx = db.begin();
        db.execute(DECLARE.formatted("", "with hold"));
        ServerCursor cursor = db.cursor("c").attach();
        tx.rollback();
        assertThatThrownBy(cursor::fetchOne)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("rolled back");
    }

    @Test
    void whatIsAttachedTakesNoSettingsAndIsNotAttachedTwice() {
        try (Transaction tx = db.begin()) {
            db.execute(DECLARE.formatted("", ""));
            try (ServerCursor cursor = db.cursor("c").attach()) {
                assertThatThrownBy(cursor::attach).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> cursor.fetchSize(3)).isInstanceOf(IllegalStateException.class);
                cursor.execute("select 5");
                assertThat(ints(cursor)).containsExactly(5);
                assertThat(cursors()).isEqualTo(1);
            }
            tx.commit();
        }
    }

    @Test
    void inAFailedTransactionTheServerSaysSo() {
        try (Transaction tx = db.begin()) {
            db.execute(DECLARE.formatted("", ""));
            assertThatThrownBy(() -> db.execute("select 1 / 0")).hasMessageContaining("22012");
            assertThatThrownBy(() -> db.cursor("c").attach()).isInstanceOf(FailedTransactionException.class);
            tx.rollback();
        }
    }
}
