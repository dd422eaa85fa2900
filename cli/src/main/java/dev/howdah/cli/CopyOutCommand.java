package dev.howdah.cli;

import dev.howdah.PgConnection;
import dev.howdah.error.CopyFailedException;
import dev.howdah.sql.Identifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code howdah copy out}. */
@Command(
        name = "out",
        customSynopsis = {
            "howdah copy out TABLE [FILE] [OPTIONS]",
            "       howdah copy out --query=SQL [FILE] [OPTIONS]"
        },
        description = {
            "Copy the rows of a table or a query into a file, or to standard output.",
            "The file is made or replaced at the end; until then the rows are in FILE.part, which does not stay if something fails."
        })
final class CopyOutCommand extends CopyingCommand {

    /** The rows that a table had when it was last looked at by VACUUM or ANALYZE; nobody knows if it never was. */
    private static final String ESTIMATE =
            "SELECT pg_catalog.max(reltuples)::bigint FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass($1)";

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "TABLE",
            description = "As in SQL: item, shop.item, '\"My Table\"'.")
    private @Nullable String first;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FILE",
            description = "What to write; without it, or with -, it is standard output.")
    private @Nullable String second;

    @Option(
            names = "--query",
            paramLabel = "SQL",
            description = "Copy what this query returns; there is no TABLE then.")
    private @Nullable String query;

    @Option(names = "--header", description = "Begin with a line of the names of the columns.")
    private boolean header;

    @Option(
            names = "--force-quote",
            paramLabel = "A,B",
            description = "Quote all values of these columns but NULL (csv); * is all columns.")
    private @Nullable String forceQuote;

    CopyOutCommand(Surroundings around) {
        super(around);
    }

    @Override
    int run(Target target) throws InterruptedException {
        if (query == null && first == null) {
            throw new UsageException("there is nothing to copy: name a TABLE or give a --query");
        }
        if (query != null && second != null) {
            throw new UsageException("with --query there is no TABLE, only a FILE: " + first + " " + second);
        }
        if (query != null && form().hasColumns()) {
            throw new UsageException("--columns are of a TABLE; a --query names them itself");
        }
        String file = named(query == null ? second : first);
        Identifier table = query == null && first != null ? CopyForm.table(first) : null;
        String sql = sql(table, file);
        if (file == null) {
            toStandardOutput(target, sql, table);
        } else {
            toFile(target, sql, table, file);
        }
        return ExitCode.OK;
    }

    private void toStandardOutput(Target target, String sql, @Nullable Identifier table) throws InterruptedException {
        if (json()) {
            throw new UsageException("--json needs a FILE: standard output has the rows");
        }
        if (around().outIsTerminal() && form().format(null) == CopyFormat.binary) {
            throw new UsageException("the binary format is not for a terminal: name a FILE, or use a pipe");
        }
        connected(target, db -> {
            CopyMeter meter;
            long rows;
            try (Progress progress = around().outIsTerminal() ? Progress.none() : progress(db, table)) {
                meter = meter(progress, null);
                rows = db.copyOut(sql, meter.counting(around().outBytes()));
            } catch (CopyFailedException e) {
                throw failed("cannot write to standard output", e);
            }
            report(meter, rows);
        });
    }

    private void toFile(Target target, String sql, @Nullable Identifier table, String file)
            throws InterruptedException {
        connected(target, db -> {
            CopyMeter meter;
            long rows;
            try (PartFile part = PartFile.open(Path.of(file));
                    Progress progress = progress(db, table)) {
                meter = meter(progress, file);
                rows = db.copyOut(sql, meter.counting(part.out()));
                part.done();
            } catch (CopyFailedException e) {
                throw failed("cannot write " + file, e);
            } catch (IOException e) {
                throw UserFiles.failed("cannot write " + file, e);
            }
            report(meter, rows);
        });
    }

    private Progress progress(PgConnection db, @Nullable Identifier table) {
        long total = -1;
        if (table != null && Progress.isSeen(around())) {
            Long estimate = db.queryValue(ESTIMATE, Long.class, table.quoted());
            total = estimate == null || estimate <= 0 ? -1 : estimate;
        }
        return Progress.of(around(), "copying", total, "rows");
    }

    private CopyMeter meter(Progress progress, @Nullable String file) {
        return new CopyMeter(progress, true, form().tally(file, header));
    }

    private String sql(@Nullable Identifier table, @Nullable String file) {
        List<String> options = form().options(file);
        if (header) {
            options.add("HEADER");
        }
        if (forceQuote != null) {
            options.add("FORCE_QUOTE " + (forceQuote.equals("*") ? "*" : "(" + CopyForm.names(forceQuote) + ")"));
        }
        // A query may end in a comment.
        String what = table == null ? "(" + withoutEnd(String.valueOf(query)) + "\n)" : table.quoted();
        return "COPY " + what + form().columnList() + " TO STDOUT (" + String.join(", ", options) + ")";
    }

    private static String withoutEnd(String query) {
        return query.strip().replaceFirst("[;\\s]+$", "");
    }
}
