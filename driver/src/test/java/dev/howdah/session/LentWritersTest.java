package dev.howdah.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.wire.WireWriter;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Arrays are used again when their bytes have been sent, not before. */
class LentWritersTest {

    private static final int LONG = 2 * Outbox.BY_REFERENCE;

    private final Outbox outbox = new Outbox();
    private final LentWriters writers = new LentWriters();
    private final Set<WireWriter> known = Collections.newSetFromMap(new IdentityHashMap<>());

    private WireWriter sent(int length, int content) {
        WireWriter writer = writers.take(length);
        known.add(writer);
        for (int i = 0; i < length; i++) {
            writer.int8(content);
        }
        writers.send(writer, outbox);
        return writer;
    }

    /** Takes so many bytes out of the outbox, each of which has to be as given. */
    private void take(int length, int content) {
        for (int left = length; left > 0; ) {
            ByteBuffer head = outbox.head();
            int count = Math.min(left, head.remaining());
            for (int i = 0; i < count; i++) {
                assertThat(head.get()).isEqualTo((byte) content);
            }
            outbox.sent(count, null);
            left -= count;
        }
    }

    @Test
    void anArrayIsUsedAgainWhenAllOfItHasBeenSent() {
        WireWriter first = sent(LONG, 1);
        take(LONG - 1, 1);
        WireWriter second = sent(LONG, 2);
        assertThat(second).isNotSameAs(first);
        take(1, 1);

        WireWriter third = sent(LONG, 3);

        assertThat(third).isSameAs(first);
        take(LONG, 2);
        take(LONG, 3);
        assertThat(outbox.pending()).isZero();
    }

    @Test
    void whatIsShortIsCopiedAndKeepsNoLongArray() {
        WireWriter first = sent(LONG, 1);
        take(LONG, 1);
        WireWriter small = sent(10, 2);
        assertThat(small.array()).hasSize(10);
        assertThat(writers.take(LONG)).isSameAs(first);
    }

    @Test
    void whatIsMuchTooLongOrTooShortIsNotUsed() {
        WireWriter first = sent(LONG, 1);
        take(LONG, 1);
        assertThat(writers.take(Outbox.BY_REFERENCE)).isNotSameAs(first);
        assertThat(writers.take(LONG)).isNotSameAs(first);
        WireWriter second = sent(LONG, 1);
        take(LONG, 1);
        assertThat(writers.take(LONG + 1)).isNotSameAs(second);
    }

    @Test
    void whatIsForgottenIsNotUsed() {
        WireWriter first = sent(LONG, 1);
        take(LONG, 1);
        writers.clear();
        assertThat(writers.take(LONG)).isNotSameAs(first);
    }

    @Test
    void noMoreAreKeptThanThatHoweverManyAreOnTheirWay() {
        for (int i = 0; i < 3 * LentWriters.MOST; i++) {
            sent(LONG, i);
        }
        for (int i = 0; i < 3 * LentWriters.MOST; i++) {
            take(LONG, i);
        }
        Set<WireWriter> again = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < LentWriters.MOST; i++) {
            again.add(writers.take(LONG));
        }
        assertThat(again)
                .hasSize(LentWriters.MOST)
                .allSatisfy(writer -> assertThat(known).contains(writer));
        assertThat(known).doesNotContain(writers.take(LONG));
    }
}
