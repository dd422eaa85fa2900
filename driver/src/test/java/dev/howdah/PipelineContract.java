package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.Delivery;
import dev.howdah.error.PipelineAbortedException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** A table to put things into by a pipeline, and what became of them. */
abstract class PipelineContract extends DriverContract {

    static final String INSERT = "insert into kept values ($1)";

    @BeforeEach
    final void table() {
        db.execute("create temp table kept (x int primary key)");
    }

    final List<Integer> kept() {
        return db.query("select x from kept order by x").values(Integer.class);
    }

    static PipelineAbortedException aborted(PipelineAnswer<?> answer, Delivery delivery) {
        PipelineAbortedException aborted = thrown(PipelineAbortedException.class, answer::get);
        assertThat(aborted.delivery()).isEqualTo(delivery);
        assertThat(answer.outcome()).isEqualTo(PipelineOutcome.ABORTED);
        return aborted;
    }
}
