package dev.howdah.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Option;

/** What every command has: where it writes, how it looks, how much it says about its failures. */
abstract class BaseCommand {

    private final Surroundings around;

    @Option(
            names = "--verbose",
            description = "On an error print everything that is known about it: all fields of the server's answer"
                    + " and the stack trace.")
    private boolean verbose;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            description = "Colours: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}, which means on a terminal,"
                    + " unless NO_COLOR is set.")
    private ColorMode color = ColorMode.auto;

    @Option(names = "--help", usageHelp = true, description = "Print this help.")
    private boolean help;

    BaseCommand(Surroundings around) {
        this.around = around;
    }

    final Surroundings around() {
        return around;
    }

    final boolean verbose() {
        return verbose;
    }

    final PrintWriter out() {
        return around.out();
    }

    /** Prints a line and lets it go at once. */
    final void line(String text) {
        around.out().println(text);
        around.out().flush();
    }

    /** Prints a line to standard error. */
    final void remark(String text) {
        around.err().println("howdah: " + text);
        around.err().flush();
    }

    /** How standard output looks. */
    final Style style() {
        return color.style(around, around.outIsTerminal());
    }

    /** How standard error looks. */
    final Style errorStyle() {
        return color.style(around, around.errIsTerminal());
    }
}
