package dev.howdah.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How far a stream may be confirmed, by what has been acknowledged and the order in which things came. */
class LsnTrackerTest {

    private final LsnTracker tracker = new LsnTracker(true);
    private final LsnTracker asking = new LsnTracker(false);

    @Test
    void nothingIsConfirmedBeforeItIsAcknowledged() {
        LsnTracker.Mark only = tracker.expect(100);
        assertThat(tracker.confirmed()).isZero();
        assertThat(tracker.isSettled()).isFalse();

        tracker.acknowledge(only);

        assertThat(tracker.confirmed()).isEqualTo(100);
        assertThat(tracker.isSettled()).isTrue();
    }

    @Test
    void whatIsAcknowledgedOutOfOrderWaitsForAllBeforeIt() {
        LsnTracker.Mark first = tracker.expect(100);
        LsnTracker.Mark second = tracker.expect(200);
        LsnTracker.Mark third = tracker.expect(300);

        tracker.acknowledge(third);
        assertThat(tracker.confirmed()).isZero();
        tracker.acknowledge(first);
        assertThat(tracker.confirmed()).isEqualTo(100);
        tracker.acknowledge(second);
        assertThat(tracker.confirmed()).isEqualTo(300);
    }

    @Test
    void acknowledgingTwiceSaysNothingNew() {
        LsnTracker.Mark first = tracker.expect(100);
        LsnTracker.Mark second = tracker.expect(200);

        tracker.acknowledge(first);
        tracker.acknowledge(first);
        assertThat(tracker.confirmed()).isEqualTo(100);
        assertThat(tracker.isSettled()).isFalse();
        tracker.acknowledge(second);
        assertThat(tracker.confirmed()).isEqualTo(200);
    }

    @Test
    void aKeepaliveOfAQuietStreamIsConfirmedAtOnceAndNeverGoesBack() {
        tracker.keepalive(100);
        assertThat(tracker.confirmed()).isEqualTo(100);
        tracker.keepalive(50);
        assertThat(tracker.confirmed()).isEqualTo(100);
    }

    @Test
    void aKeepaliveIsConfirmedWithTheLastThingBeforeIt() {
        LsnTracker.Mark first = tracker.expect(100);
        tracker.keepalive(150);
        tracker.keepalive(180);
        LsnTracker.Mark second = tracker.expect(200);
        tracker.keepalive(300);
        assertThat(tracker.confirmed()).isZero();

        tracker.acknowledge(first);
        assertThat(tracker.confirmed()).isEqualTo(180);
        tracker.acknowledge(second);
        assertThat(tracker.confirmed()).isEqualTo(300);
    }

    @Test
    void aKeepaliveBehindAMessageInHandWaitsForWhatThatTurnsOutToBe() {
        tracker.taken();
        tracker.keepalive(300);
        tracker.keepalive(250);
        assertThat(tracker.confirmed()).isZero();
        assertThat(tracker.isSettled()).isFalse();
        LsnTracker.Mark commit = tracker.expect(200);
        tracker.dealtWith();
        assertThat(tracker.confirmed()).isZero();

        tracker.acknowledge(commit);

        assertThat(tracker.confirmed()).isEqualTo(300);
    }

    @Test
    void aMessageThatNobodyHasToAcknowledgeLetsTheKeepaliveBehindItPass() {
        tracker.taken();
        tracker.keepalive(300);
        tracker.dealtWith();
        assertThat(tracker.confirmed()).isEqualTo(300);
        assertThat(tracker.isSettled()).isTrue();
    }

    @Test
    void placesHaveNoSign() {
        LsnTracker.Mark low = tracker.expect(Long.MAX_VALUE);
        LsnTracker.Mark high = tracker.expect(Long.MIN_VALUE + 5);
        tracker.acknowledge(low);
        tracker.acknowledge(high);
        assertThat(tracker.confirmed()).isEqualTo(Long.MIN_VALUE + 5);
        tracker.keepalive(Long.MAX_VALUE);
        assertThat(tracker.confirmed()).isEqualTo(Long.MIN_VALUE + 5);
    }

    @Test
    void progressIsConfirmedWhenItIsAcknowledgedOnly() {
        asking.keepalive(100);
        assertThat(asking.confirmed()).isZero();

        LsnTracker.Mark progress = Objects.requireNonNull(asking.takeProgress());
        assertThat(LsnTracker.place(progress)).isEqualTo(100);
        assertThat(asking.confirmed()).isZero();
        assertThat(asking.takeProgress()).as("what waits is not told again").isNull();
        asking.acknowledge(progress);

        assertThat(asking.confirmed()).isEqualTo(100);
        assertThat(asking.takeProgress()).as("there is none beyond").isNull();
    }

    @Test
    void noProgressIsToldPastWhatIsNotAcknowledged() {
        LsnTracker.Mark first = asking.expect(100);
        asking.keepalive(200);
        assertThat(asking.takeProgress()).isNull();

        asking.acknowledge(first);

        assertThat(asking.confirmed()).isEqualTo(100);
        assertThat(LsnTracker.place(Objects.requireNonNull(asking.takeProgress())))
                .isEqualTo(200);
    }

