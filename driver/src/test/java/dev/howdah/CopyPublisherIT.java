package dev.howdah;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.CopyFailedException;
import dev.howdah.error.Delivery;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Publishers that give the data of a COPY, and take them. */
class CopyPublisherIT extends DriverContract {

    private static final String IN = "copy copied from stdin";
    private static final String OUT = "copy copied to stdout";

    @BeforeEach
    void table() {
        db.execute("create temp table copied (id int, name text)");
    }

    private long count() {
        return db.queryValue("select count(*) from copied", Long.class);
    }

    private void assertUsable() {
        assertThat(db.queryValue("select 40 + $1::int", Integer.class, 2)).isEqualTo(42);
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
    }

    @Test
    void publishersGiveAndTake() throws Exception {
        byte[] data = CopyIT.lines(50_000).readAllBytes();
        try (SubmissionPublisher<ByteBuffer> publisher = new SubmissionPublisher<>(Runnable::run, 4)) {
            var fed = elsewhere(() -> {
                awaitSubscriber(publisher);
                for (int at = 0; at < data.length; at += 10_000) {
                    byte[] piece = Arrays.copyOfRange(data, at, Math.min(data.length, at + 10_000));
                    ByteBuffer buffer = at % 20_000 == 0
                            ? ByteBuffer.wrap(piece)
                            : ByteBuffer.allocateDirect(piece.length).put(piece).flip();
                    publisher.submit(buffer);
                }
                publisher.close();
                return true;
            });
            assertThat(db.copyIn(IN, publisher)).isEqualTo(50_000);
            result(fed);
        }
        assertThat(count()).isEqualTo(50_000);
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        for (ByteBuffer piece : CollectingSubscriber.all(db.publishCopy(OUT))) {
            got.write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
        }
        assertThat(got.toByteArray()).isEqualTo(data);
    }

    @Test
    void aSubscriberThatAsksForLittleHoldsTheServerBackAndMayLeave() throws Exception {
        var publisher = db.publishCopy(
                "copy (select repeat('x', 1000) from (select generate_series(1, 100000000)) g) to stdout");
        CollectingSubscriber<ByteBuffer> subscriber = CollectingSubscriber.of(publisher, 2);
        assertThat(subscriber.next().hasRemaining()).isTrue();
        assertThat(subscriber.next().hasRemaining()).isTrue();
        subscriber.cancel();
        assertUsable();
    }

    @Test
    void aPublisherThatFailsIsTheCause() {
        IOException thrown = new IOException("on purpose");
        SubmissionPublisher<ByteBuffer> publisher = new SubmissionPublisher<>(Runnable::run, 4);
        var fed = elsewhere(() -> {
            awaitSubscriber(publisher);
            publisher.submit(ByteBuffer.wrap("1\ta\n".getBytes(UTF_8)));
            publisher.closeExceptionally(thrown);
            return true;
        });
        CopyFailedException failed = thrown(CopyFailedException.class, () -> db.copyIn(IN, publisher));
        assertThat(failed).hasCause(thrown);
        assertThat(failed.delivery()).isEqualTo(Delivery.REFUSED);
        assertThat(fed).succeedsWithin(Duration.ofSeconds(PATIENCE_SECONDS));
        assertThat(count()).isZero();
        assertUsable();
    }

    /** Gives a piece for each that it is asked for, on the asker's thread, and notes how many were asked for at most. */
    private static final class Counting implements Flow.Publisher<ByteBuffer> {
        private final AtomicLong asked = new AtomicLong();
        private final long pieces;
        private final int gives;
        private long given;
        private volatile boolean cancelled;

        /**
         * Makes one.
         *
         * @param gives how many pieces it gives for one that is asked for
         */
        Counting(long pieces, int gives) {
            this.pieces = pieces;
            this.gives = gives;
        }

        @Override
        public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
            subscriber.onSubscribe(new Flow.Subscription() {
                @Override
                public void request(long n) {
                    asked.accumulateAndGet(n, Math::max);
                    for (long i = 0; i < n * gives && given < pieces && !cancelled; i++) {
                        given++;
                        subscriber.onNext(ByteBuffer.wrap("1\ta\n".getBytes(UTF_8)));
                        if (given == pieces) {
                            subscriber.onComplete();
                        }
                    }
                }

                @Override
                public void cancel() {
                    cancelled = true;
                }
            });
        }
    }

    @Test
    void onlyAFewPiecesAreAskedForAhead() {
        Counting publisher = new Counting(1_000, 1);
        assertThat(db.copyIn(IN, publisher)).isEqualTo(1_000);
        assertThat(publisher.asked).hasValueLessThan(20);
    }

    @Test
    void aPublisherThatGivesMoreThanItWasAskedForIsCancelled() {
        Counting publisher = new Counting(1_000_000, 1_000);
        assertThatThrownBy(() -> db.copyIn(IN, publisher))
                .isInstanceOf(CopyFailedException.class)
                .cause()
                .hasMessageContaining("more than was asked for");
        assertThat(publisher.cancelled).isTrue();
        assertThat(publisher.given).isLessThan(1_000);
        assertThat(count()).isZero();
        assertUsable();
    }
}
