package dev.howdah.cli;

import dev.howdah.replication.Finding;
import dev.howdah.replication.Finding.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * What {@code howdah doctor} found, for people and for programs.
 *
 * @param findings the worst first
 */
record DoctorReport(List<Finding> findings) {

    private static final int LABEL_WIDTH = 24;
    private static final String INDENT = " ".repeat(2 + LABEL_WIDTH);

    /** Prints a line for each, what to do below it, and at the end how many there are. */
    void print(Style style, Consumer<String> line) {
        for (Finding finding : findings) {
            Severity severity = finding.severity();
            String label = finding.check().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            String space = " ".repeat(Math.max(1, LABEL_WIDTH - label.length()));
            String message = TextTable.visible(Failures.oneLine(subject(finding) + finding.message()));
            line.accept(look(style, severity, mark(severity) + " " + label)
                    + space
                    + (severity == Severity.OK ? style.dim(message) : message));
            if (finding.advice() != null) {
                line.accept(INDENT + style.cyan("> " + TextTable.visible(Failures.oneLine(finding.advice()))));
            }
        }
        line.accept(summary(style));
    }

    /** What it is about, unless the sentence says so. */
    private static String subject(Finding finding) {
        return finding.message().contains(finding.subject()) ? "" : finding.subject() + ": ";
    }

    private String summary(Style style) {
        List<String> parts = new ArrayList<>();
        add(parts, style, Severity.ERROR, "error", "errors");
        add(parts, style, Severity.WARNING, "warning", "warnings");
        add(parts, style, Severity.NOTE, "note", "notes");
        add(parts, style, Severity.OK, "fine", "fine");
        return String.join(", ", parts);
    }

    private void add(List<String> parts, Style style, Severity severity, String one, String several) {
        long count = findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
        String text = count + " " + (count == 1 ? one : several);
        parts.add(count == 0 ? text : look(style, severity, text));
    }

    private static String mark(Severity severity) {
        return switch (severity) {
            case ERROR -> "✗";
            case WARNING -> "!";
            case NOTE -> "·";
            case OK -> "✓";
        };
    }

    private static String look(Style style, Severity severity, String text) {
        return switch (severity) {
            case ERROR -> style.red(text);
            case WARNING -> style.yellow(text);
            case NOTE -> text;
            case OK -> style.green(text);
        };
    }

    /** One finding as an object. Programs rely on its names. */
    static String json(Finding finding) {
        return JsonLine.of(object -> {
            object.writeStringField("severity", finding.severity().name().toLowerCase(Locale.ROOT));
            object.writeStringField("check", finding.check().name());
            object.writeStringField("subject", finding.subject());
            object.writeStringField("message", Masking.mask(finding.message()));
            object.writeStringField("advice", finding.advice());
        });
    }
}
