package dev.howdah.benchmarks.howdah;

import dev.howdah.PgConnection;
import dev.howdah.Pipeline;
import dev.howdah.PipelineAnswer;
import dev.howdah.PipelineMode;
import dev.howdah.PreparedQuery;
import dev.howdah.Row;
import dev.howdah.Rows;
import dev.howdah.benchmarks.Data;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.SelectTally;
import dev.howdah.benchmarks.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** One connection, all selects queued before an answer is taken. */
final class PipelinedSelects implements Workload {

    private final PgConnection connection;
    private final PreparedQuery select;
    private final int keys;
    private final PipelineMode mode;

    PipelinedSelects(PgConnection connection, int keys, PipelineMode mode) {
        this.connection = connection;
        this.select = connection.prepare(Data.SELECT_ONE);
        this.keys = keys;
        this.mode = mode;
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) {
        SelectTally tally = new SelectTally();
        List<PipelineAnswer<Rows>> answers = new ArrayList<>(count);
        try (Pipeline pipeline = connection.pipeline(mode)) {
            for (int i = 0; i < count; i++) {
                answers.add(pipeline.query(select, Data.key(i, 0, round, keys)));
            }
            pipeline.sync();
            for (PipelineAnswer<Rows> answer : answers) {
                Row row = answer.get().first();
                tally.add(row.getLong(0), Objects.requireNonNull(row.getString(1)));
            }
        }
        return Answer.of(tally);
    }

    @Override
    public void close() {
        connection.close();
    }
}
