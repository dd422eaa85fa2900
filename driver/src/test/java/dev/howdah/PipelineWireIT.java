package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.DataException;
import dev.howdah.error.Delivery;
import dev.howdah.error.PgException;
import dev.howdah.error.PipelineAbortedException;
import dev.howdah.testkit.Faults;
import dev.howdah.testkit.FaultyWire;
import dev.howdah.testkit.LeakCheck;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pipelines over a wire that gives and takes single bytes, or breaks at every place. */
@ExtendWith(PostgresExtension.class)
@Timeout(180)
class PipelineWireIT {

    /** Runs a pipeline with a failure in it; returns its answers, the last of which is that of a sync. */
    private static List<PipelineAnswer<?>> talk(PgConnection db, PipelineMode mode) {
        List<PipelineAnswer<?>> answers = new ArrayList<>();
        try (Pipeline p = db.pipeline(mode)) {
            answers.add(p.execute("create temp table wire (x int, y text)"));
            answers.add(p.execute("insert into wire values ($1, $2)", 1, "one"));
            answers.add(p.executeMany("insert into wire values ($1, $2)", List.of(List.of(2, "b"), List.of(3, "c"))));
            answers.add(p.sync());
            answers.add(p.queryValue("select sum(x) / $1::int from wire", Long.class, 0));
            answers.add(p.query("select * from wire"));
            p.sync();
            answers.add(p.queryValue("select sum(x) from wire", Long.class));
            answers.add(p.sync());
        } catch (DataException | ConnectionLostException e) {
            assertThat(answers).isNotEmpty();
        }
        return answers;
    }

    private static boolean isWhole(List<PipelineAnswer<?>> answers) {
        return answers.size() == 8 && answers.getLast().outcome() == PipelineOutcome.RAN;
    }

    @ParameterizedTest
    @EnumSource
    void inPiecesOfOneByteItIsTheSameTalk(PipelineMode mode, TestDatabase database) {
        for (String tls : List.of(" sslmode=disable", " sslmode=require")) {
            try (FaultyWire wire = FaultyWire.to(database.server())) {
                wire.toClient().chunk(1);
                wire.toServer().chunk(1);
                try (PgConnection db = Howdah.connect(wire.dsn(database.name(), Roles.TRUST) + tls)) {
                    List<PipelineAnswer<?>> answers = talk(db, mode);
                    assertThat(isWhole(answers)).isTrue();
                    assertThat(answers.get(6).get()).isEqualTo(6L);
                    assertThat(answers.get(4).outcome()).isEqualTo(PipelineOutcome.REFUSED);
                }
            }
        }
    }

    private static void breakEverywhere(
            TestDatabase database, PipelineMode mode, boolean toClient, BiFunction<Faults, Long, Faults> fault) {
        LeakCheck leaks = LeakCheck.start().sockets().backends(database);
        for (long at = 1; ; at += 11) {
            try (FaultyWire wire = FaultyWire.to(database.server())) {
                PgConnection db = Howdah.connect(wire.dsn(database.name(), Roles.TRUST) + " sslmode=disable");
                Faults faults = toClient ? wire.toClient() : wire.toServer();
                long before = faults.passed();
                fault.apply(faults, before + at);
                List<PipelineAnswer<?>> answers = talk(db, mode);
                boolean whole = isWhole(answers);
                assertRight(answers, "broken at " + at);
                db.close();
                if (whole && faults.passed() < before + at) {
                    break;
                }
                if (at > 20_000) {
                    fail("the talk never became whole");
                }
            }
        }
        leaks.verify();
    }

    /** Nothing waits for ever, and an answer tells what is known: once one is lost, no later one has come. */
    private static void assertRight(List<PipelineAnswer<?>> answers, String where) {
        boolean lost = false;
        for (PipelineAnswer<?> answer : answers) {
            assertThat(answer.isDone()).as(where).isTrue();
            try {
                answer.get();
                assertThat(lost).as(where).isFalse();
            } catch (ConnectionLostException e) {
                lost = true;
                assertThat(e.delivery()).as(where).isIn(Delivery.UNKNOWN, Delivery.NOT_SENT);
            } catch (DataException | PipelineAbortedException e) {
                assertThat(e.delivery()).as(where).isIn(Delivery.REFUSED, Delivery.NOT_SENT);
            } catch (PgException e) {
                fail(where, e);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aResetAnywhereInWhatTheServerSaysIsTheRightException(PipelineMode mode, TestDatabase database) {
        breakEverywhere(database, mode, true, Faults::resetAt);
    }

    @ParameterizedTest
    @EnumSource
    void aCloseAnywhereInWhatWeSayIsTheRightException(PipelineMode mode, TestDatabase database) {
        breakEverywhere(database, mode, false, Faults::closeAt);
    }

    @Test
    void aCloseInTheMiddleOfManyStatementsIsTheRightException(TestDatabase database) {
        try (FaultyWire wire = FaultyWire.to(database.server())) {
            PgConnection db = Howdah.connect(wire.dsn(database.name(), Roles.TRUST) + " sslmode=disable");
            wire.toClient().closeAt(wire.toClient().passed() + 100_000);
            List<PipelineAnswer<?>> answers = new ArrayList<>();
            try (Pipeline p = db.pipeline(PipelineMode.SYNC_EACH)) {
                for (int i = 0; i < 20_000; i++) {
                    answers.add(p.queryValue("select $1::int", Integer.class, i));
                }
            } catch (ConnectionLostException e) {
                assertThat(answers).isNotEmpty();
            }
            assertRight(answers, "in the middle");
            assertThat(answers.getFirst().outcome()).isEqualTo(PipelineOutcome.RAN);
            assertThat(answers.getLast().outcome()).isIn(PipelineOutcome.NOT_SENT, PipelineOutcome.UNKNOWN);
            db.close();
        }
    }
}
