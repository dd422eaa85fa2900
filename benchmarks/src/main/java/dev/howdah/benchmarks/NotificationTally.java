package dev.howdah.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What a listener has heard: how many notifications, and the sum of the numbers in them, which have to come in order. One
 * thread adds, another may wait.
 */
public final class NotificationTally {

    /** The channel of this process: the clients that are idle meanwhile do not hear it. */
    public static final String CHANNEL = "bench_" + ProcessHandle.current().pid();

    private static final int PATIENCE_SECONDS = 60;

    private static final int LENGTH = 100;
    /** What each payload begins with: it is compared, which costs less than to read it as a number, and as much with each client. */
    private static final String ZEROS = "0".repeat(LENGTH - 10);

    private final CountDownLatch complete = new CountDownLatch(1);
    private final int expected;
    private int count;
    private long sum;
    private volatile String failure = "";

    /** Makes one that is complete with so many. */
    public NotificationTally(int expected) {
        this.expected = expected;
    }

    /** The script that sends so many, numbered from 0, in transactions of 1,000. */
    public static String send(int count) {
        return """
                do $$ begin
                    for t in 0 .. %d loop
                        for i in t * %2$d .. (t + 1) * %2$d - 1 loop
                            perform pg_notify('%3$s', lpad(i::text, 100, '0'));
                        end loop;
                        commit;
                    end loop;
                end $$""".formatted(count / WorkloadId.NOTIFICATIONS - 1, WorkloadId.NOTIFICATIONS, CHANNEL);
    }

    /** The payload of a notification. */
    public static String payload(int number) {
        return "0".repeat(LENGTH - Integer.toString(number).length()) + number;
    }

    /** The server's answer to what has to be heard. */
    static String sql(int count) {
        return "select count(*) || ',' || sum(i) from generate_series(0, " + (count - 1) + ") i";
    }

    /** Takes a notification. */
    public void add(String payload) {
        boolean whole = payload.length() == LENGTH && payload.startsWith(ZEROS);
        long number = whole ? Long.parseLong(payload, ZEROS.length(), LENGTH, 10) : -1;
        if (number != count) {
            failure = "notification " + count + " was expected, " + payload + " came";
        }
        count++;
        sum += number;
        if (count == expected) {
            complete.countDown();
        }
    }

    /** Returns whether all have come. */
    public boolean isComplete() {
        return complete.getCount() == 0;
    }

    /** Waits until all have come. */
    public void await() throws InterruptedException {
        if (!complete.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new WrongAnswerException(count + " of " + expected + " notifications have come");
        }
        if (!failure.isEmpty()) {
            throw new WrongAnswerException(failure);
        }
    }

    @Override
    public String toString() {
        return count + "," + sum;
    }
}
