package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.UniqueViolationException;
import dev.howdah.testkit.FaultyWire;
import dev.howdah.testkit.LeakCheck;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The same answers when bytes come and go in small pieces, and nothing is sent that is not needed. */
@ExtendWith(PostgresExtension.class)
class SmallPiecesIT {

    private LeakCheck leaks;
    private FaultyWire wire;
    private PgConnection db;

    @BeforeEach
    void connect(TestDatabase database) {
        leaks = LeakCheck.start().backends(database);
        wire = FaultyWire.to(database.server());
        db = Howdah.connect(wire.dsn(database.name(), Roles.TRUST) + " sslmode=disable");
    }

    @AfterEach
    void close() {
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
        db.close();
        wire.close();
        leaks.verify();
    }

    private void pieces(int bytes) {
        wire.toServer().chunk(bytes);
        wire.toClient().chunk(bytes);
    }

    private static Iterable<Object> sets(int count, String text) {
        return () -> IntStream.range(0, count)
                .mapToObj(i -> (Object) List.of(i, text))
                .iterator();
    }

    @Test
    void queriesByteByByte() {
        pieces(1);
        Rows rows = db.query("select g as i, 'item ' || g as t, null as n from generate_series(1, $1::int) g", 20);
        assertThat(rows.size()).isEqualTo(20);
        assertThat(rows.get(19).getString("t")).isEqualTo("item 20");
        assertThat(db.script("select 1; select 2; select 'x'")).hasSize(3);
        assertThatThrownBy(() -> db.query("select 1 / 0")).hasMessageContaining("22012");
        try (Stream<Row> stream = db.stream("select * from generate_series(1, 50)", 7)) {
            assertThat(stream.count()).isEqualTo(50);
        }
        assertThat(db.executeMany("select $1::int, $2::text", sets(50, "t")).rowCount())
                .isEqualTo(50);
    }

    @Test
    void aHundredThousandSetsInSmallPieces() {
        db.execute("create temp table many (id int primary key, name text)");
        pieces(1_000);
        BatchResult made = db.executeMany("insert into many values ($1, $2)", sets(100_000, "name"));
        assertThat(made.rowCount()).isEqualTo(100_000);
        assertThat(db.queryValue("select sum(id) from many", Long.class)).isEqualTo(100_000L * 99_999 / 2);
        assertThatThrownBy(() -> db.executeMany("insert into many values ($1 + 50000, $2)", sets(100_000, "name")))
                .isInstanceOf(UniqueViolationException.class);
        assertThat(db.queryValue("select count(*) from many", Long.class)).isEqualTo(100_000);
    }

    @Test
    void wideSetsAndWideAnswersInPiecesOfOddSize() {
        String wide = "w".repeat(1_000);
        pieces(777);
        BatchResult echoed = db.executeMany("select $1::int as i, $2::text as t", sets(10_000, wide));
        assertThat(echoed.rows().size()).isEqualTo(10_000);
        assertThat(echoed.rows().get(9_999).getInt("i")).isEqualTo(9_999);
        assertThat(echoed.rows().get(5_000).getString("t")).isEqualTo(wide);
    }

    @Test
    void aSlowServerDoesNotBlockAWideBatch() {
        wire.toClient().chunk(50_000).delay(Duration.ofMillis(1));
        BatchResult echoed = db.executeMany("select $1::int, $2::text", sets(5_000, "w".repeat(1_000)));
        assertThat(echoed.rows().size()).isEqualTo(5_000);
    }

    @Test
    void aSecondRunSendsItsParametersAndNoText() {
        String sql = "select $1::int /* " + "a long text ".repeat(100) + "*/";
        db.query(sql, 1);
        long before = wire.toServer().passed();
        db.query(sql, 2);
        assertThat(wire.toServer().passed() - before).isLessThan(100);
    }
}
