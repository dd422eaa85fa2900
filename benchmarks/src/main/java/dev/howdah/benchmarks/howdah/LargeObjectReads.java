package dev.howdah.benchmarks.howdah;

import dev.howdah.PgConnection;
import dev.howdah.Transaction;
import dev.howdah.benchmarks.LargeObjectTally;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.Workload;
import dev.howdah.largeobject.LargeObject;
import dev.howdah.largeobject.LargeObjectMode;
import java.nio.ByteBuffer;

/** A large object read from its beginning to its end. */
final class LargeObjectReads implements Workload {

    private final PgConnection connection;
    private final byte[] piece;
    private final long oid;

    LargeObjectReads(PgConnection connection, int size) {
        this.connection = connection;
        this.piece = new byte[size];
        this.oid = connection.queryOne(LargeObjectTally.FIND).getLong(0);
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) {
        LargeObjectTally tally = new LargeObjectTally();
        try (Transaction tx = connection.begin();
                LargeObject object = connection.largeObject(oid, LargeObjectMode.READ)) {
            for (int got = object.read(ByteBuffer.wrap(piece)); got >= 0; got = object.read(ByteBuffer.wrap(piece))) {
                tally.add(piece, got);
            }
            tx.commit();
        }
        return Answer.of(tally);
    }

    @Override
    public void close() {
        connection.close();
    }
}
