package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConversionException;
import dev.howdah.type.ColumnName;
import dev.howdah.type.Composite;
import dev.howdah.type.Range;
import dev.howdah.type.TypeRef;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What records are made of: nested records, type arguments, annotations, NULL. */
class MappingIT extends DriverContract {

    enum Mood {
        SAD,
        HAPPY
    }

    record Customer(int id, String name) {}

    record Order(int id, Customer customer) {}

    record Street(String name, int number) {}

    record Person(String name, @ColumnName("addr") Street address, Optional<Street> work) {}

    record Owner(String name, Person person) {}

    record Renamed(
            @ColumnName("order") int number,
            @ColumnName("Group") String category) {}

    record Everything(
            Optional<Integer> number,
            OptionalInt primitive,
            Optional<String> text,
            Optional<Mood> mood,
            Optional<List<Integer>> list,
            Optional<Range<LocalDate>> range) {}

    record Booleans(boolean v) {}

    record Bytes(byte v) {}

    record Shorts(short v) {}

    record Chars(char v) {}

    record Ints(int v) {}

    record Longs(long v) {}

    record Floats(float v) {}

    record Doubles(double v) {}

    record Node(int id, Node next) {}

    record Pair<A, B>(A a, B b) {}

    record Even(int value) {
        Even {
            if (value % 2 != 0) {
                throw new IllegalArgumentException("secret " + value);
            }
        }
    }

    @SuppressWarnings("ArrayRecordComponent")
    record Kinds(Object any, byte[] bytes, Integer wrapper, Mood mood, Mood[] moods, Set<Mood> all) {}

    private List<Order> orders(String join) {
        return db.query("select o.id, c.id as customer_id, c.name as customer_name"
                        + " from (values (1, 7), (2, null)) o (id, c) " + join
                        + " (values (7, 'Ann')) c (id, name) on c.id = o.c order by 1")
                .as(Order.class);
    }

    @Test
    void aRecordWithinARecordTakesTheColumnsThatBeginWithItsName() {
        assertThat(orders("join")).containsExactly(new Order(1, new Customer(7, "Ann")));
    }

