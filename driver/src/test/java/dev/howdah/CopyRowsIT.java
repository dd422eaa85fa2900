package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.TypeSamples.Sample;
import dev.howdah.copy.CopyIn;
import dev.howdah.copy.CopyOut;
import dev.howdah.error.ConversionException;
import dev.howdah.error.CopyFailedException;
import dev.howdah.error.Delivery;
import dev.howdah.error.NotNullViolationException;
import dev.howdah.error.ServerException;
import dev.howdah.sql.Identifier;
import dev.howdah.sql.Sql;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows of Java values by COPY. */
class CopyRowsIT extends DriverContract {

    record Item(int id, String name, BigDecimal price) {}

    record Named(String name, int id) {}

    record Stranger(int id, String colour) {}

    @BeforeEach
    void table() {
        db.execute("""
                create temp table item (id int not null, name text, price numeric(12, 2),
                    twice int generated always as (id * 2) stored)
                """);
    }

    private static Item item(int i) {
        return new Item(i, i % 7 == 0 ? null : "name\t" + i, BigDecimal.valueOf(i, 2));
    }

    private long count() {
        return db.queryValue("select count(*) from item", Long.class);
    }

    @Test
    void rowsGoThereAndBack() {
        int rows = place.amount(100_000, 5_000);
        try (CopyIn copy = db.copyIn("item")) {
            assertThat(copy.columns()).containsExactly("id", "name", "price");
            for (int i = 0; i < rows; i++) {
                Item item = item(i);
                copy.row(item.id(), item.name(), item.price());
            }
            assertThat(copy.rows()).isEqualTo(rows);
            assertThat(copy.finish()).isEqualTo(rows);
        }
        assertThat(db.queryValue("select sum(twice) from item", Long.class)).isEqualTo((long) rows * (rows - 1));
        try (CopyOut<Item> items = db.copyOut("item", Item.class)) {
            int i = 0;
            for (Item item : items) {
                assertThat(item).isEqualTo(item(i++));
            }
            assertThat(items.rows()).isEqualTo(rows);
        }
        try (CopyOut<Row> some = db.copyOut("item", "price", "id");
                Stream<Row> stream = some.stream()) {
            assertThat(some.columns()).containsExactly("price", "id");
            assertThat(stream.mapToLong(row -> row.getInt("id")).sum()).isEqualTo((long) rows * (rows - 1) / 2);
        }
    }

    @Test
    void anythingThatIsARowInAnyOrderOfColumns() {
        assertThat(db.copyIn("item", "name", "id")
                        .from(List.of(List.of("a", 1), new Object[] {"b", 2}, new Named("c", 3))))
                .isEqualTo(3);
        assertThat(db.copyIn("item", "name", "id").from(Stream.of(new Named("d", 4), new Named("e", 5))))
                .isEqualTo(2);
        assertThat(db.copyIn(Identifier.of("pg_temp", "item"), "id")
                        .from(IntStream.of(6, 7).mapToObj(List::of)))
                .isEqualTo(2);
        assertThat(db.query("select id, name from item order by id").as(Named.class))
                .extracting(Named::name)
                .containsExactly("a", "b", "c", "d", "e", null, null);
        assertThat(db.copyIn("item").from(List.of())).isZero();
        assertThat(db.copyIn("item").from(Stream.of(item(70), item(80)))).isEqualTo(2);
    }

    @Test
    void aPublisherOfRows() throws Exception {
        try (SubmissionPublisher<Item> publisher = new SubmissionPublisher<>(Runnable::run, 4)) {
            var fed = elsewhere(() -> {
                awaitSubscriber(publisher);
                IntStream.range(0, 3_000).forEach(i -> publisher.submit(item(i)));
                publisher.close();
                return true;
            });
            try (CopyIn copy = db.copyIn("item")) {
                assertThat(copy.from(publisher)).isEqualTo(3_000);
            }
            result(fed);
        }
        assertThat(count()).isEqualTo(3_000);
    }

