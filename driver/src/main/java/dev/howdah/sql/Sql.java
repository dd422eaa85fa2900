package dev.howdah.sql;

import dev.howdah.type.AsIs;
import dev.howdah.type.SqlQuote;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * SQL composed of pieces. Immutable and safe for several threads; every method makes a new one.
 *
 * {@snippet file="dev/howdah/examples/ComposingSql.java" region="compose"}
 *
 * <p>In the text of {@link #of} and {@link #named}, {@code {}}, {@code {0}} and {@code {name}} are slots for pieces; a
 * brace itself is doubled. Only where the text is code: in strings, quoted names and comments braces are as they are, so
 * {@code '{}'::int[]} needs nothing. {@code $1, $2 ...} are values given when it is run, if no other kind of value is
 * used.
 *
 * <p>When it is run, the text is checked once more as the server will read it: if a piece would be read as part of a
 * string, a name or a comment, it is refused with an {@link IllegalArgumentException}.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-syntax-lexical.html">Lexical structure</a>
 */
public final class Sql implements Composable {

    /** {@code NULL}. */
    public static final Sql NULL = of("NULL");

    /** {@code DEFAULT}, the default of a column in INSERT and UPDATE. */
    public static final Sql DEFAULT = of("DEFAULT");

    private final List<SqlPart> parts;

    private Sql(List<SqlPart> parts) {
        this.parts = List.copyOf(parts);
    }

    /**
     * Makes SQL of a text with slots. The text is the programmer's, never a user's.
     *
     * @param text complete as far as strings, quoted names and comments go; a backslash in '...' has no meaning
     * @throws IllegalArgumentException if it is not, or has a brace that makes no slot
     */
    public static Sql of(String text) {
        return new Sql(SqlTemplate.parse(text, false));
    }

    /**
     * Makes SQL of a text with slots and with {@code :name} for values. A colon makes no name in {@code ::} and {@code
     * :=}, before anything but a letter or an underscore, and where it makes a subscript a slice: the first one within
     * {@code a[...]}, so write {@code a[(:name)]} there.
     *
     * {@snippet file="dev/howdah/examples/ComposingSql.java" region="named"}
     *
     * @param text as for {@link #of}
     * @throws IllegalArgumentException as for {@link #of}
     */
    public static Sql named(String text) {
        return new Sql(SqlTemplate.parse(text, true));
    }

    /** Makes SQL of pieces one after another, with nothing between. */
    public static Sql of(Composable... pieces) {
        List<SqlPart> parts = new ArrayList<>();
        for (Composable piece : pieces) {
            parts.addAll(parts(piece));
        }
        return new Sql(parts);
    }

    /** Makes a piece of a value that is bound on the server; null is NULL. Lists and Java arrays are arrays. */
    public static BoundValue value(@Nullable Object value) {
        return new BoundValue(value);
    }

    /**
     * Makes SQL of pieces with a text between each two.
     *
     * @param separator as for {@link #of}, such as {@code ", "}
     * @param pieces any number
     */
    public static Sql join(String separator, Iterable<? extends Composable> pieces) {
        List<SqlPart> between = SqlTemplate.parse(separator, false);
        List<SqlPart> parts = new ArrayList<>();
        boolean first = true;
        for (Composable piece : pieces) {
            if (!first) {
                parts.addAll(between);
            }
            first = false;
            parts.addAll(parts(piece));
        }
        return new Sql(parts);
    }

    /** Makes SQL of pieces with a text between each two; see {@link #join(String, Iterable)}. */
    public static Sql join(String separator, Composable... pieces) {
        return join(separator, Arrays.asList(pieces));
    }

    private static List<SqlPart> parts(Composable piece) {
        return piece instanceof Sql sql ? sql.parts : List.of(new SqlPart.Piece(piece));
    }

    /** Returns this with pieces behind it, nothing between. */
    public Sql plus(Composable... pieces) {
        return of(this, of(pieces));
    }

    /**
     * Fills the slots {@code {}} in their order, or {@code {0}, {1} ...} by their numbers. Those with names stay.
     *
     * @throws IllegalArgumentException if there are slots of both kinds, a slot gets no piece, a piece no slot, or a
     *     piece has slots itself
     */
    public Sql format(Composable... pieces) {
        Set<Integer> used = new HashSet<>();
        List<SqlPart> filled = new ArrayList<>();
        int next = 0;
        boolean numbered = numbered();
        for (SqlPart part : parts) {
            if (!(part instanceof SqlPart.Slot slot) || slot.name() != null) {
                filled.add(part);
                continue;
            }
            int index = numbered ? slot.index() : next++;
            if (index >= pieces.length) {
                throw new IllegalArgumentException(
                        "there is no piece for the slot {" + index + "}, " + pieces.length + " were given");
            }
            used.add(index);
            filled.addAll(complete(pieces[index], "{" + index + "}"));
        }
        for (int i = 0; i < pieces.length; i++) {
            if (!used.contains(i)) {
                throw new IllegalArgumentException("there is no slot {" + i + "} for the piece with that number");
            }
        }
        return new Sql(filled);
    }

    /** Returns whether the slots without a name have numbers. */
    private boolean numbered() {
        boolean numbered = false;
        boolean plain = false;
        for (SqlPart part : parts) {
            if (part instanceof SqlPart.Slot slot && slot.name() == null) {
                numbered |= slot.index() >= 0;
                plain |= slot.index() < 0;
                if (numbered && plain) {
                    throw new IllegalArgumentException("slots with a number and slots without one cannot be mixed; the"
                            + " first of the other kind is " + slot);
                }
            }
        }
        return numbered;
    }

    /**
     * Fills all slots that have a name.
     *
     * @throws IllegalArgumentException if a slot gets no piece, a piece no slot, or a piece has slots itself
     */
    public Sql format(Map<String, ? extends Composable> pieces) {
        Set<String> unused = new LinkedHashSet<>(pieces.keySet());
        List<SqlPart> filled = new ArrayList<>();
        for (SqlPart part : parts) {
            if (!(part instanceof SqlPart.Slot slot) || slot.name() == null) {
                filled.add(part);
                continue;
            }
            Composable piece = pieces.get(slot.name());
            if (piece == null) {
                throw new IllegalArgumentException("there is no piece for the slot " + slot);
            }
            unused.remove(slot.name());
            filled.addAll(complete(piece, slot.toString()));
        }
        if (!unused.isEmpty()) {
            throw new IllegalArgumentException("there is no slot {" + String.join("}, {", unused) + "}");
        }
        return new Sql(filled);
    }

    /**
     * Fills the slots of one name; the others stay.
     *
     * @throws IllegalArgumentException if there is none, or the piece has slots itself
     */
    public Sql with(String name, Composable piece) {
        List<SqlPart> complete = complete(piece, "{" + name + "}");
        List<SqlPart> filled = new ArrayList<>();
        boolean found = false;
        for (SqlPart part : parts) {
            if (part instanceof SqlPart.Slot slot && name.equals(slot.name())) {
                found = true;
                filled.addAll(complete);
            } else {
                filled.add(part);
            }
        }
        if (!found) {
            throw new IllegalArgumentException("there is no slot {" + name + "}");
        }
        return new Sql(filled);
    }

    private static List<SqlPart> complete(Composable piece, String slot) {
        List<SqlPart> parts = parts(piece);
        for (SqlPart part : parts) {
            if (part instanceof SqlPart.Slot inner) {
                throw new IllegalArgumentException("the piece for the slot " + slot + " has itself the slot " + inner);
            }
        }
        return parts;
    }

    /**
     * Gives the named placeholder its value, in all its places; it is one parameter. A value given before is replaced.
     *
     * @param value null is NULL; lists and Java arrays are arrays
     * @throws IllegalArgumentException if there is no such placeholder
     */
    public Sql bind(String name, @Nullable Object value) {
        if (!names().contains(name)) {
            throw NamedValues.unknown(name);
        }
        SqlPart.Given given = new SqlPart.Given(name, value);
        return replace(n -> n.equals(name) ? given : null);
    }

    /**
     * Gives named placeholders their values.
     *
     * @throws IllegalArgumentException if there is no placeholder for one of them
     */
    public Sql bind(Map<String, ?> values) {
        return bindAll(NamedValues.of(values, names()));
    }

    /**
     * Gives each named placeholder the value of the record's component of that name; case and underscores do not matter.
     * Components without a placeholder are not used. In a named module the record's package has to be open to {@code
     * dev.howdah}.
     *
     * @throws IllegalArgumentException if the record cannot be read
     */
    public Sql bind(Record values) {
        return bindAll(NamedValues.of(values, names()));
    }

    private Sql bindAll(Map<String, @Nullable Object> values) {
        Map<String, SqlPart> given = new LinkedHashMap<>();
        values.forEach((name, value) -> given.put(name, new SqlPart.Given(name, value)));
        return replace(given::get);
    }

    private Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        for (SqlPart part : parts) {
            String name = nameOf(part);
            if (name != null) {
                names.add(name);
            }
        }
        return names;
    }

    private static @Nullable String nameOf(SqlPart part) {
        return switch (part) {
            case SqlPart.Given given -> given.name();
            case SqlPart.Piece(Placeholder placeholder) -> placeholder.name();
            default -> null;
        };
    }

    private Sql replace(Function<String, @Nullable SqlPart> replacement) {
        List<SqlPart> replaced = new ArrayList<>();
        for (SqlPart part : parts) {
            String name = nameOf(part);
            SqlPart given = name == null ? null : replacement.apply(name);
            replaced.add(given == null ? part : given);
        }
        return new Sql(replaced);
    }

    /**
     * Returns the statement as it is sent.
     *
     * @param context the connection that it is for, or {@link SqlContext#DEFAULT}
     * @throws IllegalArgumentException if a slot is not filled, numbers and other parameters are mixed, or a piece would
     *     be read as part of something else
     * @throws dev.howdah.error.ConversionException if the value of a literal cannot be written
     */
    public SqlStatement statement(SqlContext context) {
        return SqlRenderer.statement(parts, context);
    }

    /**
     * Returns the text with all values in it as literals, as the server would read it.
     *
     * @param context the connection that it is for, or {@link SqlContext#DEFAULT}
     * @param parameters one for each placeholder without a name, or for {@code $1, $2 ...}
     * @throws IllegalArgumentException as {@link #statement}, or if the values are not those that it takes
     * @throws dev.howdah.error.ConversionException if a value cannot be written
     */
    public String mogrify(SqlContext context, @Nullable Object... parameters) {
        return SqlRenderer.inline(parts, context, parameters);
    }

    /**
     * Returns a text with its {@code $1, $2 ...} replaced by literals, where it is code. Braces and colons have no
     * meaning here.
     *
     * @param sql any number of statements
     * @param context the connection that it is for, or {@link SqlContext#DEFAULT}
     * @param parameters one for each number
     * @throws IllegalArgumentException if a number has no value, a value no number, or a string, quoted name or comment
     *     never ends
     * @throws dev.howdah.error.ConversionException if a value cannot be written
     * @see Literal
     */
    public static String mogrify(String sql, SqlContext context, @Nullable Object... parameters) {
        return SqlRenderer.inline(
                SqlTemplate.parameters(sql, context.standardConformingStrings()), context, parameters);
    }

    /**
     * Writes a value as SQL text, with PostgreSQL's own types and those registered globally.
     *
     * @param value any Java value that can be a {@link Literal}; null is NULL
     * @return its text; a negative number begins with a space, so that no operator before it joins its sign
     * @throws dev.howdah.error.ConversionException if there is no type for the value
     */
    public static SqlQuote adapt(@Nullable Object value) {
        return adapt(value, SqlContext.DEFAULT);
    }

    /**
     * Writes a value as SQL text.
     *
     * @param value any Java value that can be a {@link Literal}; null is NULL
     * @param context whose types and adapters write it, such as a connection
     * @return its text; a negative number begins with a space, so that no operator before it joins its sign
     * @throws dev.howdah.error.ConversionException if there is no type for the value
     */
    public static SqlQuote adapt(@Nullable Object value, SqlContext context) {
        String text = LiteralText.of(value, context).text();
        return new AsIs(text.startsWith("(-") ? " " + text.substring(1, text.length() - 1) : text);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Sql sql && parts.equals(sql.parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    /** Returns the text with its slots and placeholders; no value. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (SqlPart part : parts) {
            out.append(
                    switch (part) {
                        case SqlPart.Text text -> text.sql();
                        case SqlPart.Numbered numbered -> "$" + numbered.number();
                        case SqlPart.Piece(Composable piece) -> piece.toString();
                        case SqlPart.Slot slot -> slot.toString();
                        case SqlPart.Given given -> given.toString();
                    });
        }
        return out.toString();
    }
}
