package dev.howdah.cli.demo;

import dev.howdah.cli.AttemptText;
import dev.howdah.cli.Style;
import dev.howdah.cli.TextTable;
import dev.howdah.error.ConnectAttempt;
import java.util.List;
import java.util.function.Consumer;

/** Tells the story, line by line as it happens. For one thread. */
public final class Narrator {

    private static final int LABEL_WIDTH = 16;

    private final Consumer<String> line;
    private final Style style;

    /**
     * A narrator who writes plain lines.
     *
     * @param line takes each line and shows it at once
     * @param style how it looks
     */
    public Narrator(Consumer<String> line, Style style) {
        this.line = line;
        this.style = style;
    }

    /** Begins a chapter. */
    void chapter(Chapter chapter) {
        line.accept("");
        line.accept(style.bold(chapter.name()) + "  " + chapter.summary());
    }

    /** What is done now, or a plain remark. */
    public void say(String text) {
        line.accept("  " + text);
    }

    /** The Java or SQL that is run now. */
    public void code(String text) {
        text.lines().forEach(one -> line.accept("    " + style.dim(one)));
    }

    /** Something that came back. */
    public void got(String label, String value) {
        String spaces = " ".repeat(Math.max(1, LABEL_WIDTH - label.length()));
        line.accept("    " + label + spaces + style.cyan(TextTable.visible(value)));
    }

    /** Many things that came back. */
    public void got(TextTable table) {
        table.print(style, one -> line.accept("    " + one));
    }

    /** How a connect went. */
    public void got(List<ConnectAttempt> attempts) {
        AttemptText.lines(attempts, style).forEach(one -> line.accept("    " + one));
    }

    /** Something that was checked and is so. */
    public void holds(String text) {
        line.accept("    " + style.green("ok") + "  " + text);
    }

    /** Something that is not as it should be. */
    void fails(String text) {
        line.accept("    " + style.red("NOT AS EXPECTED") + "  " + TextTable.visible(text));
    }

    /** The last line. */
    void end(String text, boolean well) {
        line.accept("");
        line.accept(well ? style.green(text) : style.red(text));
    }
}
