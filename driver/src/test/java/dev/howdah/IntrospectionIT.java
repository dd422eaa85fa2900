package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConversionException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import dev.howdah.type.BuiltinTypes;
import dev.howdah.type.Composite;
import dev.howdah.type.PgType;
import dev.howdah.type.TypeRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Types that a database's users have made are found when they are first met. */
@ExtendWith(PostgresExtension.class)
class IntrospectionIT {

    private static final String TYPES = """
            create schema "Shop; drop";
            create type "Shop; drop"."mo""od" as enum ('sad', 'very happy', 'it''s');
            create domain "Shop; drop".short as varchar(5);
            create table "Shop; drop".item (
                id int, gone text, feeling "Shop; drop"."mo""od", names "Shop; drop".short[], "Odd ""name" numeric);
            alter table "Shop; drop".item drop column gone;
            create type "Shop; drop".basket as (first "Shop; drop".item, others "Shop; drop".item[], at tstzrange);
            create domain "Shop; drop".full_basket as "Shop; drop".basket check (value is not null);
            create type "Shop; drop".speed as range (subtype = float8);
            """;

    private static final String VALUE = "null::\"Shop; drop\".";

    private static PgConnection open(TestDatabase db) {
        db.execute("grant create on database " + db.name() + " to public");
        return Howdah.connect(db.dsn(Roles.TRUST));
    }

    private static PgType type(PgConnection db, String name) {
        Integer oid = db.queryValue(
                "select t.oid::int from pg_type t join pg_namespace n on n.oid = typnamespace"
                        + " where typname = $1 and nspname = 'Shop; drop'",
                Integer.class,
                name);
        assertThat(oid).isNotNull();
        @Nullable PgType found = db.types().type(oid);
        if (found == null) {
            throw new AssertionError(name + " is not known");
        }
        return found;
    }

    private static String name(PgConnection db, int oid) {
        PgType type = db.types().type(oid);
        return type == null ? "?" : type.displayName();
    }

