package dev.howdah.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ProtocolException;
import dev.howdah.type.Lsn;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is confirmed, and what the server is told, by the order in which things come. */
class MessageQueueTest {

    private static final Lsn NONE = Lsn.ZERO;

    private final MessageQueue queue = new MessageQueue(null, StreamOptions.DEFAULT, false);

    private static byte[] data(long place, int size) {
        return ByteBuffer.allocate(25 + size)
                .put((byte) 'w')
                .putLong(place)
                .putLong(place)
                .putLong(0)
                .array();
    }

    private static byte[] keepalive(long place, boolean reply) {
        return ByteBuffer.allocate(18)
                .put((byte) 'k')
                .putLong(place)
                .putLong(0)
                .put((byte) (reply ? 1 : 0))
                .array();
    }

    private static void give(MessageQueue to, byte[] payload) {
        byte[] surrounded = new byte[payload.length + 7];
        System.arraycopy(payload, 0, surrounded, 3, payload.length);
        to.received(surrounded, 3, payload.length);
    }

    private void confirm(long place) {
        queue.feedback(NONE, Lsn.of(place), NONE);
    }

    private ByteBuffer status(MessageQueue of) {
        of.force(false);
        return ByteBuffer.wrap(of.toSend());
    }

    @Test
    void aKeepaliveOfAnIdleStreamIsConfirmed() {
        give(queue, keepalive(100, false));

        assertThat(queue.flushed()).isEqualTo(Lsn.of(100));
        assertThat(queue.walEnd()).isEqualTo(Lsn.of(100));
    }

    @Test
    void aKeepaliveIsNotPassedBeforeWhatCameBeforeIt() {
        give(queue, data(50, 1));
        give(queue, keepalive(100, false));
        assertThat(queue.flushed()).isEqualTo(NONE);
        assertThat(queue.walEnd()).isEqualTo(NONE);

        assertThat(queue.take().dataStart()).isEqualTo(Lsn.of(50));

        // It has been read, not stored.
        assertThat(queue.walEnd()).isEqualTo(Lsn.of(100));
        assertThat(queue.flushed()).isEqualTo(NONE);
        confirm(50);
        assertThat(queue.flushed()).isEqualTo(Lsn.of(100));
        give(queue, keepalive(120, false));
        assertThat(queue.flushed()).isEqualTo(Lsn.of(120));
    }

    @Test
    void aKeepaliveBetweenTwoMessagesIsConfirmedWithTheFirst() {
        give(queue, data(50, 1));
        give(queue, keepalive(100, false));
        give(queue, data(150, 1));
        give(queue, keepalive(200, false));
        queue.take();
        confirm(50);
        assertThat(queue.flushed()).isEqualTo(Lsn.of(100));

        queue.take();
        assertThat(queue.flushed()).isEqualTo(Lsn.of(100));
        confirm(149);
        assertThat(queue.flushed()).isEqualTo(Lsn.of(149));
        confirm(150);
        assertThat(queue.flushed()).isEqualTo(Lsn.of(200));
    }

    @Test
    void nothingIsConfirmedBehindWhatWasDropped() {
        give(queue, data(50, 1));
        give(queue, data(60, 1));
        queue.take();
        confirm(50);
        queue.close();
        give(queue, data(70, 1));
        give(queue, keepalive(100, false));

        assertThat(queue.take()).isNull();
        assertThat(queue.hasMessages()).isFalse();
        assertThat(queue.isFull()).isFalse();
        assertThat(queue.flushed()).isEqualTo(Lsn.of(50));
    }

    @Test
    void keepalivesConfirmNothingIfTheyAreNotTo() {
        MessageQueue fixed = new MessageQueue(null, StreamOptions.DEFAULT.idleAdvance(false), false);
        give(fixed, keepalive(100, false));
        assertThat(fixed.flushed()).isEqualTo(NONE);
    }

    @Test
    void aMessageAtNoPlaceOrAnEarlierOneLetsNothingAdvancePastAnEarlierCommit() {
        give(queue, data(50, 1));
        give(queue, data(0, 1));
        give(queue, data(40, 1));
        give(queue, keepalive(100, false));
        queue.take();
        queue.take();
        queue.take();

        give(queue, keepalive(110, false));
        assertThat(queue.flushed()).isEqualTo(NONE);
        confirm(40);
        give(queue, keepalive(120, false));
        assertThat(queue.flushed()).isEqualTo(Lsn.of(40));
    }

    @Test
    void whatTheServerHasNotToldOfIsConfirmedWhenItHas() {
        give(queue, data(50, 1));
        queue.take();
        confirm(1_000);
        assertThat(queue.flushed()).isEqualTo(Lsn.of(50));
        assertThat(status(queue).getLong(9)).isEqualTo(50);

        give(queue, data(2_000, 1));
        assertThat(queue.flushed()).isEqualTo(Lsn.of(1_000));
    }

