package dev.howdah.benchmarks.vertx;

import dev.howdah.benchmarks.Data;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.Target;
import dev.howdah.benchmarks.Workload;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** One executeBatch of all rows, in one transaction. */
final class InsertRows implements Workload {

    private final Vertx vertx;
    private final PgConnection connection;
    private final PreparedQuery<RowSet<Row>> insert;
    private List<Data.R> rows = List.of();

    InsertRows(Vertx vertx, Target target) throws Exception {
        this.vertx = vertx;
        this.connection = VertxClient.get(VertxClient.connect(vertx, target));
        this.insert = VertxClient.get(connection.prepare(Data.INSERT)).query();
    }

    @Override
    public void prepare(int count) {
        if (rows.size() != count) {
            rows = Data.rows(count);
        }
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) throws Exception {
        List<Tuple> tuples = new ArrayList<>(rows.size());
        for (Data.R row : rows) {
            tuples.add(Tuple.of(row.id(), row.big(), row.f8(), row.txt(), row.ts(), row.amount(), row.ok()));
        }
        Transaction transaction = VertxClient.get(connection.begin());
        long inserted = 0;
        for (RowSet<Row> result = VertxClient.get(insert.executeBatch(tuples));
                result != null;
                result = result.next()) {
            inserted += result.rowCount();
        }
        VertxClient.get(transaction.commit());
        return Answer.of(inserted);
    }

    @Override
    public void close() throws Exception {
        VertxClient.get(vertx.close());
    }
}
