package dev.howdah.error;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an ErrorResponse or NoticeResponse, as the server sent them. Immutable, serializable.
 *
 * @param severity S: ERROR, FATAL, PANIC, WARNING, NOTICE, DEBUG, INFO or LOG in the server's language; "ERROR" if the
 *     server sent no severity at all
 * @param severityNonlocalized V: the same, never translated; null from peers that do not send it
 * @param sqlState C: the code; {@link SqlState#NONE} if absent
 * @param messagePrimary M: one line; empty if absent
 * @param messageDetail D: more about it, maybe several lines
 * @param messageHint H: what to do about it
 * @param statementPosition P: where in the statement, in characters (Unicode code points) from 1; 0 if not given
 * @param internalPosition p: the same within {@code internalQuery}; 0 if not given
 * @param internalQuery q: a statement that the server made itself, for example in a function
 * @param context W: the call stack of functions, innermost first
 * @param schemaName s: the schema of the object concerned
 * @param tableName t: the table concerned
 * @param columnName c: the column concerned
 * @param datatypeName d: the data type concerned
 * @param constraintName n: the constraint (or index) concerned
 * @param sourceFile F: the file of the server's source code
 * @param sourceLine L: the line in it, from 1; 0 if not given
 * @param sourceFunction R: the function in it
 * @see <a href="https://www.postgresql.org/docs/current/protocol-error-fields.html">Error and notice message fields</a>
 */
public record Diagnostics(
        String severity,
        @Nullable String severityNonlocalized,
        SqlState sqlState,
        String messagePrimary,
        @Nullable String messageDetail,
        @Nullable String messageHint,
        int statementPosition,
        int internalPosition,
        @Nullable String internalQuery,
        @Nullable String context,
        @Nullable String schemaName,
        @Nullable String tableName,
        @Nullable String columnName,
        @Nullable String datatypeName,
        @Nullable String constraintName,
        @Nullable String sourceFile,
        int sourceLine,
        @Nullable String sourceFunction)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /**
     * Whether the server ends the session after this: severity FATAL or PANIC.
     *
     * @return true if the connection is gone
     */
    public boolean isFatal() {
        String level = severityNonlocalized != null ? severityNonlocalized : severity;
        return level.equals("FATAL") || level.equals("PANIC");
    }

    /**
     * Makes diagnostics from the protocol's fields. Unknown fields are ignored, a bad number counts as absent.
     *
     * @param fields field type (one ASCII character) to value
     * @return never null
     */
    public static Diagnostics fromFields(Map<Character, String> fields) {
        Builder builder = builder();
        fields.forEach(builder::put);
        return builder.build();
    }

    /**
     * Makes diagnostics field by field.
     *
     * @return a new, empty builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects protocol fields; for one thread. */
    public static final class Builder {
        private final Map<Character, String> fields = new HashMap<>();

        private Builder() {}

        /**
         * Sets one field; the last value counts, unknown fields are ignored.
         *
         * @param field the protocol's field type, for example {@code 'C'}
         * @param value its text
         * @return this
         */
        public Builder put(char field, String value) {
            fields.put(field, value);
            return this;
        }

        /**
         * Makes the diagnostics of the fields so far.
         *
         * @return never null
         */
        public Diagnostics build() {
            String nonlocalized = fields.get('V');
            String fallback = nonlocalized != null ? nonlocalized : "ERROR";
            return new Diagnostics(
                    fields.getOrDefault('S', fallback),
                    nonlocalized,
                    SqlState.of(fields.getOrDefault('C', "")),
                    fields.getOrDefault('M', ""),
                    fields.get('D'),
                    fields.get('H'),
                    number('P'),
                    number('p'),
                    fields.get('q'),
                    fields.get('W'),
                    fields.get('s'),
                    fields.get('t'),
                    fields.get('c'),
                    fields.get('d'),
                    fields.get('n'),
                    fields.get('F'),
                    number('L'),
                    fields.get('R'));
        }

        /** The field as a positive number, 0 if it is absent or no such number. */
        private int number(char field) {
            String text = fields.getOrDefault(field, "");
            if (text.isEmpty() || text.length() > 10 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return 0;
            }
            long value = Long.parseLong(text);
            return value <= Integer.MAX_VALUE ? (int) value : 0;
        }
    }
}