    @Test
    void aServerThatAsksIsAnsweredOnceWhenThereIsProgress() {
        asking.asked();
        assertThat(asking.isProgressAsked()).isFalse();
        asking.keepalive(100);
        assertThat(asking.isProgressAsked()).isTrue();
        asking.acknowledge(Objects.requireNonNull(asking.takeProgress()));
        asking.keepalive(200);
        assertThat(asking.isProgressAsked()).isFalse();
    }

    /** The same by looking at all that ever came; and what comes, by chance. */
    private static final class Model {
        /** So that places reach beyond the numbers with a sign. */
        private static final long BEGINNING = Long.MAX_VALUE - 1_000;

        private static final int STEPS = 1_000;

        private static final class Came {
            private final long place;
            private LsnTracker.Mark mark;
            private boolean done;

            Came(long place) {
                this.place = place;
            }
        }

        private final Random random;
        private final boolean advances;
        private final LsnTracker tracker;
        /** In order; keepalives are done when they come. */
        private final List<Came> all = new ArrayList<>();

        private final List<Came> open = new ArrayList<>();
        private final List<Long> behindHand = new ArrayList<>();
        private boolean inHand;
        /** Much is open while its consumer is slow. */
        private boolean slow;

        private long log = BEGINNING;
        private long told;
        private long before;

        Model(long seed, boolean advances) {
            this.random = new Random(seed);
            this.advances = advances;
            this.tracker = new LsnTracker(advances);
        }

        private void step() {
            if (random.nextInt(50) == 0) {
                slow = !slow;
            }
            if (random.nextInt(100) < (slow ? 5 : 60)) {
                acknowledge();
            } else {
                switch (random.nextInt(4)) {
                    case 0 -> keepalive();
                    case 1 -> progress();
                    default -> message();
                }
            }
            assertConfirmed();
        }

        /** A message is taken, or the one in hand turns out to be the end of something or not. */
        private void message() {
            if (!inHand) {
                inHand = true;
                tracker.taken();
                log += 1 + random.nextInt(5);
                return;
            }
            if (random.nextBoolean()) {
                // The end of it lies before all that was told behind it.
                expect(before(log));
            }
            inHand = false;
            tracker.dealtWith();
            behindHand.forEach(this::passed);
            behindHand.clear();
        }

        private long before(long place) {
            return behindHand.isEmpty() ? place : behindHand.getFirst() - 1;
        }

        private void expect(long end) {
            Came came = new Came(end);
            came.mark = tracker.expect(end);
            all.add(came);
            open.add(came);
        }

        private void keepalive() {
            log += 1 + random.nextInt(5);
            tracker.keepalive(log);
            if (inHand) {
                behindHand.add(log);
            } else {
                passed(log);
            }
        }

        private void passed(long place) {
            if (advances) {
                Came came = new Came(place);
                came.done = true;
                all.add(came);
            } else {
                told = place;
            }
        }

        private void progress() {
            if (advances) {
                return;
            }
            boolean is = open.isEmpty() && Long.compareUnsigned(told, confirmed()) > 0;
            if (random.nextBoolean()) {
                tracker.asked();
                assertThat(tracker.isProgressAsked()).isEqualTo(is);
            }
            LsnTracker.Mark mark = tracker.takeProgress();
            assertThat(mark != null).isEqualTo(is);
            if (mark != null) {
                Came came = new Came(told);
                came.mark = mark;
                assertThat(LsnTracker.place(mark)).isEqualTo(told);
                all.add(came);
                open.add(came);
            }
        }

        private void acknowledge() {
            if (!open.isEmpty()) {
                Came came = open.remove(random.nextInt(open.size()));
                came.done = true;
                tracker.acknowledge(came.mark);
                if (random.nextInt(4) == 0) {
                    tracker.acknowledge(came.mark);
                }
            }
        }

        private long confirmed() {
            long confirmed = 0;
            for (Came came : all) {
                if (!came.done) {
                    break;
                }
                confirmed = Long.compareUnsigned(came.place, confirmed) > 0 ? came.place : confirmed;
            }
            return confirmed;
        }

        private void assertConfirmed() {
            long confirmed = tracker.confirmed();
            assertThat(confirmed).isEqualTo(confirmed());
            assertThat(Long.compareUnsigned(confirmed, before)).isNotNegative();
            before = confirmed;
            for (Came came : open) {
                assertThat(Long.compareUnsigned(confirmed, came.place)).isNegative();
            }
            assertThat(tracker.isSettled()).isEqualTo(open.isEmpty() && !inHand);
        }

        private void end() {
            if (inHand) {
                message();
            }
            keepalive();
            while (!open.isEmpty()) {
                acknowledge();
                assertConfirmed();
            }
            if (!advances) {
                tracker.acknowledge(Objects.requireNonNull(tracker.takeProgress()));
            }
            assertThat(tracker.confirmed()).isEqualTo(log);
            assertThat(tracker.isSettled()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whateverTheOrderTheConfirmedPlaceIsThatOfTheLongestAcknowledgedBeginning(boolean advances) {
        for (long seed = 1; seed <= 50; seed++) {
            Model model = new Model(seed, advances);
            for (int i = 0; i < Model.STEPS; i++) {
                model.step();
            }
            model.end();
        }
    }
}
