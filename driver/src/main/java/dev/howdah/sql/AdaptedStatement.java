package dev.howdah.sql;

import dev.howdah.error.ConversionException;
import dev.howdah.error.Delivery;
import dev.howdah.sql.SqlWriter.Insertion;
import dev.howdah.type.SqlConstant;
import dev.howdah.type.SqlQuote;
import dev.howdah.type.TypeRegistry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A statement as it goes to the server once the adapters have had their say: what they gave is bound, or has become part
 * of the text. Immutable.
 */
public final class AdaptedStatement {

    private final String sql;
    private final @Nullable Object[] parameters;

    private AdaptedStatement(String sql, @Nullable Object[] parameters) {
        this.sql = sql;
        this.parameters = parameters;
    }

    /** {@return the text} */
    public String sql() {
        return sql;
    }

    /** {@return the values to be bound; not to be changed} */
    public @Nullable Object[] parameters() {
        return parameters;
    }

    /**
     * Adapts the parameters of a statement.
     *
     * @param sql one statement with {@code $1, $2 ...}
     * @param parameters their values; not changed
     * @param context whose types adapt them
     * @throws ConversionException if an adapter fails
     * @throws IllegalArgumentException if the text of a {@link SqlQuote} is not complete in itself, or its parameter is
     *     not in the text
     */
    public static AdaptedStatement of(String sql, @Nullable Object[] parameters, SqlContext context) {
        if (isPlain(parameters, context.types())) {
            return new AdaptedStatement(sql, parameters);
        }
        @Nullable Object[] values = adapt(parameters, context);
        for (@Nullable Object value : values) {
            if (value instanceof SqlQuote) {
                return inline(sql, values, context);
            }
        }
        return new AdaptedStatement(sql, values);
    }

    /**
     * Adapts parameters of a statement whose text cannot change.
     *
     * @param parameters their values; not changed
     * @param context whose types adapt them
     * @return the values to be bound
     * @throws ConversionException if an adapter fails, or there is an SQL expression among what they gave
     */
    public static @Nullable Object[] values(@Nullable Object[] parameters, SqlContext context) {
        if (isPlain(parameters, context.types())) {
            return parameters;
        }
        @Nullable Object[] values = adapt(parameters, context);
        for (int i = 0; i < values.length; i++) {
            if (values[i] instanceof SqlQuote quote) {
                throw new ConversionException(
                        "Parameter $" + (i + 1) + ": the SQL text of a "
                                + quote.getClass().getTypeName()
                                + " has to be one constant here, since the text of a prepared query or a batch cannot"
                                + " change",
                        Delivery.NOT_SENT,
                        null);
            }
        }
        return values;
    }

    private static boolean isPlain(@Nullable Object[] parameters, TypeRegistry types) {
        for (@Nullable Object parameter : parameters) {
            if (parameter != null && !types.isPlain(parameter.getClass())) {
                return false;
            }
        }
        return true;
    }

    /** Adapts each; a constant becomes its value. */
    private static @Nullable Object[] adapt(@Nullable Object[] parameters, SqlContext context) {
        @Nullable Object[] values = new @Nullable Object[parameters.length];
        for (int i = 0; i < values.length; i++) {
            try {
                values[i] = adapt(parameters[i], context);
            } catch (ConversionException e) {
                throw new ConversionException(
                        "Parameter $" + (i + 1) + ": " + e.getMessage(), Delivery.NOT_SENT, e.getCause());
            }
        }
        return values;
    }

    private static @Nullable Object adapt(@Nullable Object parameter, SqlContext context) {
        @Nullable Object value = context.types().adapt(parameter);
        if (value instanceof SqlQuote quote) {
            SqlConstant constant = SqlConstant.of(QuotedSql.of(quote), context.standardConformingStrings());
            return constant == null ? quote : constant.value();
        }
        return value;
    }

    private static AdaptedStatement inline(String sql, @Nullable Object[] values, SqlContext context) {
        int[] numbers = new int[values.length];
        List<@Nullable Object> bound = new ArrayList<>(values.length);
        for (int i = 0; i < values.length; i++) {
            if (!(values[i] instanceof SqlQuote)) {
                bound.add(values[i]);
                numbers[i] = bound.size();
            }
        }
        SqlWriter out = new SqlWriter();
        Set<Integer> seen = new HashSet<>();
        for (SqlPart part : SqlTemplate.parameters(sql, context.standardConformingStrings())) {
            switch (part) {
                case SqlPart.Text text -> out.code(text.sql(), text.openComment());
                case SqlPart.Numbered numbered -> {
                    int number = numbered.number();
                    seen.add(number);
                    if (number < 1 || number > values.length) {
                        throw new IllegalArgumentException("no value was given for $" + number);
                    } else if (values[number - 1] instanceof SqlQuote quote) {
                        out.insert(Insertion.RAW, QuotedSql.check(quote, context));
                    } else {
                        out.insert(Insertion.PARAMETER, "$" + numbers[number - 1]);
                    }
                }
                case SqlPart.Slot slot -> throw new IllegalStateException("text has no slots");
                case SqlPart.Given given -> throw new IllegalStateException("text has no values");
                case SqlPart.Piece piece -> throw new IllegalStateException("text has no pieces");
            }
        }
        for (int i = 0; i < values.length; i++) {
            if (values[i] instanceof SqlQuote && !seen.contains(i + 1)) {
                throw new IllegalArgumentException(
                        values.length + " values were given, but $" + (i + 1) + " is not in the text");
            }
        }
        return new AdaptedStatement(out.finish(context.standardConformingStrings()), bound.toArray());
    }
}
