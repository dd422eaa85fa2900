package dev.howdah.benchmarks.vertx;

import dev.howdah.benchmarks.Data;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.RowTally;
import dev.howdah.benchmarks.Target;
import dev.howdah.benchmarks.Workload;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

/** All rows in memory, as Vert.x gives them; every column read as its Java type. */
final class FetchAll implements Workload {

    private final Vertx vertx;
    private final PreparedQuery<RowSet<Row>> select;

    FetchAll(Vertx vertx, Target target) throws Exception {
        this.vertx = vertx;
        this.select = VertxClient.get(
                        VertxClient.get(VertxClient.connect(vertx, target)).prepare(Data.SELECT_ALL))
                .query();
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) throws Exception {
        RowTally tally = new RowTally();
        RowSet<Row> rows = VertxClient.get(select.execute());
        for (Row row : rows) {
            AllColumns.read(row, tally);
        }
        return new Answer(tally.toString(), rows);
    }

    @Override
    public void close() throws Exception {
        VertxClient.get(vertx.close());
    }
}
