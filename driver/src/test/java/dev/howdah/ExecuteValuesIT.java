package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConversionException;
import dev.howdah.error.UniqueViolationException;
import dev.howdah.sql.Identifier;
import dev.howdah.sql.Sql;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that are put into the text of a statement, a page at a time. */
class ExecuteValuesIT extends DriverContract {

    private static final String INSERT = "insert into paged (id, name) values %s";

    @BeforeEach
    void emptyTable() {
        db.execute("create temp table paged (id int primary key, name text default 'none')");
    }

    private long count() {
        return db.queryValue("select count(*) from paged", Long.class);
    }

    private BatchResult values(String sql, Iterable<?> rows, @Nullable String template, int pageSize) {
        return db.cursor().executeValues(sql, rows, template, pageSize);
    }

    private BatchResult values(String sql, Iterable<?> rows) {
        return values(sql, rows, null, ValuesPages.PAGE_SIZE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 99, 100, 101, 200, 250, 1000})
    void allPagesAreCountedAndTheirRowsAreJoined(int rows) {
        BatchResult made = values(INSERT + " returning id * 10", BatchSets.of(rows, i -> List.of(i, "n" + i)));
        assertThat(made.size()).isEqualTo(rows);
        assertThat(made.rowCount()).isEqualTo(rows);
        assertThat(made.rowCount(rows - 1)).isEqualTo(1);
        assertThat(made.rows().size()).isEqualTo(rows);
        for (int i = 0; i < rows; i++) {
            assertThat(made.rows().get(i).getInt(0)).isEqualTo(i * 10);
        }
        assertThat(made.rows(rows - 1).get(0).getInt(0)).isEqualTo((rows - 1) * 10);
        assertThat(count()).isEqualTo(rows);
    }

    @Test
    void nothingIsSentForNoRows() {
        BatchResult none = values("this is no SQL at all: %s", List.of());
        assertThat(none.size()).isZero();
        assertThat(none.rowCount()).isZero();
        assertThat(none.rows().isEmpty()).isTrue();
    }

