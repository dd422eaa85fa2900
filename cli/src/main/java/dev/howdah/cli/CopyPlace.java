package dev.howdah.cli;

import dev.howdah.error.ServerException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where in the data of a COPY the server found an error. It says so in the context of the error, as text: {@code COPY item, line 3, column
 * price: "abc"}.
 *
 * @param file what the user calls the data
 * @param table the name of the table, without its schema
 * @param binary whether the server counts rows: data in binary have no lines
 */
record CopyPlace(String file, String table, boolean binary) {

    /** Returns the error with its place; with the context as it is if that is in another language; as it is if there is none. */
    RuntimeException locate(ServerException e) {
        String context = e.diagnostics().context();
        if (context == null) {
            return e;
        }
        String place = place(context);
        return new LocatedException(place, place == null ? context : null, e);
    }

    /** Returns the place for people to read, or null if the context is not understood. */
    @Nullable
    String place(String context) {
        Matcher said = Pattern.compile(
                        "^COPY " + Pattern.quote(table) + ", line (\\d+)(?:, column (.*?))?(?::\\s.*)?$",
                        Pattern.MULTILINE)
                .matcher(context);
        if (!said.find()) {
            return null;
        }
        String column = said.group(2) == null ? "" : ", column " + said.group(2);
        return file + (binary ? ", row " : ", line ") + said.group(1) + column;
    }
}
