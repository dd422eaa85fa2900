package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.Transaction;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A result as a {@link Flow.Publisher}: the subscriber says how many rows it wants, and the server is asked for no more. */
public final class PublishRows {

    private PublishRows() {}

    private record Reading(int station, long value) {}

    // @start region=subscriber
    /** Adds up, taking ten rows at a time. */
    private static final class Sum implements Flow.Subscriber<Reading> {
        private final CompletableFuture<Long> result = new CompletableFuture<>();
        private Flow.@Nullable Subscription subscription;
        private long sum;
        private int open;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            askForMore();
        }

        @Override
        public void onNext(Reading reading) {
            sum += reading.value();
            if (--open == 0) {
                askForMore();
            }
        }

        private void askForMore() {
            open = 10;
            Objects.requireNonNull(subscription).request(open);
        }

        @Override
        public void onError(Throwable failure) {
            result.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            result.complete(sum);
        }
    }
    // @end

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        try (PgConnection db = Howdah.connect(args.length > 0 ? args[0] : "")) {
            // @start region=publish
            Flow.Publisher<Reading> readings =
                    db.publish("select 7 as station, generate_series(1, $1) as value", 100, Reading.class, 10_000);
            Sum first = new Sum();
            readings.subscribe(first);
            Sum second = new Sum();
            readings.subscribe(second);
            System.out.println("sums: " + first.result.join() + ", " + second.result.join());
            // @end
            // @start region=transaction
            try (Transaction tx = db.begin()) {
                db.execute("create temp table reading (station int, value bigint) on commit drop");
                db.execute("insert into reading values (1, 40), (1, 2)");
                Sum inside = new Sum();
                db.publish("select * from reading", 1, Reading.class).subscribe(inside);
                System.out.println("inside: " + inside.result.join());
                tx.commit();
            }
            // @end
            Sum wrong = new Sum();
            db.publish("select 1 as station, 1 / (5 - n) as value from generate_series(1, 9) n", 2, Reading.class)
                    .subscribe(wrong);
            System.out.println(
                    wrong.result.handle((sum, failure) -> failure.getMessage()).join());
        }
    }
}
