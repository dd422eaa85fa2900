package dev.howdah.benchmarks.vertx;

import dev.howdah.benchmarks.Data;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.RowTally;
import dev.howdah.benchmarks.Target;
import dev.howdah.benchmarks.Workload;
import dev.howdah.benchmarks.WorkloadId;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Transaction;

/** One page of rows after another, by a cursor in a transaction; the next is asked for on the event loop. */
final class FetchPages implements Workload {

    private final Vertx vertx;
    private final PgConnection connection;
    private final PreparedStatement select;

    FetchPages(Vertx vertx, Target target) throws Exception {
        this.vertx = vertx;
        this.connection = VertxClient.get(VertxClient.connect(vertx, target));
        this.select = VertxClient.get(connection.prepare(Data.SELECT_ALL));
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) throws Exception {
        Transaction transaction = VertxClient.get(connection.begin());
        Pages pages = new Pages(select.cursor());
        pages.next();
        RowTally tally = VertxClient.get(pages.done.future());
        VertxClient.get(pages.cursor.close());
        VertxClient.get(transaction.commit());
        return Answer.of(tally);
    }

    /** Asks for a page, and when it is there for the next. */
    private static final class Pages {
        private final Cursor cursor;
        private final RowTally tally = new RowTally();
        private final Promise<RowTally> done = Promise.promise();

        Pages(Cursor cursor) {
            this.cursor = cursor;
        }

        void next() {
            cursor.read(WorkloadId.PAGE).onSuccess(this::take).onFailure(done::tryFail);
        }

        private void take(RowSet<Row> page) {
            for (Row row : page) {
                AllColumns.read(row, tally);
            }
            if (cursor.hasMore()) {
                next();
            } else {
                done.complete(tally);
            }
        }
    }

    @Override
    public void close() throws Exception {
        VertxClient.get(vertx.close());
    }
}
