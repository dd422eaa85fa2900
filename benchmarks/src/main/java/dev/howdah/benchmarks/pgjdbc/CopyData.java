package dev.howdah.benchmarks.pgjdbc;

import dev.howdah.benchmarks.CopyForm;
import dev.howdah.benchmarks.CopyTally;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.Workload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** The bytes of a COPY, by the copy manager's streams. */
final class CopyData implements Workload {

    private final Connection connection;
    private final CopyManager copies;
    private final CopyForm form;
    private final byte[] data;

    CopyData(Connection connection, CopyForm form) throws SQLException, IOException {
        this.connection = connection;
        this.copies = connection.unwrap(PGConnection.class).getCopyAPI();
        this.form = form;
        try (Statement statement = connection.createStatement()) {
            statement.execute(CopyForm.SET_ZONE);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        if (form.isIn()) {
            copies.copyOut(form.copyOut(), all);
        }
        this.data = all.toByteArray();
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) throws SQLException, IOException {
        if (form.isIn()) {
            return Answer.of(copies.copyIn(form.copyIn(), new ByteArrayInputStream(data)));
        }
        CopyTally tally = new CopyTally();
        copies.copyOut(form.copyOut(), tally);
        return Answer.of(tally);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
