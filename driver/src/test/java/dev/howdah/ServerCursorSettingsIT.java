package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a cursor of the server is called and set to, what it says of itself, and classes of the user's own. */
class ServerCursorSettingsIT extends DriverContract {

    @Test
    void anyLegalNameWorks() {
        try (Transaction tx = db.begin()) {
            for (String name : List.of(
                    "c",
                    "1",
                    "two words",
                    "\"",
                    "a\"b'c\\d$1;--",
                    "SELECT",
                    "Ünï",
                    "\uD83D\uDC18",
                    "x".repeat(63),
                    "é".repeat(31))) {
                for (boolean scrollable : new boolean[] {false, true}) {
                    try (ServerCursor cursor =
                            db.cursor(name).scrollable(scrollable).fetchSize(1)) {
                        cursor.execute("select g from generate_series(1, 3) g");
                        assertThat(cursor.name()).isEqualTo(name);
                        cursor.scroll(1);
                        assertThat(cursor.fetchAll().values(Integer.class)).containsExactly(2, 3);
                        assertThat(db.queryValue("select name from pg_cursors where name <> ''", String.class))
                                .isEqualTo(name);
                    }
                }
            }
            tx.commit();
        }
    }

    @Test
    void aNameThatTheServerWouldCutOrCannotHaveIsRefused() {
        assertThatThrownBy(() -> db.cursor("x".repeat(64)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("63 bytes");
        assertThatThrownBy(() -> db.cursor("é".repeat(32)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("64");
        assertThatThrownBy(() -> db.cursor("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> db.cursor("a\0b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> db.cursor("\uD83D")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> db.cursor("x".repeat(64), Audited::new)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFetchSizeAndAMemoryTargetAreAtLeastOne() {
        ServerCursor cursor = db.cursor("c");
        assertThatThrownBy(() -> cursor.fetchSize(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> cursor.fetchSize(-5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> cursor.memoryTarget(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> cursor.fetchMany(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oneThatIsOpenTakesNoSettings() {
        try (Transaction tx = db.begin();
                ServerCursor cursor = db.cursor("c").execute("select 1")) {
            for (Runnable setting : List.<Runnable>of(
                    () -> cursor.scrollable(true),
                    () -> cursor.withHold(true),
                    () -> cursor.fetchSize(1),
                    () -> cursor.memoryTarget(1))) {
                assertThatThrownBy(setting::run)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("is open");
            }
            tx.commit();
        }
    }

    @Test
    void itSaysWhatItHasDone() {
        try (Transaction tx = db.begin()) {
            try (ServerCursor cursor = db.cursor("my c").scrollable(true).fetchSize(2)) {
                assertThat(cursor.queryText()).isNull();
                assertThat(cursor.statusMessage()).isEmpty();
                assertThat(cursor.rowNumber()).isEqualTo(-1);
                assertThat(cursor.rowCount()).isEqualTo(-1);
                cursor.execute("select $1::int as a", 1);
                assertThat(cursor.queryText()).isEqualTo("DECLARE \"my c\" SCROLL CURSOR FOR select $1::int as a");
                assertThat(cursor.statusMessage()).isEqualTo("DECLARE CURSOR");
                assertThat(cursor.columns()).extracting(Column::name).containsExactly("a");
                assertThat(cursor.rowNumber()).isZero();
                cursor.fetchOne();
                assertThat(cursor.queryText()).isEqualTo("FETCH FORWARD 2 FROM \"my c\"");
                assertThat(cursor.statusMessage()).isEqualTo("FETCH 1");
            }
            try (ServerCursor cursor = db.cursor("c")) {
                cursor.execute("select 1 as a");
                assertThat(cursor.queryText()).isEqualTo("select 1 as a");
                assertThat(cursor.statusMessage()).isEqualTo("SELECT 1");
            }
            ServerCursor refused = db.cursor("c").scrollable(true);
            assertThatThrownBy(() -> refused.execute("select not_here")).hasMessageContaining("42703");
            assertThat(refused.queryText()).endsWith("select not_here");
            tx.rollback();
        }
    }

    /** Counts what it opens. */
    private static final class Audited extends ServerCursor {
        private int opened;

        Audited(PgConnection connection, String name) {
            super(connection, name);
        }

        @Override
        public ServerCursor execute(String sql, Object... parameters) {
            opened++;
            return super.execute(sql, parameters);
        }
    }

    @Test
    void aClassOfOnesOwnIsMadeByItsFactory() {
        try (Transaction tx = db.begin();
                Audited cursor = db.cursor("c", Audited::new)) {
            cursor.execute("select 1");
            assertThat(cursor.opened).isEqualTo(1);
            assertThat(cursor.connection()).isSameAs(db);
            assertThat(cursor.fetchOne().getInt(0)).isEqualTo(1);
            tx.commit();
        }
        assertThatThrownBy(() -> db.cursor("c", (connection, name) -> null)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> db.cursor("c", (connection, name) -> new Audited(connection, "d")))
                .isInstanceOf(IllegalStateException.class);
    }
}
