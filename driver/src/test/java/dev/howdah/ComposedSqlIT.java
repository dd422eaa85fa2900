package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.howdah.sql.Identifier;
import dev.howdah.sql.Literal;
import dev.howdah.sql.Placeholder;
import dev.howdah.sql.Sql;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import dev.howdah.type.Codec;
import dev.howdah.type.ValueWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every verb takes composed SQL, and the values that it brings along. */
@ExtendWith(PostgresExtension.class)
class ComposedSqlIT {

    private record Item(int id, String name) {}

    private record Spot(int x, int y) {}

    private static final Identifier TABLE = Identifier.of("pg_temp", "an \"item\"");
    private static final Sql ALL = Sql.of("select id, name from {} where id >= {} order by id");

    private PgConnection db;

    @BeforeEach
    void open(TestDatabase database) {
        db = Howdah.connect(database.dsn(Roles.TRUST));
        db.execute(Sql.of("create table {} (id int primary key, name text default {})")
                .format(TABLE, Literal.of("it's")));
        db.executeMany(
                Sql.named("insert into {table} values (:id, :name)").with("table", TABLE),
                List.of(new Item(1, "pen"), Map.of("id", 2, "name", "ink")));
        db.execute(Sql.of("insert into {} values ({}, {})").format(TABLE, Placeholder.of(), Sql.DEFAULT), 3);
    }

    @AfterEach
    void close() {
        db.close();
    }

    @Test
    void everyVerbTakesIt() {
        Sql sql = ALL.format(TABLE, Sql.value(3));
        Item last = new Item(3, "it's");
        assertThat(db.query(sql).as(Item.class)).containsExactly(last);
        assertThat(db.execute(sql).rowCount()).isEqualTo(1);
        assertThat(db.queryOne(sql).getInt("id")).isEqualTo(3);
        assertThat(db.queryOne(sql, Item.class)).isEqualTo(last);
        assertThat(db.queryValue(sql, Integer.class)).isEqualTo(3);
        try (Stream<Row> rows = db.stream(sql, 10)) {
            assertThat(rows.map(row -> row.getInt(0))).containsExactly(3);
        }
        assertThat(db.withTimeout(Duration.ofMinutes(1)).query(sql).size()).isEqualTo(1);
        assertThat(db.script(ALL.format(TABLE, Literal.of(2)).plus(Sql.of("; select 1"))))
                .hasSize(2);
        assertThatIllegalArgumentException().isThrownBy(() -> db.script(sql));
    }

    @Test
    void valuesGivenWithTheCallAreForThePlaceholdersWithoutAName() {
        Sql sql = ALL.format(TABLE, Placeholder.of());
        assertThat(db.query(sql, 2).size()).isEqualTo(2);
        assertThat(db.query(sql, (Object[]) null).size()).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> db.query(sql));
        assertThat(db.query(Sql.of("select $1::int + $2::int"), 2, 3).one().getInt(0))
                .isEqualTo(5);
    }

    @Test
    void namedValuesAreBoundAndListsAreArrays() {
        Sql sql = Sql.named(
                        "select array_agg(id order by id) from {} where id = any(:ids) or name = :name and :name <> '' ")
                .format(TABLE)
                .bind("ids", List.of(1, 7))
                .bind("name", "ink");
        assertThat(db.queryOne(sql).get(0)).isEqualTo(List.of(1, 2));
        assertThat(db.mogrify(sql)).contains("any('{1,7}'::int4[]) or name = 'ink' and 'ink' <> ''");
        assertThat(db.query(db.mogrify(sql)).one().get(0)).isEqualTo(List.of(1, 2));
    }

    @Test
    void aHostileNameIsOnlyAName() {
        String name = "x\"; drop table \"y' -- \\ $1 {} :a";
        Sql sql = Sql.of("select {} as {}").format(Sql.value("1"), Identifier.of(name));
        assertThat(db.query(sql).columns().getFirst().name()).isEqualTo(name);
    }

    @Test
    void aRegisteredCodecWritesLiteralsOfItsClassAndArraysOfThem() {
        db.types().registerCodec("point", spots());
        assertThat(db.mogrify("select $1", new Spot(1, 2))).isEqualTo("select '(1,2)'::point");
        List<Spot> spots = List.of(new Spot(1, 2), new Spot(3, 4));
        assertThat(db.mogrify("select $1", spots)).isEqualTo("select '{\"(1,2)\",\"(3,4)\"}'::point[]");
        assertThat(db.query(db.mogrify("select $1", spots)).one().get(0)).isEqualTo(spots);
    }

    @Test
    void aCodecOfATypeThatIsNotKnownYetWritesItsName() {
        db.execute("create domain pg_temp.\"a Spot\" as point");
        db.types().registerCodec("pg_temp.a Spot", spots());
        assertThat(db.mogrify("select $1", new Spot(1, 2))).isEqualTo("select '(1,2)'::\"pg_temp\".\"a Spot\"");
    }

    @Test
    void aRegisteredCodecOfAnEnumGoesBeforeItsName() {
        db.execute("create type pg_temp.mood as enum ('very happy')");
        db.types().registerCodec("mood", new OwnCodec<>(Mood.class, text -> Mood.VERY_HAPPY, mood -> mood.label));
        String text = db.mogrify("select $1", Mood.VERY_HAPPY);
        assertThat(text).isEqualTo("select 'very happy'::\"mood\"");
        assertThat(db.queryValue(text, Mood.class)).isEqualTo(Mood.VERY_HAPPY);
    }

    private enum Mood {
        VERY_HAPPY("very happy");

        private final String label;

        Mood(String label) {
            this.label = label;
        }
    }

    private static OwnCodec<Spot> spots() {
        return new OwnCodec<>(
                Spot.class,
                text -> {
                    String[] parts = text.substring(1, text.length() - 1).split(",", -1);
                    return new Spot(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
                },
                spot -> "(" + spot.x + "," + spot.y + ")");
    }

    /** A codec that speaks text only. */
    private record OwnCodec<T>(Class<T> javaType, Function<String, T> read, Function<T, String> write)
            implements Codec<T> {

        @Override
        public boolean binary() {
            return false;
        }

        @Override
        public T decodeBinary(byte[] bytes, int offset, int length) {
            return decodeText(new String(bytes, offset, length, StandardCharsets.UTF_8));
        }

        @Override
        public T decodeText(String text) {
            return read.apply(text);
        }

        @Override
        public void encodeBinary(T value, ValueWriter out) {
            out.utf8(encodeText(value));
        }

        @Override
        public String encodeText(T value) {
            return write.apply(value);
        }
    }
}