    @Test
    void thePlaceIsFoundWhereTheTextIsCode() {
        values(
                "insert into paged -- %s\n (id, name) select v.id, v.name || ' %s $1' || 7 % 4 from (values $1)"
                        + " as v (id, name) /* $2 */",
                List.of(List.of(1, "a"), List.of(2, "b")), "($1::int, $2)", 100);
        assertThat(db.query("select name from paged order by id").values(String.class))
                .containsExactly("a %s $13", "b %s $13");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert into paged values (1)",
                "insert into paged values '%s'",
                "insert into paged values %s, %s",
                "insert into paged values $1, %s",
                "insert into paged values $1, $1",
                "insert into paged values $2",
                "insert into paged values %s returning $2"
            })
    void aStatementHasOnePlaceForItsRows(String sql) {
        assertThatThrownBy(() -> values(sql, List.of(List.of(1, "a"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("place for the rows");
    }

    @Test
    void aTemplateSaysWhatIsMadeOfARow() {
        values(INSERT, List.of(List.of(1), List.of(2)), "($1, default)", 100);
        values(INSERT, List.of(List.of(3), List.of(4), List.of(5)), "($1, 'no. ' || $1::int) -- of it", 2);
        record Item(int id, String name) {}
        values(INSERT, List.of(new Item(6, "six"), Map.of("id", 7, "name", "seven")), "(:id, upper(:name))", 1);
        assertThat(db.query("select name from paged order by id").values(String.class))
                .containsExactly("none", "none", "no. 3", "no. 4", "no. 5", "SIX", "SEVEN");
        values(
                "update paged set name = v.n from (values %s) as v (id, n) where paged.id = v.id",
                List.of(List.of(1, "one"), Arrays.asList(2, null)), "($1::int, $2)", 100);
        assertThat(db.query("select name from paged where id < 3 order by id").values(String.class))
                .containsExactly("one", null);
    }

    @Test
    void aRowThatDoesNotFitIsNamedAndNothingIsDone() {
        List<Object> rows = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            rows.add(i == 777 ? List.of(i) : List.of(i, "n"));
        }
        assertThatThrownBy(() -> values(INSERT, rows))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Row 777 (counted from 0): it has 1 value, the template of a row takes 2");
        assertThat(count()).isZero();
        assertThatThrownBy(() -> values(INSERT, List.of(List.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("template");
        assertThatThrownBy(() -> values(INSERT, List.of("x"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> values(INSERT, List.of(Map.of("id", 1)), "(:id, :name)", 100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(":name");
        assertThatThrownBy(() -> values(INSERT, rows, null, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("page size");
    }

    @Test
    void aValueThatDoesNotFitNamesItsRow() {
        for (int failing : new int[] {0, 777, 1_010}) {
            ConversionException refused = thrown(
                    ConversionException.class,
                    () -> values(INSERT, BatchSets.of(1_011, i -> List.of(i, i == failing ? new Object() : "n"))));
            assertThat(refused.batchSet()).isEqualTo(failing);
            assertThat(count()).isZero();
        }
    }

    @Test
    void aFailureNamesThePageAndUndoesAll() {
        db.execute("insert into paged values (-1)");
        for (int failing : new int[] {0, 777, 1_010}) {
            UniqueViolationException refused = thrown(
                    UniqueViolationException.class,
                    () -> values(INSERT, BatchSets.of(1_011, i -> List.of(i == failing ? -1 : i, "n"))));
            int first = failing / 100 * 100;
            assertThat(refused.batchFirst()).isEqualTo(first);
            assertThat(refused.batchLast()).isEqualTo(Math.min(first + 99, 1_010));
            assertThat(count()).isEqualTo(1);
        }
        IllegalCallerException own = new IllegalCallerException("the iterator's own");
        assertThatThrownBy(() -> values(INSERT, BatchSets.of(1_011, i -> {
                    if (i == 1_005) {
                        throw own;
                    }
                    return List.of(i, "n");
                })))
                .isSameAs(own);
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void insideATransactionItIsPartOfThat() {
        try (Transaction tx = db.begin()) {
            values(INSERT, BatchSets.of(250, i -> List.of(i, "n")));
            assertThatThrownBy(() -> values(INSERT, BatchSets.of(250, i -> List.of(-i % 250, "n"))))
                    .isInstanceOf(UniqueViolationException.class);
            assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.FAILED);
            tx.rollback();
        }
        assertThat(count()).isZero();
    }

    @Test
    void aPageHasNoMoreValuesThanAStatementCan() {
        BatchResult made = values(INSERT, BatchSets.of(40_000, i -> List.of(i, "n")), null, 1_000_000);
        assertThat(made.rowCount()).isEqualTo(40_000);
        assertThat(count()).isEqualTo(40_000);
    }

    @Test
    void statementsThatTheServerDoesNotKeepGoTheSameWay() {
        PgConnection pooled = connect("statement_cache_size=0");
        pooled.execute("create temp table paged (id int, name text)");
        BatchResult made =
                pooled.cursor().executeValues(INSERT + " returning id", BatchSets.of(1_050, i -> List.of(i, "n")), 100);
        assertThat(made.rows(1_049).get(0).getInt(0)).isEqualTo(1_049);
    }

    @Test
    void composedSqlTakesRows() {
        Sql sql = Sql.of("insert into {} (id, name) values %s returning id").format(Identifier.of("paged"));
        BatchResult made = db.cursor().executeValues(sql, List.of(List.of(1, "a"), List.of(2, "b")), null, 1);
        assertThat(made.rows().values(Integer.class)).containsExactly(1, 2);
        Sql bound = Sql.of("insert into paged (id, name) select 1, {} from (values %s) v")
                .format(Sql.value(7));
        assertThatThrownBy(() -> db.cursor().executeValues(bound, List.of(List.of(1)), null, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
