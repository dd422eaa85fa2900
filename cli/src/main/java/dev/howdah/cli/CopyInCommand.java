package dev.howdah.cli;

import dev.howdah.PgConnection;
import dev.howdah.Transaction;
import dev.howdah.error.CopyFailedException;
import dev.howdah.error.ServerException;
import dev.howdah.sql.Identifier;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code howdah copy in}. */
@Command(
        name = "in",
        description = {
            "Copy the rows of a file, or of standard input, into a table.",
            "All are stored or none: not after an error, which is named with its line and column, and not after Ctrl-C."
        })
final class CopyInCommand extends CopyingCommand {

    @Parameters(index = "0", paramLabel = "TABLE", description = "As in SQL: item, shop.item, '\"My Table\"'.")
    private String table = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FILE",
            description = "What to read; without it, or with -, it is standard input.")
    private @Nullable String file;

    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private Header header = new Header();

    /** What the first line is. */
    static final class Header {
        @Option(names = "--header", description = "The first line has the names of the columns: skip it.")
        private boolean skip;

        @Option(
                names = "--match-header",
                description =
                        "The first line has the names of the columns: require that they are those of the table (PostgreSQL"
                                + " 15 and later).")
        private boolean match;

        boolean isThere() {
            return skip || match;
        }
    }

    @Option(
            names = "--where",
            paramLabel = "SQL",
            description = "Store only rows for which this condition is true, as in 'price > 0'.")
    private @Nullable String where;

    @Option(
            names = "--on-error",
            paramLabel = "stop|ignore",
            description =
                    "What to do with a value that does not fit its column: stop, which is the default, or leave its row out and"
                            + " go on (PostgreSQL 17 and later); with --verbose each row left out is named.")
    private @Nullable OnError onError;

    /** What the user types, and the server is told. */
    enum OnError {
        stop,
        ignore
    }

    @Option(
            names = "--force-null",
            paramLabel = "A,B",
            description = "In these columns what looks like NULL is NULL even if it is quoted (csv).")
    private @Nullable String forceNull;

    @Option(
            names = "--truncate",
            description = "Empty the table first, in the same transaction: if the copy fails, the rows of before stay.")
    private boolean truncate;

    @Option(
            names = "--freeze",
            description = "Store the rows frozen, as VACUUM FREEZE leaves them; only with --truncate.")
    private boolean freeze;

    CopyInCommand(Surroundings around) {
        super(around);
    }

    @Override
    int run(Target target) throws InterruptedException {
        if (freeze && !truncate) {
            throw new UsageException(
                    "--freeze needs --truncate: rows may be frozen only in a table emptied in the same transaction");
        }
        Identifier name = CopyForm.table(table);
        String sql = sql(name);
        String named = named(file);
        String shown = named == null ? "standard input" : named;
        try (InputStream in = named == null ? InputStream.nullInputStream() : open(Path.of(named))) {
            boolean regular = named != null && Files.isRegularFile(Path.of(named));
            long total = regular ? Files.size(Path.of(named)) : -1;
            CopyPlace place = new CopyPlace(shown, name.parts().getLast(), form().format(named) == CopyFormat.binary);
            // Standard input is not ours to close.
            InputStream source = named == null ? around().in() : in;
            connected(target, db -> store(db, name, () -> copy(db, sql, source, total, place)));
            return ExitCode.OK;
        } catch (IOException e) {
            throw UserFiles.failed("cannot read " + shown, e);
        }
    }

    /** Opens it so that an interrupt ends a wait for it: it may be a pipe. */
    private static InputStream open(Path path) throws IOException {
        return Channels.newInputStream(FileChannel.open(path, StandardOpenOption.READ));
    }

    /**
     * Stores the rows.
     *
     * @param copying copies them and returns what reports it, which is done when they are stored
     */
    private void store(PgConnection db, Identifier name, Supplier<Runnable> copying) {
        Runnable report;
        if (truncate) {
            try (Transaction tx = db.begin()) {
                db.execute("TRUNCATE " + name.quoted());
                report = copying.get();
                tx.commit();
            }
        } else {
            report = copying.get();
        }
        report.run();
    }

    private Runnable copy(PgConnection db, String sql, InputStream in, long total, CopyPlace place) {
        try (Progress progress = Progress.ofBytes(around(), "copying", total)) {
            CopyMeter meter = new CopyMeter(progress, false, form().tally(named(file), header.isThere()));
            long rows = db.copyIn(sql, meter.counting(in, total < 0));
            return () -> report(meter, rows);
        } catch (ServerException e) {
            throw place.locate(e);
        } catch (CopyFailedException e) {
            throw failed("cannot read " + place.file(), e);
        }
    }

    private String sql(Identifier name) {
        List<String> options = form().options(named(file));
        if (header.isThere()) {
            options.add(header.match ? "HEADER match" : "HEADER");
        }
        if (freeze) {
            options.add("FREEZE");
        }
        if (onError != null) {
            options.add("ON_ERROR " + onError);
            if (verbose() && onError == OnError.ignore) {
                options.add("LOG_VERBOSITY verbose");
            }
        }
        if (forceNull != null) {
            options.add("FORCE_NULL (" + CopyForm.names(forceNull) + ")");
        }
        return "COPY " + name.quoted() + form().columnList() + " FROM STDIN (" + String.join(", ", options) + ")"
                + (where == null ? "" : " WHERE " + where);
    }
}
