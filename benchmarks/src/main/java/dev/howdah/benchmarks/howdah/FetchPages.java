package dev.howdah.benchmarks.howdah;

import dev.howdah.PgConnection;
import dev.howdah.Row;
import dev.howdah.ServerCursor;
import dev.howdah.benchmarks.Data;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.RowTally;
import dev.howdah.benchmarks.Workload;
import dev.howdah.benchmarks.WorkloadId;
import java.util.stream.Stream;

/** One page of rows after another, every column read as its Java type, nothing kept. */
final class FetchPages implements Workload {

    private final PgConnection connection;
    private final Scope scope;

    /** Where the pages are fetched. */
    enum Scope {
        TRANSACTION,
        NONE
    }

    FetchPages(PgConnection connection, Scope scope) {
        this.connection = connection;
        this.scope = scope;
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) {
        return switch (scope) {
            case TRANSACTION -> connection.inTransaction(transaction -> inTransaction());
            case NONE -> withoutTransaction();
        };
    }

    private Answer inTransaction() {
        RowTally tally = new RowTally();
        try (ServerCursor rows =
                connection.cursor("pages").fetchSize(WorkloadId.PAGE).execute(Data.SELECT_ALL)) {
            rows.forEach(row -> AllColumns.read(row, tally));
        }
        return Answer.of(tally);
    }

    private Answer withoutTransaction() {
        RowTally tally = new RowTally();
        try (Stream<Row> rows = connection.stream(Data.SELECT_ALL, WorkloadId.PAGE)) {
            rows.forEach(row -> AllColumns.read(row, tally));
        }
        return Answer.of(tally);
    }

    @Override
    public void close() {
        connection.close();
    }
}
