package dev.howdah.type;

import java.util.Objects;

/**
 * A value in PostgreSQL's own text form, read by the server as whatever type the parameter has: {@code new
 * TextForm("(1.5,2)")} for a point. As an element of an array, row or range it makes the whole value go as text.
 *
 * @param text what PostgreSQL's input function for the type reads; no quotes around it
 * @see <a href="https://www.postgresql.org/docs/current/protocol-overview.html#PROTOCOL-FORMAT-CODES">Formats and format
 *     codes</a>
 */
public record TextForm(String text) {

    /** Takes the text. */
    public TextForm {
        Objects.requireNonNull(text, "text");
    }
}
