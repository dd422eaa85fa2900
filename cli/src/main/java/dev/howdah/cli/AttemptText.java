package dev.howdah.cli;

import dev.howdah.error.ConnectAttempt;
import dev.howdah.error.ConnectStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells people how a connect went: each host that was tried, its steps with their times, and why it was not taken. */
public final class AttemptText {

    private static final int LABEL_WIDTH = 16;
    private static final int TIME_WIDTH = 7;

    private AttemptText() {}

    /** The lines, without line ends; no text of a server can command the terminal in them. */
    public static List<String> lines(List<ConnectAttempt> attempts, Style style) {
        return lines(attempts, null, style);
    }

    /**
     * The lines, without line ends; no text of a server can command the terminal in them.
     *
     * @param again a later connect to the server that was taken; its times stand beside those of the first
     */
    static List<String> lines(List<ConnectAttempt> attempts, @Nullable ConnectAttempt again, Style style) {
        List<String> lines = new ArrayList<>();
        for (ConnectAttempt attempt : attempts) {
            lines.add(style.bold(TextTable.visible(attempt.where()))
                    + (attempt.tls() ? " with TLS" : "")
                    + (attempt.isAccepted() ? "" : ", not taken"));
            int last = attempt.steps().size() - 1;
            for (int i = 0; i <= last; i++) {
                ConnectStep step = attempt.steps().get(i);
                String remark =
                        i == last && !attempt.isAccepted() ? style.red(why(attempt)) : remark(attempt, step, again);
                lines.add(line(step, remark, style));
            }
            if (last < 0 && !attempt.isAccepted()) {
                lines.add("  " + style.red(why(attempt)));
            }
        }
        return lines;
    }

    private static String line(ConnectStep step, String remark, Style style) {
        String label = label(step.kind());
        return "  " + style.dim(label + " ".repeat(LABEL_WIDTH - label.length())) + padded(step)
                + (remark.isEmpty() ? "" : "  " + remark);
    }

    /** The name of a step for people, such as {@code name lookup}. */
    static String label(ConnectStep.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String remark(ConnectAttempt attempt, ConnectStep step, @Nullable ConnectAttempt again) {
        String time = again == null || !attempt.isAccepted() ? "" : again(step, again);
        String none = step.kind() == ConnectStep.Kind.TLS && !attempt.tls() ? "the server has none" : "";
        return time + (time.isEmpty() || none.isEmpty() ? "" : "  ") + none;
    }

    private static String again(ConnectStep step, ConnectAttempt again) {
        return again.steps().stream()
                .filter(other -> other.kind() == step.kind())
                .findFirst()
                .map(other -> "again " + padded(other))
                .orElse("");
    }

    private static String padded(ConnectStep step) {
        String time = Timing.text(step.time().toNanos());
        return " ".repeat(Math.max(0, TIME_WIDTH - time.length())) + time;
    }

    private static String why(ConnectAttempt attempt) {
        String reason = String.valueOf(attempt.reason());
        String code = attempt.sqlState() == null ? "" : attempt.sqlState().code();
        return TextTable.visible(Failures.oneLine(reason)) + (reason.contains(code) ? "" : " (" + code + ")");
    }
}
