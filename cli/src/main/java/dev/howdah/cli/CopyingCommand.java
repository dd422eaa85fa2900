package dev.howdah.cli;

import dev.howdah.PgConnection;
import dev.howdah.error.CopyFailedException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What both ways of COPY have. */
abstract class CopyingCommand extends ConnectedCommand {

    @Mixin
    private CopyForm form = new CopyForm();

    @Option(
            names = "--json",
            description =
                    "Print at the end one JSON object to standard output: rows, read, bytes, seconds. Without it a line"
                            + " for people goes to standard error.")
    private boolean json;

    CopyingCommand(Surroundings around) {
        super(around);
    }

    final CopyForm form() {
        return form;
    }

    final boolean json() {
        return json;
    }

    /** Connects, has the work done, and prints what the server remarks meanwhile. */
    final void connected(Target target, Work work) throws InterruptedException {
        PgConnection db = target.connect();
        Notices notices = new Notices(db, text -> Progress.remark(around(), "howdah: " + text));
        try {
            work.run(db);
        } finally {
            db.close();
            notices.end();
        }
    }

    /** What is done with the connection. */
    interface Work {
        void run(PgConnection db);
    }

    /** Tells how it went. */
    final void report(CopyMeter meter, long rows) {
        if (json) {
            line(meter.json(rows));
        } else {
            remark(meter.summary(rows));
        }
    }

    /** Returns the file that was named, or null if standard input or output is meant. */
    static @Nullable String named(@Nullable String file) {
        return file == null || file.equals("-") ? null : file;
    }

    /**
     * Returns what to throw because the user's file or pipe failed.
     *
     * @param what what could not be done, as in "cannot read items.csv"
     */
    static RuntimeException failed(String what, CopyFailedException e) {
        return e.getCause() instanceof IOException cause ? UserFiles.failed(what, cause) : e;
    }
}
