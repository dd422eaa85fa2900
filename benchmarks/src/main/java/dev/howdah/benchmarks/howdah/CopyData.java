package dev.howdah.benchmarks.howdah;

import dev.howdah.PgConnection;
import dev.howdah.benchmarks.CopyForm;
import dev.howdah.benchmarks.CopyTally;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.Workload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;

/** The bytes of a COPY, by streams. */
final class CopyData implements Workload {

    private final PgConnection connection;
    private final CopyForm form;
    private final byte[] data;

    CopyData(PgConnection connection, CopyForm form) {
        this.connection = connection;
        this.form = form;
        connection.execute(CopyForm.SET_ZONE);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        if (form.isIn()) {
            connection.copyOut(form.copyOut(), all);
        }
        this.data = all.toByteArray();
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) {
        if (form.isIn()) {
            return Answer.of(connection.copyIn(form.copyIn(), new ByteArrayInputStream(data)));
        }
        CopyTally tally = new CopyTally();
        connection.copyOut(form.copyOut(), tally);
        return Answer.of(tally);
    }

    @Override
    public void close() {
        connection.close();
    }
}
