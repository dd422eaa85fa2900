package dev.howdah.cli;

import dev.howdah.PgConnection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Prints the server's notices while a command runs, to the last. */
final class Notices {

    private static final int SECONDS = 5;

    private final CountDownLatch allTold = new CountDownLatch(1);
    private final Consumer<String> line;

    /** From now on they are printed. */
    Notices(PgConnection db, Consumer<String> line) {
        this.line = line;
        db.addLogListener(notice -> line.accept(TextTable.visible(notice.toString())));
        // Listeners are called in order, the one of the end last: the notices were all printed then.
        db.addTerminationListener(termination -> allTold.countDown());
    }

    /** Waits until all are printed, after the connection was closed. Whoever was interrupted before does not wait. */
    void end() throws InterruptedException {
        if (!Thread.currentThread().isInterrupted() && !allTold.await(SECONDS, TimeUnit.SECONDS)) {
            line.accept("some of the server's notices may be missing");
        }
    }
}
