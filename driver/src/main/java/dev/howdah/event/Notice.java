package dev.howdah.event;

import dev.howdah.error.Diagnostics;
import dev.howdah.error.SqlState;
import org.jspecify.annotations.Nullable;

/**
 * Something the server wants to be known that is no error: a warning, a notice, an information. Immutable.
 *
 * @param diagnostics all its fields
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-ASYNC">Asynchronous operations</a>
 */
public record Notice(Diagnostics diagnostics) {

    /** Returns the severity in English, such as WARNING, NOTICE or INFO. */
    public String severity() {
        String english = diagnostics.severityNonlocalized();
        return english != null ? english : diagnostics.severity();
    }

    /** Returns the SQLSTATE, 00000 for most notices. */
    public SqlState sqlState() {
        return diagnostics.sqlState();
    }

    /** Returns the text. */
    public String message() {
        return diagnostics.messagePrimary();
    }

    /** Returns the details, or null. */
    public @Nullable String detail() {
        return diagnostics.messageDetail();
    }

    /** Returns the advice, or null. */
    public @Nullable String hint() {
        return diagnostics.messageHint();
    }

    /** Returns where it came from: the functions that were running, the innermost first, one a line; or null. */
    public @Nullable String context() {
        return diagnostics.context();
    }

    /** Returns where in the statement, in characters (Unicode code points) from 1; 0 if the server does not say. */
    public int position() {
        return diagnostics.statementPosition();
    }

    /** Returns severity and text, and details and advice in parentheses where there are any. */
    @Override
    public String toString() {
        String text = severity() + ": " + message();
        String detail = detail();
        String hint = hint();
        if (detail == null && hint == null) {
            return text;
        }
        return text + " (" + (detail == null ? "" : "detail: " + detail)
                + (detail == null || hint == null ? "" : "; ")
                + (hint == null ? "" : "hint: " + hint) + ")";
    }
}
