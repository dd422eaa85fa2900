package dev.howdah.cli;

import dev.howdah.PgConnection;
import dev.howdah.Queries;
import dev.howdah.Result;
import dev.howdah.Row;
import dev.howdah.Rows;
import dev.howdah.type.TextForm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code howdah query}. */
@Command(
        name = "query",
        description = {
            "Run SQL and print what comes back.",
            "Without --param it may be several statements, separated by semicolons; they run as one transaction.",
            "Values are printed as the server prints them. Notices go to standard error."
        })
final class QueryCommand extends ConnectedCommand {

    @Parameters(paramLabel = "SQL", description = "The SQL; $1, $2 ... stand for the values of --param.")
    private String sql = "";

    @Option(
            names = {"-p", "--param"},
            paramLabel = "VALUE",
            arity = "1",
            description = "The value of the next parameter, $1 first. It is sent beside the SQL, never put into it; the"
                    + " server converts the text to the type that the statement needs.")
    private List<String> parameters = new ArrayList<>();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Cancel the query when it takes longer, as in 500ms, 2.5s or 1min.")
    private @Nullable Duration timeout;

    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private Format format = new Format();

    /** How to print it. */
    static final class Format {
        @Option(
                names = "--json",
                description = "One JSON object a line for each row. Numbers keep all their digits; bytea is a string in"
                        + " PostgreSQL's hex form.")
        private boolean json;

        @Option(
                names = "--csv",
                description =
                        "Comma-separated values (RFC 4180) with a header. NULL is nothing, an empty text is \"\".")
        private boolean csv;
    }

    QueryCommand(Surroundings around) {
        super(around);
    }

    @Override
    int run(Target target) throws InterruptedException {
        PgConnection db = target.connect();
        Notices notices = new Notices(db, this::remark);
        try {
            ServerText.register(db.types());
            Queries queries = timeout == null ? db : db.withTimeout(timeout);
            Object[] values = parameters.stream().map(TextForm::new).toArray();
            List<Result> results = parameters.isEmpty() ? queries.script(sql) : List.of(queries.execute(sql, values));
            print(db, results);
        } finally {
            db.close();
            notices.end();
        }
        return ExitCode.OK;
    }

    private void print(PgConnection db, List<Result> results) {
        Answer answer = format.json
                ? new JsonAnswer(out())
                : format.csv ? new CsvAnswer(out()) : new TableAnswer(style(), out()::println);
        for (Result result : results) {
            if (!result.hasRows()) {
                answer.done(result.commandTag());
                continue;
            }
            Rows rows = result.rows();
            answer.begin(rows.columns(), db.types());
            for (Row row : rows) {
                answer.row(row);
            }
            answer.end();
        }
        out().flush();
    }
}