    @Test
    void aPlaceOnlyMovesForwardAndPlacesHaveNoSign() {
        give(queue, data(-5, 1));
        queue.take();
        confirm(70);
        confirm(-6);
        confirm(80);

        assertThat(queue.flushed()).isEqualTo(Lsn.of(-6));
    }

    @Test
    void statusSaysWhatWasReadStoredAndApplied() {
        give(queue, data(50, 1));
        give(queue, data(60, 1));
        queue.take();
        queue.take();
        queue.feedback(Lsn.of(55), Lsn.of(40), Lsn.of(30));

        ByteBuffer status = status(queue);

        assertThat(status.limit()).isEqualTo(34);
        assertThat(status.get(0)).isEqualTo((byte) 'r');
        assertThat(status.getLong(1)).isEqualTo(60);
        assertThat(status.getLong(9)).isEqualTo(40);
        assertThat(status.getLong(17)).isEqualTo(30);
        assertThat(status.get(33)).isZero();
        assertThat(queue.toSend()).isNull();
    }

    @Test
    void aPhysicalStreamConfirmsNothingByItself() {
        MessageQueue physical = new MessageQueue(null, StreamOptions.DEFAULT, true);
        give(physical, data(100, 28));
        give(physical, keepalive(128, false));
        physical.take();

        ByteBuffer status = status(physical);
        assertThat(status.getLong(1)).isEqualTo(128);
        assertThat(status.getLong(9)).isZero();
        assertThat(status.getLong(17)).isZero();
    }

    @Test
    void whatAStandbyCanSeeIsToldOnceWithItsEpochs() {
        MessageQueue physical = new MessageQueue(null, StreamOptions.DEFAULT, true);
        physical.toSend();
        physical.standbyFeedback(new StandbyFeedback(0x1_0000_0000L + 700, 750));

        assertThat(physical.untilDue()).isZero();
        assertThat(physical.isForced()).isTrue();
        ByteBuffer told = ByteBuffer.wrap(physical.toSend());
        assertThat(told.limit()).isEqualTo(25);
        assertThat(told.get(0)).isEqualTo((byte) 'h');
        assertThat(told.getLong(1)).isPositive();
        assertThat(told.getInt(9)).isEqualTo(700);
        assertThat(told.getInt(13)).isEqualTo(1);
        assertThat(told.getInt(17)).isEqualTo(750);
        assertThat(told.getInt(21)).isZero();
        assertThat(physical.toSend()).isNull();
        assertThatThrownBy(() -> queue.standbyFeedback(StandbyFeedback.NONE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("physical");
    }

    @Test
    void aServerThatAsksIsAnsweredNow() {
        assertThat(queue.toSend()).isNotNull();
        assertThat(queue.toSend()).isNull();

        give(queue, keepalive(10, true));

        assertThat(queue.untilDue()).isZero();
        assertThat(queue.toSend()).isNotNull();
        assertThat(queue.toSend()).isNull();
    }

    @Test
    void whatIsConfirmedIsToldSoon() {
        give(queue, data(10, 1));
        queue.take();
        queue.toSend();
        assertThat(queue.untilDue()).isGreaterThan(1_000_000_000L);

        confirm(10);

        assertThat(queue.untilDue()).isLessThanOrEqualTo(MessageQueue.COALESCED);
    }

    @Test
    void itIsFullWhenEnoughWaits() {
        MessageQueue small = new MessageQueue(null, StreamOptions.DEFAULT.bufferSize(1024), false);
        give(small, data(1, 500));
        assertThat(small.isFull()).isFalse();
        give(small, data(2, 500));
        assertThat(small.isFull()).isTrue();

        small.take();

        assertThat(small.isFull()).isFalse();
        assertThat(small.hasMessages()).isTrue();
    }

    @Test
    void aThousandKeepalivesAreOne() {
        give(queue, data(1, 1));
        for (int i = 2; i < 1_000; i++) {
            give(queue, keepalive(i, false));
        }
        assertThat(queue.take()).isNotNull();
        assertThat(queue.take()).isNull();
        assertThat(queue.walEnd()).isEqualTo(Lsn.of(999));
    }

    @Test
    void whatLaterServersMaySayIsIgnored() {
        give(queue, new byte[] {'s', 1, 2, 3});

        assertThat(queue.hasMessages()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 17, 24})
    void whatIsTooShortIsRefused(int length) {
        for (char kind : new char[] {'w', 'k'}) {
            byte[] all = new byte[length];
            if (length > 0) {
                all[0] = (byte) kind;
            }
            if (kind == 'k' && length >= 18) {
                continue;
            }
            assertThatThrownBy(() -> give(queue, all)).isInstanceOf(ProtocolException.class);
        }
    }
}
