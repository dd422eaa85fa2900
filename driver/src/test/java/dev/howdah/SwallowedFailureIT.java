package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.CommitRolledBackException;
import dev.howdah.error.FailedTransactionException;
import dev.howdah.error.PgException;
import dev.howdah.error.SerializationFailureException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A program catches what failed its transaction and goes on: the end of the transaction still tells it. */
class SwallowedFailureIT extends DriverContract {

    @BeforeEach
    void emptyTable() {
        db.execute("drop table if exists swallowed; create table swallowed (x int primary key)");
    }

    private List<Integer> kept() {
        return db.query("select x from swallowed order by x").as(Integer.class);
    }

    @Test
    void aSerializationFailureThatTheBodyKeptForItselfIsTriedAgain() {
        for (boolean goesOn : new boolean[] {false, true}) {
            db.execute("truncate swallowed; insert into swallowed values (10)");
            PgConnection rival = connect();
            AtomicInteger tries = new AtomicInteger();
            db.<Void, RuntimeException>inTransaction(Isolation.REPEATABLE_READ, tx -> {
                db.query("select * from swallowed");
                if (tries.incrementAndGet() == 1) {
                    rival.execute("update swallowed set x = 11");
                    assertThatThrownBy(() -> db.execute("update swallowed set x = x + 100"))
                            .isInstanceOf(SerializationFailureException.class);
                    if (goesOn) {
                        db.query("select 1");
                    }
                } else {
                    db.execute("update swallowed set x = x + 100");
                }
                return null;
            });
            assertThat(tries).hasValue(2);
            assertThat(kept()).containsExactly(111);
        }
    }

    @Test
    void anotherErrorThatTheBodyKeptForItselfIsToldAndNotTriedAgain() {
        AtomicInteger tries = new AtomicInteger();
        CommitRolledBackException rolledBack = thrown(
                CommitRolledBackException.class,
                () -> db.<Void, RuntimeException>inTransaction(tx -> {
                    tries.incrementAndGet();
                    assertThatThrownBy(() -> db.query("select 1 / 0")).hasMessageContaining("22012");
                    assertThatThrownBy(() -> db.query("select 1")).isInstanceOf(FailedTransactionException.class);
                    assertThatThrownBy(() -> db.script("select nonsense from")).isInstanceOf(PgException.class);
                    return null;
                }));
        assertThat(rolledBack.getCause()).hasMessageContaining("22012");
        assertThat(rolledBack.isSafeToRetry()).isFalse();
        assertThat(tries).hasValue(1);
    }

    @Test
    void anErrorThatASavepointUndidIsForgotten() {
        try (Transaction outer = db.begin()) {
            try (Transaction inner = db.begin()) {
                assertThatThrownBy(() -> db.query("select 1 / 0")).hasMessageContaining("22012");
                inner.rollback();
            }
            assertThatThrownBy(() -> db.query("select 'x'::int")).hasMessageContaining("22P02");
            assertThat(thrown(CommitRolledBackException.class, outer::commit).getCause())
                    .hasMessageContaining("22P02");
        }
        db.script("begin; savepoint s");
        assertThatThrownBy(() -> db.query("select 1 / 0")).hasMessageContaining("22012");
        assertThatThrownBy(() -> db.script("rollback to s; select 'x'::int")).hasMessageContaining("22P02");
        assertThat(thrown(CommitRolledBackException.class, () -> db.execute("commit"))
                        .getCause())
                .hasMessageContaining("22P02");
    }
}
