package dev.howdah.examples;

import dev.howdah.AsyncConnection;
import dev.howdah.Howdah;
import dev.howdah.Row;
import dev.howdah.error.QueryTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** An asynchronous connection: every call gives a stage at once. */
public final class AsynchronousWork {

    private AsynchronousWork() {}

    // @start region=subscriber
    /** Adds up, asking for ten rows at a time. */
    private static final class Sum implements Flow.Subscriber<Row> {
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
        public void onNext(Row row) {
            sum += row.getInt(0);
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
        String conninfo = args.length > 0 ? args[0] : "";
        // @start region=queries
        CompletableFuture<AsyncConnection> connecting = Howdah.connectAsync(conninfo);
        CompletableFuture<Integer> stock = connecting.thenCompose(db -> {
            CompletableFuture<?> table = db.execute("create temp table item (id int primary key, stock int)");
            CompletableFuture<?> rows = db.executeMany( // is not sent before the table is there
                    "insert into item values ($1, $2)", List.of(List.of(1, 10), List.of(2, 20)));
            CompletableFuture<Integer> sum = db.queryOne("select sum(stock)::int from item", Integer.class);
            return CompletableFuture.allOf(table, rows).thenCombine(sum, (done, total) -> total);
        });
        System.out.println("stock: " + stock.join()); // a program that waits may do so, as here
        // @end
        AsyncConnection db = connecting.join();
        transaction(db);
        publisher(db);
        cancel(db);
        db.close().join();
        System.out.println("open: " + db.isOpen());
    }

    private static void transaction(AsyncConnection db) {
        // @start region=transaction
        CompletableFuture<Integer> left =
                db.inTransaction(tx -> tx.execute("update item set stock = stock - $1 where id = $2", 3, 1)
                        .thenCompose(done -> tx.queryOne("select stock from item where id = $1", Integer.class, 1)));
        System.out.println("left: " + left.join()); // it has been committed
        // @end
    }

    private static void publisher(AsyncConnection db) {
        // @start region=publisher
        Sum sum = new Sum();
        db.publish("select generate_series(1, $1::int)", 100, 10_000).subscribe(sum);
        System.out.println("sum: " + sum.result.join());
        // @end
    }

    private static void cancel(AsyncConnection db) {
        // @start region=cancel
        CompletableFuture<?> slow = db.query("select pg_sleep(60)");
        CompletableFuture<?> next = db.query("select 1");
        slow.cancel(true); // on the server, too, if it runs there
        try {
            slow.join();
        } catch (CancellationException e) {
            System.out.println("cancelled");
        }
        next.join();
        try {
            db.withTimeout(Duration.ofMillis(50)).query("select pg_sleep(60)").join();
        } catch (CompletionException e) {
            System.out.println("timeout: " + (e.getCause() instanceof QueryTimeoutException));
        }
        // @end
    }
}
