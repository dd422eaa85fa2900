package dev.howdah.cli;

import java.io.PrintWriter;
import java.util.List;

/**
 * Lines on standard output that take the place of those before, on a terminal; elsewhere they follow them, after an empty line. For one
 * thread.
 *
 * @see <a href="https://www.ecma-international.org/publications-and-standards/standards/ecma-48/">ECMA-48, CUU, EL, ED</a>
 */
final class LiveBlock {

    private static final String ESCAPE = "\u001b[";
    /** What is wider than the terminal is cut off: if it went on in a further line, their number would not be known. */
    private static final String CUT = ESCAPE + "?7l";

    private static final String WRAP = ESCAPE + "?7h";
    private static final String REST_OF_LINE = ESCAPE + "K";
    private static final String REST_OF_SCREEN = ESCAPE + "J";

    private final PrintWriter out;
    private final boolean inPlace;
    private int shown;

    LiveBlock(Surroundings around) {
        this.out = around.out();
        this.inPlace = around.outIsTerminal()
                && !around.environment().getOrDefault("TERM", "").equals("dumb");
    }

    void show(List<String> lines) {
        StringBuilder text = new StringBuilder();
        if (inPlace) {
            text.append(CUT);
            if (shown > 0) {
                text.append(ESCAPE).append(shown).append("A\r");
            }
            lines.forEach(line -> text.append(line).append(REST_OF_LINE).append(System.lineSeparator()));
            text.append(REST_OF_SCREEN).append(WRAP);
        } else {
            text.append(shown > 0 ? System.lineSeparator() : "");
            lines.forEach(line -> text.append(line).append(System.lineSeparator()));
        }
        shown = lines.size();
        // One call, so that nothing is seen half done.
        out.print(text);
        out.flush();
    }
}
