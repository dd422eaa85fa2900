package dev.howdah.cli;

import dev.howdah.error.BackupException;
import dev.howdah.error.CommitRolledBackException;
import dev.howdah.error.ConfigException;
import dev.howdah.error.ConnectFailedException;
import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.ConversionException;
import dev.howdah.error.CopyFailedException;
import dev.howdah.error.Delivery;
import dev.howdah.error.Diagnostics;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.PgException;
import dev.howdah.error.PipelineAbortedException;
import dev.howdah.error.ProtocolException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.error.ReplicationException;
import dev.howdah.error.RowCountException;
import dev.howdah.error.ServerException;
import dev.howdah.error.UnexpectedCopyException;
import java.io.PrintWriter;
import java.nio.channels.ClosedByInterruptException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line what went wrong, and chooses the exit code. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {

    private final Surroundings around;

    Failures(Surroundings around) {
        this.around = around;
    }

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        CommandLine line = e.getCommandLine();
        print(line, String.valueOf(e.getMessage()));
        PrintWriter err = around.err();
        if (!UnmatchedArgumentException.printSuggestions(e, err)) {
            err.println("howdah: '" + help(line) + "' prints what there is");
        }
        return ExitCode.USAGE;
    }

    /** What to type for help; the command help knows only the commands right below howdah. */
    private static String help(CommandLine line) {
        CommandLine parent = line.getParent();
        if (parent == null) {
            return "howdah help";
        }
        return parent.getParent() == null
                ? "howdah help " + line.getCommandName()
                : line.getCommandSpec().qualifiedName() + " --help";
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine line, @Nullable ParseResult parsed) {
        // What was printed before belongs above.
        around.out().flush();
        print(line, message(e));
        if (line.getCommand() instanceof BaseCommand command && command.verbose()) {
            if (said(e) instanceof ServerException server) {
                DiagnosticsTable.of(server.diagnostics()).print(command.errorStyle(), around.err()::println);
            }
            e.printStackTrace(around.err());
        }
        return exitCode(e);
    }

    private static Exception said(Exception e) {
        return switch (e) {
            case LocatedException located -> located.said();
            default -> e;
        };
    }

    private void print(CommandLine line, String message) {
        Style style = line.getCommand() instanceof BaseCommand command
                ? command.errorStyle()
                : ColorMode.auto.style(around, around.errIsTerminal());
        around.err().println(style.red("howdah:") + " " + TextTable.visible(oneLine(message)));
    }

    /** The message on one line, passwords masked. */
    static String oneLine(String message) {
        return Masking.mask(message.strip().replaceAll("\\s*\\R\\s*", "; "));
    }

    static String message(Exception e) {
        if (isInterrupted(e)) {
            return "interrupted";
        }
        return switch (e) {
            case ServerException server ->
                headline(server.diagnostics()) + (server.remark() == null ? "" : "\n" + server.remark());
            case LocatedException located -> located(located, located.said().diagnostics());
            case InterruptedWaitException interrupted ->
                interrupted.delivery() == Delivery.UNKNOWN
                        ? "interrupted; whether the server did it is not known"
                        : "interrupted";
            case PgException known -> String.valueOf(known.getMessage());
            case UsageException usage -> String.valueOf(usage.getMessage());
            default -> {
                String message = e.getMessage();
                String cause = e.getCause() == null ? "" : " (" + e.getCause().getMessage() + ")";
                yield message == null ? e.getClass().getName() : message + cause;
            }
        };
    }

    /** Whether the user wished it to end: an interrupted thread closes the file or the pipe that it waits for. */
    private static boolean isInterrupted(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException || cause instanceof ClosedByInterruptException) {
                return !(e instanceof PgException);
            }
        }
        return false;
    }

    private static String located(LocatedException e, Diagnostics said) {
        String text = headline(e.place() == null ? said.severity() : e.place(), said);
        return e.context() == null ? text : text + "\nContext: " + e.context();
    }

    private static String headline(Diagnostics said) {
        return headline(said.severity(), said);
    }

    private static String headline(String beginning, Diagnostics said) {
        StringBuilder text = new StringBuilder(beginning)
                .append(": ")
                .append(said.messagePrimary())
                .append(" (")
                .append(said.sqlState())
                .append(')');
        if (said.messageDetail() != null) {
            text.append("\nDetail: ").append(said.messageDetail());
        }
        if (said.messageHint() != null) {
            text.append("\nHint: ").append(said.messageHint());
        }
        return text.toString();
    }

    static int exitCode(Exception e) {
        if (isInterrupted(e)) {
            return ExitCode.STOPPED;
        }
        if (!(e instanceof PgException known)) {
            return switch (e) {
                case LocatedException located -> ExitCode.SERVER_ERROR;
                case UsageException usage -> ExitCode.USAGE;
                default -> ExitCode.INTERNAL;
            };
        }
        return switch (known) {
            case ServerException server -> ExitCode.SERVER_ERROR;
            case CommitRolledBackException rolledBack -> ExitCode.SERVER_ERROR;
            case ReplicationException replication -> ExitCode.SERVER_ERROR;
            case BackupException backup -> exitCode(backup.reason());
            case ConversionException conversion -> ExitCode.SERVER_ERROR;
            case ConfigException config -> ExitCode.USAGE;
            case UnexpectedCopyException copy -> ExitCode.USAGE;
            case CopyFailedException copy -> ExitCode.USAGE;
            case ConnectFailedException failed -> ExitCode.NO_CONNECTION;
            case ConnectionLostException lost -> ExitCode.NO_CONNECTION;
            case ConnectionClosedException closed -> ExitCode.NO_CONNECTION;
            case QueryTimeoutException timeout -> ExitCode.STOPPED;
            case InterruptedWaitException interrupted -> ExitCode.STOPPED;
            case ProtocolException protocol -> ExitCode.INTERNAL;
            case RowCountException rowCount -> ExitCode.INTERNAL;
            case PipelineAbortedException aborted -> ExitCode.INTERNAL;
        };
    }

    private static int exitCode(BackupException.Reason reason) {
        return switch (reason) {
            case FILE_FAILED, CONSUMER_FAILED, FOLDER_IN_USE -> ExitCode.USAGE;
            case UNFINISHED, OTHER_SYSTEM, OTHER_HISTORY, WAL_MISSING, ARCHIVE_REFUSED, DAMAGED, CHAIN_BROKEN ->
                ExitCode.SERVER_ERROR;
        };
    }
}
