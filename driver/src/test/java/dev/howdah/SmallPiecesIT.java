package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.UniqueViolationException;
import dev.howdah.testkit.FaultyWire;
import dev.howdah.testkit.Roles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/** The same answers when bytes come and go in small pieces, one by one while connecting; and nothing is sent that is not needed. */
@Timeout(180)
class SmallPiecesIT extends DriverContract {

    private static Path folder;
    private static FaultyWire wire;

    @BeforeParameterizedClassInvocation
    static void makeWire(Place place) throws IOException {
        folder = Files.createTempDirectory("wire");
        wire = place.wire(folder);
        pieces(1);
    }

    @AfterParameterizedClassInvocation
    static void removeWire() throws IOException {
        wire.close();
        Files.delete(folder);
    }

    @Override
    String dsn() {
        return place.dsn(wire, folder, database(), Roles.SCRAM);
    }

    @AfterEach
    void theNextConnectsByteByByte() {
        wire.toClient().clear();
        wire.toServer().clear();
        pieces(1);
    }

    private static void pieces(int bytes) {
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
    void manySetsInSmallPieces() {
        int count = place.amount(100_000, 5_000);
        db.execute("create temp table many (id int primary key, name text)");
        pieces(1_000);
        BatchResult made = db.executeMany("insert into many values ($1, $2)", sets(count, "name"));
        assertThat(made.rowCount()).isEqualTo(count);
        assertThat(db.queryValue("select sum(id) from many", Long.class)).isEqualTo(count * (count - 1L) / 2);
        assertThatThrownBy(() ->
                        db.executeMany("insert into many values ($1 + " + count / 2 + ", $2)", sets(count, "name")))
                .isInstanceOf(UniqueViolationException.class);
        assertThat(db.queryValue("select count(*) from many", Long.class)).isEqualTo(count);
    }

    @Test
    void wideSetsAndWideAnswersInPiecesOfOddSize() {
        String wide = "w".repeat(1_000);
        int count = place.amount(10_000, 1_000);
        pieces(777);
        BatchResult echoed = db.executeMany("select $1::int as i, $2::text as t", sets(count, wide));
        assertThat(echoed.rows().size()).isEqualTo(count);
        assertThat(echoed.rows().get(count - 1).getInt("i")).isEqualTo(count - 1);
        assertThat(echoed.rows().get(count / 2).getString("t")).isEqualTo(wide);
    }

    @Test
    void aSlowServerDoesNotBlockAWideBatch() {
        wire.toServer().clear();
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
