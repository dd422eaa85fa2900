package dev.howdah.benchmarks.howdah;

import dev.howdah.PgConnection;
import dev.howdah.Transaction;
import dev.howdah.benchmarks.LargeObjectTally;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.Workload;
import dev.howdah.largeobject.LargeObject;
import java.nio.ByteBuffer;

/** One large object after another, written piece by piece. */
final class LargeObjectWrites implements Workload {

    private final PgConnection connection;
    private final byte[] piece = LargeObjectTally.random();

    LargeObjectWrites(PgConnection connection) {
        this.connection = connection;
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) {
        LargeObjectTally tally = new LargeObjectTally();
        try (Transaction tx = connection.begin();
                LargeObject object = connection.createLargeObject()) {
            for (long at = 0; at < (long) count << 20; at += piece.length) {
                tally.place(piece, at);
                object.write(ByteBuffer.wrap(piece));
            }
            object.close();
            connection.execute(LargeObjectTally.REMEMBER, object.oid());
            tx.commit();
        }
        return Answer.of(tally);
    }

    @Override
    public void close() {
        connection.close();
    }
}
