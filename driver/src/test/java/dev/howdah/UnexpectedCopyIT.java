package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.Delivery;
import dev.howdah.error.FailedTransactionException;
import dev.howdah.error.ServerException;
import dev.howdah.error.UnexpectedCopyException;
import dev.howdah.error.UnexpectedCopyException.Direction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** COPY sent through a method that runs plain statements: a clear exception, and the connection goes on. */
class UnexpectedCopyIT extends DriverContract {

    private static final String IN = "copy copied from stdin";
    private static final String OUT = "copy (select g, repeat('x', 1000) from generate_series(1, 5000) g) to stdout";

    @BeforeEach
    void table() {
        db.execute("create temp table copied (x int)");
    }

    private void refused(Direction direction, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        UnexpectedCopyException refused = thrown(UnexpectedCopyException.class, call);
        assertThat(refused.direction()).isEqualTo(direction);
        assertThat(refused).hasMessageContaining(direction == Direction.IN ? "copyIn" : "copyOut");
        assertThat(db.queryValue("select 40 + $1::int", Integer.class, 2)).isEqualTo(42);
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
    }

    @Test
    void throughExecute() {
        refused(Direction.IN, () -> db.execute(IN));
        refused(Direction.OUT, () -> db.execute(OUT));
    }

    @Test
    void throughQuery() {
        refused(Direction.IN, () -> db.query(IN));
        refused(Direction.OUT, () -> db.query(OUT));
        refused(Direction.IN, () -> db.queryValue(IN, Long.class));
    }

    @Test
    void throughAScriptWithOtherStatements() {
        refused(Direction.IN, () -> db.script("insert into copied values (1); " + IN + "; select 1"));
        assertThat(db.queryValue("select count(*) from copied", Long.class)).isZero();
        refused(Direction.OUT, () -> db.script("insert into copied values (1); " + OUT + "; select 1"));
        assertThat(db.queryValue("select count(*) from copied", Long.class)).isEqualTo(1);
        refused(Direction.OUT, () -> db.script(OUT + "; " + OUT));
        refused(Direction.OUT, () -> db.script(OUT + "; " + IN));
    }

    @Test
    void deliveryTellsWhetherTheServerKeptTheScript() {
        String insert = "insert into copied values (1); ";
        assertThat(copied(insert + OUT + "; select 1").delivery()).isEqualTo(Delivery.COMPLETED);
        assertThat(db.queryValue("select count(*) from copied", Long.class)).isEqualTo(1);

        UnexpectedCopyException refused = copied(insert + OUT + "; select 1/0");
        assertThat(refused.delivery()).isEqualTo(Delivery.REFUSED);
        assertThat(refused).hasCauseInstanceOf(ServerException.class).hasRootCauseMessage(divisionByZero());
        assertThat(copied(insert + IN).delivery()).isEqualTo(Delivery.REFUSED);
        UnexpectedCopyException both = copied(insert + OUT + "; " + IN);
        assertThat(both.delivery()).isEqualTo(Delivery.REFUSED);
        assertThat(both.getSuppressed()).hasOnlyElementsOfType(UnexpectedCopyException.class);
        assertThat(db.queryValue("select count(*) from copied", Long.class)).isEqualTo(1);
    }

    @Test
    void aCopyThatFailsInTheMiddleIsRefused() {
        String failing = "copy (select 1/(50000 - g) from generate_series(1, 50000) g) to stdout";
        for (UnexpectedCopyException refused : List.of(
                copied(failing),
                thrown(UnexpectedCopyException.class, () -> db.query(failing)),
                thrown(UnexpectedCopyException.class, () -> db.executeMany(failing, List.of(List.of()))),
                thrown(UnexpectedCopyException.class, () -> db.stream(failing, 10)))) {
            assertThat(refused.delivery()).isEqualTo(Delivery.REFUSED);
            assertThat(refused).hasRootCauseMessage(divisionByZero());
        }
    }

    private UnexpectedCopyException copied(String script) {
        return thrown(UnexpectedCopyException.class, () -> db.script(script));
    }

    private String divisionByZero() {
        return thrown(ServerException.class, () -> db.script("select 1/0")).getMessage();
    }

    @Test
    void throughExecuteMany() {
        for (int sets : new int[] {1, 2, 3, 20_000}) {
            List<List<?>> none = new ArrayList<>(Collections.nCopies(sets, List.of()));
            refused(Direction.IN, () -> db.executeMany(IN, none));
        }
        refused(Direction.OUT, () -> db.executeMany(OUT, List.of(List.of())));
        refused(Direction.OUT, () -> db.executeMany(OUT, List.of(List.of(), List.of(), List.of())));
    }

    @Test
    void throughAStream() {
        refused(Direction.IN, () -> db.stream(IN, 10));
        refused(Direction.OUT, () -> db.stream(OUT, 10));
    }

    @Test
    void throughAPreparedQuery() {
        try (PreparedQuery in = db.prepare(IN);
                PreparedQuery out = db.prepare(OUT)) {
            refused(Direction.IN, in::execute);
            refused(Direction.OUT, out::query);
        }
    }

    @Test
    void withoutAStatementCache() {
        PgConnection none = connect("statement_cache_size=0");
        none.execute("create temp table copied (x int)");
        for (String copy : List.of(IN, OUT)) {
            assertThatThrownBy(() -> none.query(copy)).isInstanceOf(UnexpectedCopyException.class);
            assertThatThrownBy(() -> none.executeMany(copy, List.of(List.of(), List.of())))
                    .isInstanceOf(UnexpectedCopyException.class);
            assertThatThrownBy(() -> none.stream(copy, 5)).isInstanceOf(UnexpectedCopyException.class);
            assertThat(none.queryValue("select 1", Integer.class)).isEqualTo(1);
        }
    }

    @Test
    void insideATransaction() {
        try (Transaction tx = db.begin()) {
            assertThatThrownBy(() -> db.query(OUT)).isInstanceOf(UnexpectedCopyException.class);
            assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
            assertThatThrownBy(() -> db.stream(IN, 5)).isInstanceOf(UnexpectedCopyException.class);
            assertThatThrownBy(() -> db.query("select 1")).isInstanceOf(FailedTransactionException.class);
            tx.rollback();
        }
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
    }
}
