package dev.howdah.benchmarks.vertx;

import dev.howdah.benchmarks.Data;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.SelectTally;
import dev.howdah.benchmarks.Target;
import dev.howdah.benchmarks.Workload;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;

/** One connection, all selects asked for at once on its event loop; 256 of them are on the wire, each with a Sync. */
final class PipelinedSelects implements Workload {

    private static final int ON_THE_WIRE = 256;

    private final Vertx vertx;
    private final Context context;
    private final PreparedQuery<RowSet<Row>> select;
    private final int keys;

    PipelinedSelects(Vertx vertx, Target target) throws Exception {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.keys = target.keys();
        Promise<PgConnection> connected = Promise.promise();
        context.runOnContext(
                start -> PgConnection.connect(vertx, VertxClient.options(target).setPipeliningLimit(ON_THE_WIRE))
                        .onComplete(connected));
        PgConnection connection = VertxClient.get(connected.future());
        this.select = VertxClient.get(connection.prepare(Data.SELECT_ONE)).query();
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) throws Exception {
        SelectTally tally = new SelectTally();
        Promise<SelectTally> done = Promise.promise();
        context.runOnContext(start -> {
            int[] left = {count};
            for (int i = 0; i < count; i++) {
                select.execute(Tuple.of(Data.key(i, 0, round, keys)))
                        .onSuccess(rows -> {
                            for (Row row : rows) {
                                tally.add(row.getLong(0), row.getString(1));
                            }
                            if (--left[0] == 0) {
                                done.complete(tally);
                            }
                        })
                        .onFailure(done::tryFail);
            }
        });
        return Answer.of(VertxClient.get(done.future()));
    }

    @Override
    public void close() throws Exception {
        VertxClient.get(vertx.close());
    }
}