    @ParameterizedTest
    @PostgresVersions
    void aTypeAndAllThatItIsMadeOfIsKnownOnceItWasMet(TestDatabase database) {
        try (PgConnection db = open(database)) {
            db.script(TYPES);
            db.query("select " + VALUE + "full_basket[], " + VALUE + "speed_multirange");

            PgType domain = type(db, "full_basket");
            assertThat(domain.kind()).isEqualTo(PgType.Kind.DOMAIN);
            PgType basket = type(db, "basket");
            assertThat(domain.baseOid()).isEqualTo(basket.oid());
            assertThat(basket.attributes())
                    .extracting(PgType.Attribute::name, a -> name(db, a.typeOid()))
                    .extracting(Object::toString)
                    .containsExactly(
                            "(\"first\", \"Shop; drop.item\")",
                            "(\"others\", \"Shop; drop.item[]\")",
                            "(\"at\", \"tstzrange\")");
            PgType item = type(db, "item");
            assertThat(item.kind()).isEqualTo(PgType.Kind.COMPOSITE);
            assertThat(item.attributes())
                    .extracting(PgType.Attribute::name)
                    .containsExactly("id", "feeling", "names", "Odd \"name");
            PgType mood = type(db, "mo\"od");
            assertThat(mood.kind()).isEqualTo(PgType.Kind.ENUM);
            assertThat(mood.labels()).containsExactly("sad", "very happy", "it's");
            assertThat(type(db, "short").baseOid()).isEqualTo(BuiltinTypes.VARCHAR);
            PgType range = type(db, "speed");
            assertThat(range.kind()).isEqualTo(PgType.Kind.RANGE);
            assertThat(range.baseOid()).isEqualTo(BuiltinTypes.FLOAT8);
            PgType multirange = type(db, "speed_multirange");
            assertThat(multirange.kind()).isEqualTo(PgType.Kind.MULTIRANGE);
            assertThat(multirange.baseOid()).isEqualTo(range.oid());
            PgType array = type(db, "_item");
            assertThat(array.kind()).isEqualTo(PgType.Kind.ARRAY);
            assertThat(array.elementOid()).isEqualTo(item.oid());
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void manyUnknownTypesTakeOneQueryAndOnlyTheFirstTime(TestDatabase database, @TempDir Path folder)
            throws IOException {
        Path trace = folder.resolve("trace");
        try (PgConnection db = open(database)) {
            db.script(TYPES);
        }
        ConnectOptions options = ConnectOptions.parse(database.dsn(Roles.TRUST)).toBuilder()
                .trace(trace)
                .build();
        try (PgConnection db = Howdah.connect(options)) {
            String sql = "select " + VALUE + "item, " + VALUE + "basket, " + VALUE + "\"mo\"\"od\", " + VALUE
                    + "speed, " + VALUE + "short[], $1::\"Shop; drop\".\"mo\"\"od\"";
            db.query(sql, "sad");
            db.query(sql, "sad");
            db.query("select " + VALUE + "item[]");
        }
        assertThat(Files.readAllLines(trace))
                .filteredOn(line -> line.contains("FROM pg_catalog.unnest($1)"))
                .hasSize(1);
    }

    @Test
    void aPreparedQueryNamesTheTypesOfItsParameters(TestDatabase database) {
        try (PgConnection db = open(database)) {
            db.script(TYPES);
            try (PreparedQuery query =
                    db.prepare("select $1::\"Shop; drop\".\"mo\"\"od\", $2::\"Shop; drop\".speed[]")) {
                assertThat(query.parameterTypes())
                        .extracting(PgType::displayName)
                        .containsExactly("Shop; drop.mo\"od", "Shop; drop.speed[]");
                assertThat(query.columns())
                        .extracting(Column::typeName)
                        .containsExactly("Shop; drop.mo\"od", "Shop; drop.speed[]");
            }
        }
    }

    @Test
    void aTypeMadeInTheSameTransactionIsFound(TestDatabase database) {
        try (PgConnection db = open(database)) {
            try (Transaction tx = db.begin()) {
                db.execute("create type mood as enum ('sad', 'ok')");
                assertThat(db.queryValue("select $1::mood", String.class, "ok")).isEqualTo("ok");
                tx.rollback();
            }
            assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
        }
    }

    @Test
    void anAbortedTransactionIsAskedNothing(TestDatabase database) {
        try (PgConnection db = open(database)) {
            db.script("create type mood as enum ('sad', 'ok')");
            try (Transaction tx = db.begin()) {
                assertThat(db.queryValue("select 'ok'::mood", String.class)).isEqualTo("ok");
                assertThatThrownBy(() -> db.execute("select 1/0")).isInstanceOf(ServerException.class);
                db.types().forgetTypes();
                assertThatThrownBy(() -> db.query("select 'ok'::mood"))
                        .isInstanceOfSatisfying(
                                ServerException.class,
                                e -> assertThat(e.sqlState()).isEqualTo(SqlState.IN_FAILED_SQL_TRANSACTION));
                tx.rollback();
            }
            assertThat(db.queryValue("select 'ok'::mood", String.class)).isEqualTo("ok");
        }
    }

    @Test
    void noSearchPathChangesWhatIsAsked(TestDatabase database) {
        try (PgConnection db = open(database)) {
            db.script("""
                    create schema evil;
                    create table evil.pg_type (oid oid, typname name);
                    create function evil.unnest(oid[]) returns setof oid language sql as 'select 666::oid';
                    create function evil.eq(oid, oid) returns boolean language sql as 'select false';
                    create operator evil.= (leftarg = oid, rightarg = oid, function = evil.eq);
                    create type mood as enum ('sad', 'ok');
                    set search_path = evil, public, pg_catalog;
                    """);
            db.query("select 'ok'::mood");
            assertThat(db.prepare("select $1::mood").parameterTypes())
                    .extracting(PgType::labels)
                    .containsExactly(List.of("sad", "ok"));
        }
    }

    @Test
    void whatThisSessionAltersIsLookedAtAgain(TestDatabase database) {
        try (PgConnection db = open(database)) {
            db.script("create type mood as enum ('sad', 'ok')");
            db.query("select 'ok'::mood");
            db.execute("alter type mood add value 'glad'");
            assertThat(db.prepare("select $1::mood").parameterTypes())
                    .extracting(PgType::labels)
                    .containsExactly(List.of("sad", "ok", "glad"));
            try (Transaction tx = db.begin()) {
                db.execute("alter type mood rename value 'glad' to 'merry'");
                assertThat(db.prepare("select $1::mood")
                                .parameterTypes()
                                .getFirst()
                                .labels())
                        .contains("merry");
                tx.rollback();
            }
            assertThat(db.prepare("select $1::mood").parameterTypes().getFirst().labels())
                    .contains("glad");
        }
    }

    @Test
    void whatAnotherSessionAltersIsRightInTheNextResult(TestDatabase database) {
        try (PgConnection db = open(database)) {
            db.script("create type pair as (a int, b text); create table t (p pair); insert into t values ((1, 'x'))");
            assertThat(composite(db, "select p from t").asMap()).containsOnlyKeys("a", "b");
            database.execute("alter type public.pair add attribute c date");
            assertThat(composite(db, "select p from t").asMap()).containsOnlyKeys("a", "b", "c");
            database.execute("alter type public.pair drop attribute b");
            assertThat(composite(db, "select p from t").asMap()).containsOnlyKeys("a", "c");
            Rows returned = db.executeMany("insert into t values ($1) returning p", List.of(List.of(Map.of("a", 2))))
                    .rows();
            assertThat(returned.first().get(0, Composite.class))
                    .extracting(c -> c.get("a"))
                    .isEqualTo(2);
        }
    }

    @Test
    void aRowValueThatIsSentFitsItsTypeAsItIsNow(TestDatabase database) {
        try (PgConnection db = open(database)) {
            db.script("create type pair as (a int, b text); create table t (p pair)");
            db.query("insert into t values ($1)", Map.of("a", 1, "b", "x"));
            database.execute("alter type public.pair add attribute c int");
            db.query("insert into t values ($1)", Map.of("a", 2));
            assertThat(db.queryValue("select count(*) from t where (p).b is null", Long.class))
                    .isEqualTo(1L);
            database.execute("alter type public.pair drop attribute c");
            try (Transaction tx = db.begin()) {
                assertThatThrownBy(() -> db.query("insert into t values ($1)", Map.of("a", 3)))
                        .isInstanceOf(ServerException.class);
                tx.rollback();
            }
            db.query("insert into t values ($1)", Map.of("a", 4));
            assertThat(db.queryValue("select count(*) from t", Long.class)).isEqualTo(3L);
        }
    }

    @Test
    void aRowWithoutATypeMayHoldTypesThatWereNeverMet(TestDatabase database) {
        try (PgConnection db = open(database)) {
            db.script("create type mood as enum ('sad', 'ok'); create type pair as (a mood, b int)");
        }
        try (PgConnection db = open(database)) {
            assertThat(composite(db, "select row(1, 'ok'::mood, row('sad'::mood, 7)::pair)")
                            .values())
                    .startsWith(1, "ok")
                    .last()
                    .isInstanceOfSatisfying(
                            Composite.class,
                            pair -> assertThat(pair.asMap())
                                    .containsEntry("a", "sad")
                                    .containsEntry("b", 7));
        }
    }

    @Test
    void aScriptKnowsTheTypesOfItsResults(TestDatabase database) {
        try (PgConnection db = open(database)) {
            db.script("create type pair as (a int, b text)");
            List<Result> results = db.script("select row(1, 'x')::pair; select array[row(2, 'y')::pair]");
            assertThat(results.getFirst().rows().first().get(0, Composite.class))
                    .extracting(pair -> pair == null ? null : pair.get("b"))
                    .isEqualTo("x");
            assertThat(results.getLast().rows().columns().getFirst().typeName()).endsWith("pair[]");
        }
    }

    @Test
    void aParameterIsWrittenAsTheTypeThatItsColumnHasNow(TestDatabase database) {
        try (PgConnection db = open(database)) {
            db.script("create table t (x int)");
            db.query("insert into t values ($1)", 1);
            database.execute("drop table public.t; create table public.t (x text); grant all on public.t to public");
            db.query("insert into t values ($1)", "one");
            assertThat(db.queryValue("select x from t", String.class)).isEqualTo("one");
            assertThatThrownBy(() -> db.query("select $1::int", List.of())).isInstanceOf(ConversionException.class);
            assertThatThrownBy(() -> db.query("select $1::int", List.of())).isInstanceOf(ConversionException.class);
            assertThat(db.queryValue("select $1::int", Integer.class, 1)).isEqualTo(1);
        }
    }

    @Test
    void aRowTypeIsReadAsARow(TestDatabase database) {
        try (PgConnection db = open(database)) {
            db.script("create type pair as (a int, \"B\" text)");
            String sql = "select row(1, 'x,\"y')::pair as one, array[row(2, null)::pair, null] as more,"
                    + " row(3, 'z') as plain";
            for (Row row :
                    List.of(db.queryOne(sql), db.script(sql).getFirst().rows().one())) {
                Row one = Objects.requireNonNull(row.get("one", Row.class));
                assertThat(one.getInt("a")).isEqualTo(1);
                assertThat(one.getString("B")).isEqualTo("x,\"y");
                assertThat(one.columns()).extracting(Column::typeName).containsExactly("int4", "text");
                List<@Nullable Row> more =
                        Objects.requireNonNull(row.get("more", new TypeRef<List<@Nullable Row>>() {}));
                assertThat(more).hasSize(2).element(1).isNull();
                assertThat(Objects.requireNonNull(more.getFirst()).isNull("B")).isTrue();
                assertThat(Objects.requireNonNull(row.get("plain", Row.class)).getString("f2"))
                        .isEqualTo("z");
            }
            record Both(Row one, int number) {}
            Both both = db.queryOne("select row(1, 'x')::pair as one, 7 as number", Both.class);
            assertThat(both.one().getString("B") + both.number()).isEqualTo("x7");
            assertThatThrownBy(() -> db.queryValue("select 1", Row.class)).isInstanceOf(ConversionException.class);
        }
    }

    private static Composite composite(PgConnection db, String sql) {
        Composite composite = db.queryValue(sql, Composite.class);
        if (composite == null) {
            throw new AssertionError("there is no value");
        }
        return composite;
    }
}
