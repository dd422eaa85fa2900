package dev.howdah.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ReplicationException;
import dev.howdah.replication.Change.LogicalMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept of transactions until their end is known. */
class SpoolTest {

    private static final int XID = 7;
    private static final int SUBXID = 8;
    private static final long MEMORY = 64 << 10;

    /** A logical message of a stream block, of about a kilobyte. */
    private static byte[] message(int xid, int number) {
        byte[] content = "x".repeat(1000).getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(20 + content.length)
                .put((byte) 'M')
                .putInt(xid)
                .put((byte) 1)
                .putLong(number)
                .put(new byte[] {'p', 0})
                .putInt(content.length)
                .put(content)
                .array();
    }

    private static List<Long> kept(SpooledTransaction transaction) {
        SpooledTransaction.Replay replay = transaction.replay();
        List<Long> places = new ArrayList<>();
        for (Change next = replay.next(); next != null; next = replay.next()) {
            places.add(((LogicalMessage) next).lsn().asLong());
        }
        return places;
    }

    @Test
    void whatGoesToDiskComesBackInItsOrderWithoutWhatWasRolledBackAlsoOnAThreadThatIsInterrupted() {
        try (Spool spool = new Spool(MEMORY, 1 << 20, null)) {
            SpooledTransaction transaction = spool.of(XID);
            Thread.currentThread().interrupt();
            for (int i = 0; i < 200; i++) {
                transaction.add(List.of(), message(i % 2 == 0 ? XID : SUBXID, i));
            }
            assertThat(spool.onDisk()).isPositive();
            transaction.abort(SUBXID);

            List<Long> kept = kept(transaction);

            assertThat(Thread.interrupted()).isTrue();
            assertThat(kept).hasSize(100).allMatch(place -> place % 2 == 0).isSorted();
            spool.drop(XID);
            assertThat(spool.onDisk()).isZero();
            assertThat(spool.size()).isZero();
        }
    }

    @Test
    void theLargestGoesToDiskAndNoMoreThanIsAllowed() {
        try (Spool spool = new Spool(4 * MEMORY, 3 * MEMORY, null)) {
            SpooledTransaction small = spool.of(1);
            small.add(List.of(), message(1, 1));
            SpooledTransaction large = spool.of(XID);
            for (int i = 0; i < 300; i++) {
                large.add(List.of(), message(XID, i));
            }
            assertThat(large.onDisk()).isPositive();
            assertThat(small.onDisk()).isZero();
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1000; i++) {
                            large.add(List.of(), message(XID, i));
                        }
                    })
                    .isInstanceOfSatisfying(
                            ReplicationException.class,
                            full -> assertThat(full.reason()).isEqualTo(ReplicationException.Reason.SPOOL_FULL));
            assertThat(kept(small)).containsExactly(1L);
        }
    }
}
