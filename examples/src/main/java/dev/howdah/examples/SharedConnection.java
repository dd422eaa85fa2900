package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.Isolation;
import dev.howdah.PgConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A thousand virtual threads on one connection. */
public final class SharedConnection {

    private SharedConnection() {}

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) throws InterruptedException, ExecutionException {
        String conninfo = args.length > 0 ? args[0] : "";
        // @start region=shared
        try (PgConnection db = Howdah.connect(conninfo);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> squares = new ArrayList<>();
            for (int i = 1; i <= 1_000; i++) {
                int number = i;
                squares.add(threads.submit(() -> db.queryOne("select $1::int * $1::int", Integer.class, number)));
            }
            // A transaction has the connection to itself, without any of their statements in it.
            int one =
                    db.inTransaction(Isolation.REPEATABLE_READ, tx -> db.queryOne("select $1::int", Integer.class, 1));
            long sum = one;
            for (Future<Integer> square : squares) {
                sum += square.get();
            }
            System.out.println("sum: " + sum);
        }
        // @end
    }
}