    @Test
    void aRecordWithinARecordIsNullIfAllOfItsColumnsAreAsAfterALeftJoin() {
        assertThat(orders("left join")).containsExactly(new Order(1, new Customer(7, "Ann")), new Order(2, null));
        assertThatThrownBy(() -> db.query("select 1 as id, null::int as customer_id, 'Ann' as customer_name")
                        .as(Order.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("customer_id")
                .hasMessageContaining("Customer")
                .hasMessageContaining("primitive int");
    }

    @Test
    void recordsStandWithinEachOtherAndInOptionalsAndUnderAnotherName() {
        assertThat(db.query(
                                "select 'o' as name, 'p' as person_name, 'High' as person_addr_name, 1 as \"personAddrNumber\","
                                        + " null as person_work_name, null::int as person_work_number")
                        .as(Owner.class))
                .containsExactly(new Owner("o", new Person("p", new Street("High", 1), Optional.empty())));
        assertThat(db.query("select 'p' as name, null as addr_name, null::int as addr_number,"
                                + " 'Low' as work_name, 2 as work_number")
                        .as(Person.class))
                .containsExactly(new Person("p", null, Optional.of(new Street("Low", 2))));
    }

    @Test
    void aColumnOfARowTypeIsReadAsTheRecordWithinTheRecord() {
        db.execute("create type mapping_street as (name text, number int)");
        try {
            assertThat(db.query("select 'p' as name, row('High', 1)::mapping_street as addr,"
                                    + " null::mapping_street as work")
                            .as(Person.class))
                    .containsExactly(new Person("p", new Street("High", 1), Optional.empty()));
            assertThat(db.queryValue(
                            "select array[row('High', 1), null]::mapping_street[]", new TypeRef<List<Street>>() {}))
                    .containsExactly(new Street("High", 1), null);
            assertThat(db.queryValue("select array[row('High', 1)]::mapping_street[]", Street[].class))
                    .containsExactly(new Street("High", 1));
            assertThat(db.queryValue("select row('a', 1)::mapping_street", new TypeRef<Map<String, String>>() {}))
                    .isEqualTo(Map.of("name", "a", "number", "1"));
            assertThatThrownBy(() -> db.queryValue("select row('a', null)::mapping_street", Street.class))
                    .isInstanceOf(ConversionException.class)
                    .hasMessageContaining("attribute number")
                    .hasMessageContaining("primitive int");
        } finally {
            db.execute("drop type mapping_street");
        }
    }

    @Test
    void aRowTypeHoldsWhatARowHolds() {
        db.execute("create type mapping_flat as (name text, addr_name text, addr_number int, work_name text,"
                + " work_number int)");
        try {
            Person person = new Person("p", new Street("High", 1), Optional.empty());
            assertThat(db.queryValue("select row('p', 'High', 1, null, null)::mapping_flat", Person.class))
                    .isEqualTo(person);
            assertThat(db.queryValue("select $1::mapping_flat", Person.class, person))
                    .isEqualTo(person);
            assertThat(db.queryValue("select ($1::mapping_flat).work_name is null", Boolean.class, person))
                    .isTrue();
        } finally {
            db.execute("drop type mapping_flat");
        }
    }

    @Test
    void anAnonymousRecordFillsAComponentInOrder() {
        assertThat(db.query("select 1 as id, row(7, 'Ann'::text) as customer").as(Order.class))
                .containsExactly(new Order(1, new Customer(7, "Ann")));
        record Loose(Optional<Integer> first, List<Integer> second) {}
        assertThat(db.queryValue("select row(null::int, array[1,2])", Loose.class))
                .isEqualTo(new Loose(Optional.empty(), List.of(1, 2)));
    }

    @Test
    void anAnnotationSaysTheColumnsName() {
        assertThat(db.query("select 3 as \"order\", 'x' as \"Group\", 'y' as \"group\"")
                        .as(Renamed.class))
                .containsExactly(new Renamed(3, "x"));
        assertThatThrownBy(
                        () -> db.query("select 3 as number, 'x' as \"Group\"").as(Renamed.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("order")
                .hasMessageContaining("Renamed.number")
                .hasMessageContaining("[number, Group]");
    }

    @Test
    void nullIntoEachPrimitiveNamesRowColumnTypeAndComponent() {
        List<Class<?>> records = List.of(
                Booleans.class,
                Bytes.class,
                Shorts.class,
                Chars.class,
                Ints.class,
                Longs.class,
                Floats.class,
                Doubles.class);
        List<String> types = List.of("bool", "int2", "int2", "text", "int4", "int8", "float4", "float8");
        for (int i = 0; i < records.size(); i++) {
            Class<?> record = records.get(i);
            String type = types.get(i);
            String primitive = record.getRecordComponents()[0].getType().getName();
            Rows rows = db.query("select null::" + type + " as v");
            assertThatThrownBy(() -> rows.as(record))
                    .isInstanceOf(ConversionException.class)
                    .hasMessageContaining("Row 0")
                    .hasMessageContaining("column v (" + type + ")")
                    .hasMessageContaining("component v of " + record.getName())
                    .hasMessageContaining("primitive " + primitive);
        }
    }

    @Test
    void everyPrimitiveIsReadFromAColumnOfItsOwnTypeAndFromAnother() {
        assertThat(db.queryOne("select true as v", Booleans.class)).isEqualTo(new Booleans(true));
        assertThat(db.queryOne("select 5::int2 as v", Bytes.class)).isEqualTo(new Bytes((byte) 5));
        assertThat(db.queryOne("select 'x' as v", Chars.class)).isEqualTo(new Chars('x'));
        assertThat(db.queryOne("select 5 as v", Longs.class)).isEqualTo(new Longs(5));
        assertThat(db.queryOne("select 5::int8 as v", Ints.class)).isEqualTo(new Ints(5));
        assertThat(db.queryOne("select 5::int4 as v", Doubles.class)).isEqualTo(new Doubles(5));
        assertThatThrownBy(() -> db.queryOne("select 5000000000 as v", Ints.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("v");
    }

    @Test
    void anOptionalOfAnythingIsEmptyForNullAndNeverNull() {
        assertThat(db.query("select null::int as number, null::int as primitive, null as text, null as mood,"
                                + " null::int[] as list, null::daterange as range")
                        .as(Everything.class))
                .containsExactly(new Everything(
                        Optional.empty(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
        assertThat(db.query("select 1 as number, 2 as primitive, 'a' as text, 'HAPPY' as mood, '{3}'::int[] as list,"
                                + " daterange('2024-01-01', '2024-01-02') as range")
                        .as(Everything.class))
                .containsExactly(new Everything(
                        Optional.of(1),
                        OptionalInt.of(2),
                        Optional.of("a"),
                        Optional.of(Mood.HAPPY),
                        Optional.of(List.of(3)),
                        Optional.of(Range.closedOpen(LocalDate.of(2024, 1, 1), LocalDate.of(2024, 1, 2)))));
        TypeRef<Optional<String>> text = new TypeRef<>() {};
        Row row = db.queryOne("select null as a, 'x' as b");
        assertThat(row.get(0, text)).isEmpty();
        assertThat(row.get("b", text)).contains("x");
        assertThat(db.queryValue("select 'x' where false", text)).isEmpty();
    }

    @Test
    void typeArgumentsSayWhatIsInAList() {
        assertThat(db.queryValue("select array[1, 2]", new TypeRef<List<Long>>() {}))
                .containsExactly(1L, 2L);
        assertThat(db.queryValue("select array[1, 2, 1]", new TypeRef<Set<Short>>() {}))
                .containsExactly((short) 1, (short) 2);
        assertThat(db.queryValue("select array['SAD', null]", new TypeRef<List<Optional<Mood>>>() {}))
                .containsExactly(Optional.of(Mood.SAD), Optional.empty());
        assertThat(db.queryValue("select '{{1,2},{3,4}}'::int[]", new TypeRef<List<List<Long>>>() {}))
                .containsExactly(List.of(1L, 2L), List.of(3L, 4L));
        assertThat(db.queryValue(
                        "select array[daterange('2024-01-01', null)]", new TypeRef<List<Range<LocalDate>>>() {}))
                .containsExactly(Range.atLeast(LocalDate.of(2024, 1, 1)));
        assertThat(db.queryValue("select array[1, 2]", new TypeRef<Optional<Integer>[]>() {}))
                .containsExactly(Optional.of(1), Optional.of(2));
        assertThat(db.query("select array[g] from generate_series(1, 2) g")
                        .values(new TypeRef<List<? extends Long>>() {}))
                .isEqualTo(List.of(List.of(1L), List.of(2L)));
        assertThat(db.script("select array['SAD', null]")
                        .getFirst()
                        .rows()
                        .values(new TypeRef<List<Optional<Mood>>>() {}))
                .isEqualTo(List.of(List.of(Optional.of(Mood.SAD), Optional.empty())));
    }

    @Test
    void aListOfTheWrongDepthIsRefusedRatherThanFilledWithSomethingElse() {
        assertThatThrownBy(() -> db.queryValue("select '{{1,2},{3,4}}'::int[]", new TypeRef<List<Integer>>() {}))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("2 dimensions");
    }

    private <T> void readsAListOf(TypeRef<List<T>> type) {
        assertThatThrownBy(() -> db.queryValue("select array[1]", type))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("type variable");
    }

    private <T> void readsAnUnknown() {
        readsAListOf(new TypeRef<List<T>>() {});
    }

    @Test
    void whatATypeVariableStandsForIsNotGuessed() {
        this.<String>readsAnUnknown();
        assertThatThrownBy(() -> db.queryValue("select array[1]", new TypeRef<List<? super Integer>>() {}))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("? super");
        assertThatThrownBy(() -> db.query("select 1 as a, 2 as b").as(Pair.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Pair")
                .hasMessageContaining("type parameters");
        assertThatThrownBy(() -> db.queryValue("select 1", new TypeRef<Pair<Integer, Integer>>() {}))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("type parameters");
        assertThatThrownBy(() -> db.queryValue("select 1", new TypeRef<Iterable<Integer>>() {}))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("int4");
    }

    @Test
    void componentsOfManyKindsAreRead() {
        Kinds kinds = db.queryOne(
                "select '1 day'::interval as any, '\\x01'::bytea as bytes, null::int as wrapper, 'SAD' as mood,"
                        + " array['HAPPY'] as moods, array['SAD', 'SAD'] as \"all\"",
                Kinds.class);
        assertThat(kinds.any()).isInstanceOf(dev.howdah.type.Interval.class);
        assertThat(kinds.bytes()).containsExactly(1);
        assertThat(kinds.wrapper()).isNull();
        assertThat(kinds.mood()).isEqualTo(Mood.SAD);
        assertThat(kinds.moods()).containsExactly(Mood.HAPPY);
        assertThat(kinds.all()).containsExactly(Mood.SAD);
        record Raw(Composite value) {}
        assertThat(db.queryOne("select row(1) as value", Raw.class).value().get(0))
                .isEqualTo(1);
    }

    @Test
    void aTypeThatIsNeverReadAsItsComponentIsRefusedWithoutAnyValue() {
        for (String rest : List.of(" where false", "")) {
            assertThatThrownBy(() -> db.query("select null::date as id, 'x' as name" + rest)
                            .as(Customer.class))
                    .isInstanceOf(ConversionException.class)
                    .hasMessageContaining("column id")
                    .hasMessageContaining("Customer.id")
                    .hasMessageContaining("date")
                    .hasMessageContaining("int");
        }
    }

    @Test
    void aRecordThatContainsItselfIsRefusedUnlessARowTypeEndsIt() {
        assertThatThrownBy(() -> db.query("select 1 as id, 2 as next_id").as(Node.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("contains itself");
        assertThatThrownBy(() -> db.query("select 1 as id").as(Order.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("no column customer holds")
                .hasMessageContaining("no column customer_id");
        db.execute("create type mapping_leaf as (id int); create type mapping_node as (id int, next mapping_leaf)");
        try {
            record Leaf(int id) {}
            record Tree(int id, Leaf next) {}
            assertThat(db.query("select row(1, row(2))::mapping_node").values(Tree.class))
                    .containsExactly(new Tree(1, new Leaf(2)));
        } finally {
            db.execute("drop type mapping_node; drop type mapping_leaf");
        }
    }

    @Test
    void aRecordOverAColumnThatIsNoRowSaysWhatWouldHelp() {
        record Mail(String value) {}
        record User(int id, Mail mail) {}
        assertThatThrownBy(() -> db.query("select 1 as id, 'a@b' as mail").as(User.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("mail")
                .hasMessageContaining("text")
                .hasMessageContaining("registerConverter");
    }

    @Test
    void columnsOfOneNameAreRefusedOnlyWhereAComponentMeansThem() {
        assertThatThrownBy(
                        () -> db.query("select 1 as id, 'x' as name, 2 as id").as(Customer.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("[0, 2]")
                .hasMessageContaining("id");
        assertThat(db.query("select 1 as id, 'x' as name, 2 as other, 3 as other")
                        .as(Customer.class))
                .containsExactly(new Customer(1, "x"));
        record Twice(int itemId, @ColumnName("item_id") int again) {}
        assertThatThrownBy(() -> db.query("select 1 as item_id").as(Twice.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("Twice.itemId")
                .hasMessageContaining("Twice.again");
    }

    @Test
    void sixteenHundredColumnsFindTheirComponents() {
        record Ends(int c0, int c1599) {}
        String columns =
                IntStream.range(0, 1600).mapToObj(i -> i + " as c_" + i).collect(Collectors.joining(", "));
        assertThat(db.query("select " + columns).as(Ends.class)).containsExactly(new Ends(0, 1599));
    }

    @Test
    void theConstructorsExceptionIsTheCauseAndTheRowIsTold() {
        assertThatThrownBy(() -> db.query("select 2 as value union all select 3 order by 1")
                        .as(Even.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("Row 1")
                .hasMessageContaining("Even")
                .hasMessageNotContaining("secret")
                .hasRootCauseMessage("secret 3");
    }

    @Test
    void whatIsNoRecordTakesTheOnlyColumn() {
        assertThat(db.query("select g from generate_series(1, 2) g").as(Long.class))
                .containsExactly(1L, 2L);
        assertThat(db.queryOne("select 1.5", BigDecimal.class)).isEqualByComparingTo("1.5");
        assertThatThrownBy(() -> db.query("select 1, 2").as(Integer.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("it has 2");
        assertThatThrownBy(() -> db.query("select null::int").as(Integer.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("NULL");
    }

    @Test
    void aStreamMapsAsItGoes() {
        try (Stream<Customer> stream =
                db.stream("select g as id, 'c' || g as name from generate_series(1, $1) g", 2, Customer.class, 5)) {
            assertThat(stream.map(Customer::name)).containsExactly("c1", "c2", "c3", "c4", "c5");
        }
    }

    @Test
    void manyRecordsAndThreadsShareOneResult() throws Exception {
        record A(int a) {}
        record B(int b) {}
        record AB(int a, int b) {}
        Rows rows = db.query("select g as a, -g as b from generate_series(1, 500) g");
        List<Thread> threads = new ArrayList<>();
        List<List<Object>> results = new ArrayList<>(Arrays.asList(null, null, null, null));
        for (int i = 0; i < 4; i++) {
            int own = i;
            threads.add(Thread.ofPlatform().start(() -> {
                List<Object> seen = new ArrayList<>();
                for (int again = 0; again < 20; again++) {
                    seen.add(rows.as(A.class).get(499).a());
                    seen.add(rows.as(B.class).get(499).b());
                    seen.add(rows.as(AB.class).get(499));
                }
                results.set(own, seen);
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (List<Object> seen : results) {
            assertThat(seen).hasSize(60).containsOnly(500, -500, new AB(500, -500));
        }
    }
}
