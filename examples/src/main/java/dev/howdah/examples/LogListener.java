package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.event.Notice;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What the server remarks while it works: notices and warnings, each with all its fields. */
public final class LogListener {

    private LogListener() {}

    /** Counts warnings, and prints what it hears. Listeners are called one after another, so it needs no lock. */
    private static final class LogProcessor implements Consumer<Notice> {
        private final CountDownLatch expected = new CountDownLatch(2);
        private int warnings;

        @Override
        public void accept(Notice notice) {
            System.out.println(
                    "PostgreSQL [" + notice.severity() + " " + notice.sqlState().code() + "]: " + notice.message());
            if (notice.detail() != null) {
                System.out.println("Detail: " + notice.detail());
            }
            if (notice.hint() != null) {
                System.out.println("Hint: " + notice.hint());
            }
            if (notice.severity().equals("WARNING")) {
                warnings++;
            }
            expected.countDown();
        }
    }

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) throws InterruptedException {
        try (PgConnection db = Howdah.connect(args.length > 0 ? args[0] : "")) {
            LogProcessor processor = new LogProcessor();
            db.addLogListener(processor);
            db.execute("""
                    do $$ begin
                        raise notice 'the import begins' using detail = '3 files';
                        raise warning 'a file is empty' using hint = 'Look at its source.';
                    end $$""");
            if (!processor.expected.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("not all notices came");
            }
            db.removeLogListener(processor);
            System.out.println(processor.warnings + " warning; kept: " + db.notices());
        }
    }
}