    @Test
    void namesAreReadAsSqlDoes() {
        db.execute("create temp table \"My Table\" (\"a b\" int, \"C\"\"x\" text)");
        assertThat(db.copyIn("pg_temp.\"My Table\"", "C\"x", "a b").from(List.of(List.of("x", 1))))
                .isEqualTo(1);
        try (CopyOut<Row> rows = db.copyOut("\"My Table\"")) {
            assertThat(rows.iterator().next().getInt("a b")).isEqualTo(1);
        }
        assertThatThrownBy(() -> db.copyIn("item; drop table item")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> db.copyIn("item", "id\") from stdin --")).isInstanceOf(ServerException.class);
        assertThatThrownBy(() -> db.copyIn("nowhere")).hasMessageContaining("42P01");
        assertThatThrownBy(() -> db.copyIn("item", "nowhere")).hasMessageContaining("42703");
        assertThatThrownBy(() -> db.copyOut("item", "nowhere")).hasMessageContaining("42703");
    }

    @Test
    void whatDoesNotFitIsNamedAndNothingIsStored() {
        List<List<Object>> rows = List.of(List.of(1, "a"), List.of(2, "b"), List.of("three", "c"));
        ConversionException refused = thrown(
                ConversionException.class, () -> db.copyIn("item", "id", "name").from(rows));
        assertThat(refused).hasMessageContaining("Row 2").hasMessageContaining("column id");
        assertThat(refused).message().doesNotContain("three");
        assertThat(refused.delivery()).isEqualTo(Delivery.REFUSED);
        assertThat(count()).isZero();
        try (CopyIn copy = db.copyIn("item", "id", "name")) {
            copy.row(1, "a");
            assertThatThrownBy(() -> copy.row(2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Row 1")
                    .hasMessageContaining("1 value for 2 columns");
            assertThatThrownBy(() -> copy.row(3, "c")).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(copy::finish).isInstanceOf(IllegalStateException.class);
        }
        assertThatThrownBy(() -> db.copyIn("item", "id").from(List.of("text")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.String");
        assertThatThrownBy(() -> db.copyIn("item", "id", "name", "price").from(List.of(new Named("a", 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the column price");
        assertThatThrownBy(() -> db.copyIn("item", "id", "name").from(List.of(new Stranger(1, "red"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("colour");
        NotNullViolationException byServer = thrown(
                NotNullViolationException.class, () -> db.copyIn("item", "name").from(List.of(List.of("a"))));
        assertThat(byServer.diagnostics().context()).contains("COPY item");
        assertThat(count()).isZero();
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
    }

    @Test
    void anIteratorThatThrowsIsTheCause() {
        RuntimeException thrown = new IllegalStateException("on purpose");
        Iterable<Object> broken = () -> new Iterator<>() {
            private int given;

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Object next() {
                if (given++ == 10_000) {
                    throw thrown;
                }
                return List.of(given);
            }
        };
        assertThatThrownBy(() -> db.copyIn("item", "id").from(broken))
                .isInstanceOf(CopyFailedException.class)
                .hasCause(thrown);
        assertThat(count()).isZero();
        List<Object> withNull = Arrays.asList(List.of(1), null);
        assertThatThrownBy(() -> db.copyIn("item", "id").from(withNull))
                .isInstanceOf(CopyFailedException.class)
                .hasCauseInstanceOf(NullPointerException.class);
    }

    @Test
    void whatIsNotFinishedIsNotStored() {
        try (CopyIn copy = db.copyIn("item", "id")) {
            for (int i = 0; i < 50_000; i++) {
                copy.row(i);
            }
        }
        assertThat(count()).isZero();
        CopyIn left = db.copyIn("item", "id");
        assertThatThrownBy(() -> db.query("select 1"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("COPY");
        left.close();
        left.close();
        try (Transaction tx = db.begin()) {
            db.copyIn("item", "id").from(List.of(List.of(1)));
            CopyIn open = db.copyIn("item", "id");
            assertThatThrownBy(tx::commit).isInstanceOf(IllegalStateException.class);
            open.close();
            tx.rollback();
        }
        assertThat(count()).isZero();
    }

    @Test
    void leavingEarlyEndsTheQuery() {
        String endless = "select generate_series(1, 100000000) as i, repeat('x', $1) as x";
        try (CopyOut<Row> rows = db.copyOutQuery(endless, 500)) {
            assertThat(rows.iterator().next().getInt("i")).isEqualTo(1);
            assertThatThrownBy(rows::iterator).isInstanceOf(IllegalStateException.class);
        }
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
        try (Stream<Row> stream = db.copyOutQuery(endless, 500).stream()) {
            assertThat(stream.limit(3).mapToInt(row -> row.getInt(0)).sum()).isEqualTo(6);
        }
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
    }

    @Test
    void rowsOfQueries() {
        try (CopyOut<Named> named = db.copyOutQuery(
                "select g as id, $1 || g as name from generate_series(1, $2) g -- done", Named.class, "it's ", 3)) {
            assertThat(named).containsExactly(new Named("it's 1", 1), new Named("it's 2", 2), new Named("it's 3", 3));
        }
        try (CopyOut<Row> ended = db.copyOutQuery("values (1), (2); ")) {
            assertThat(ended).hasSize(2);
        }
        try (CopyOut<Row> none = db.copyOutQuery(Sql.of("select * from {}").format(Identifier.of("item")))) {
            Iterator<Row> rows = none.iterator();
            assertThat(rows.hasNext()).isFalse();
            assertThatThrownBy(rows::next).isInstanceOf(NoSuchElementException.class);
        }
        assertThatThrownBy(() -> db.copyOutQuery("create temp table x ()"))
                .isInstanceOf(IllegalArgumentException.class);
        ServerException inTheMiddle = thrown(ServerException.class, () -> {
            try (CopyOut<Row> rows = db.copyOutQuery("select 1 / (50000 - generate_series(1, 100000))")) {
                rows.forEach(row -> {});
            }
        });
        assertThat(inTheMiddle).hasMessageContaining("22012");
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
    }

    /** Every type of the server: by COPY, values are what they are when they are bound and fetched. */
    @Test
    void everyTypeGoesThereAndBack() {
        Map<String, List<Sample>> samples = TypeSamples.of(db.info().serverVersion() / 10_000);
        String configured = "select exists(select from pg_config where name = 'CONFIGURE' and setting like '%libxml%')";
        boolean xml =
                "t".equals(database().server().execute(configured).getFirst().getFirst());
        int checked = 0;
        for (Map.Entry<String, List<Sample>> type : samples.entrySet()) {
            if (type.getValue().isEmpty() || type.getKey().equals("xml") && !xml) {
                continue;
            }
            checkType(type.getKey(), type.getValue());
            checked++;
        }
        assertThat(checked).isGreaterThan(60);
    }

    private void checkType(String type, List<Sample> samples) {
        db.execute("drop table if exists typed");
        db.execute("create temp table typed (n int, v pg_catalog.\"" + type + "\", w pg_catalog.\"" + type + "\")");
        try (CopyIn copy = db.copyIn("typed")) {
            for (int i = 0; i < samples.size(); i++) {
                copy.row(i, samples.get(i).value(), null);
            }
            assertThat(copy.finish()).as(type).isEqualTo(samples.size());
        }
        List<String> wanted = new ArrayList<>();
        for (Sample sample : samples) {
            wanted.add(db.queryValue(
                    "select ('" + sample.literal().replace("'", "''") + "'::pg_catalog.\"" + type + "\")::text",
                    String.class));
        }
        assertThat(db.query("select v::text from typed order by n").values(String.class))
                .as(type)
                .isEqualTo(wanted);
        try (CopyOut<Row> rows = db.copyOutQuery("select v, w from typed order by n")) {
            int i = 0;
            for (Row row : rows) {
                assertThat(row.isNull(1)).isTrue();
                Sample sample = samples.get(i++);
                assertThat(row.get(0, sample.asked())).as(type).isEqualTo(sample.value());
            }
            assertThat(i).isEqualTo(samples.size());
        }
    }
}
