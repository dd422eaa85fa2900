package dev.howdah.sql;

import dev.howdah.error.ConversionException;
import dev.howdah.error.Delivery;
import dev.howdah.sql.SqlWriter.Insertion;
import dev.howdah.type.BuiltinTypes;
import dev.howdah.type.PgType;
import dev.howdah.type.SqlQuote;
import dev.howdah.type.TextForm;
import dev.howdah.type.TypeCodecs;
import dev.howdah.type.TypeRegistry;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A value as a constant of SQL.
 *
 * @param text the constant; complete whatever stands before it, such as an operator
 * @param kind whether it ends with a cast, or is the user's own SQL
 */
record LiteralText(String text, Insertion kind) {

    /** Types whose name without quotes is another type's, or takes a length by itself. */
    private static final Set<Integer> QUOTED = Set.of(BuiltinTypes.CHAR, BuiltinTypes.BIT);

    /** Writes a value as the type of its Java class. */
    static LiteralText of(@Nullable Object value, SqlContext context) {
        TypeRegistry types = context.types();
        return switch (types.adapt(value)) {
            case SqlQuote quote -> new LiteralText(QuotedSql.check(quote, context), Insertion.RAW);
            case TextForm form -> constant(quote(checked(form)));
            case null -> constant("NULL");
            case Boolean bool -> constant(bool.toString());
            case Byte number -> number(number.toString());
            case Short number -> number(number.toString());
            case Integer number -> number(number.toString());
            case Long number -> number(number.toString());
            case BigInteger number -> number(number.toString());
            case BigDecimal number when number.scale() > 0 -> number(text(BuiltinTypes.NUMERIC, number, types));
            case Double number when isNumeral(number) -> number(text(BuiltinTypes.FLOAT8, number, types));
            case Object other -> typed(other, types);
        };
    }

    /** Returns whether a number can stand without quotes: a zero with a sign and what is not finite cannot. */
    private static boolean isNumeral(Double number) {
        return Double.isFinite(number) && Double.doubleToRawLongBits(number) != Double.doubleToRawLongBits(-0.0);
    }

    private static String text(int oid, Object value, TypeRegistry types) {
        return types.codecs(oid).text(value);
    }

    private static LiteralText constant(String text) {
        return new LiteralText(text, Insertion.CONSTANT);
    }

    /** A sign could join an operator before it, and would be applied after a cast that follows. */
    private static LiteralText number(String digits) {
        return constant(digits.startsWith("-") ? "(" + digits + ")" : digits);
    }

    private static LiteralText typed(Object value, TypeRegistry types) {
        TypeCodecs codecs = types.codecsFor(value);
        if (codecs == null) {
            throw new ConversionException(
                    "there is no type to write " + value.getClass().getTypeName()
                            + " as; register a codec for it, or give it as a class that has a type",
                    Delivery.NOT_SENT,
                    null);
        }
        String quoted = quote(codecs.text(value));
        PgType type = codecs.type();
        if (type.oid() == BuiltinTypes.TEXT || type.oid() == BuiltinTypes.TEXT_ARRAY) {
            // Without a cast the server takes it as what the place needs, as it does with a parameter.
            return constant(quoted);
        }
        return new LiteralText(quoted + "::" + name(codecs), Insertion.CAST);
    }

    private static String checked(TextForm form) {
        if (form.text().indexOf('\0') >= 0) {
            throw new ConversionException(
                    "the text contains the character U+0000, which PostgreSQL cannot store", Delivery.NOT_SENT, null);
        }
        return form.text();
    }

    /** Quotes text such that it is the same under both settings of standard_conforming_strings. */
    static String quote(String text) {
        String doubled = text.replace("'", "''");
        return text.indexOf('\\') < 0 ? "'" + doubled + "'" : "E'" + doubled.replace("\\", "\\\\") + "'";
    }

    private static String name(TypeCodecs codecs) {
        TypeCodecs element = codecs.element();
        PgType type = codecs.type();
        if (type.kind() == PgType.Kind.ARRAY && element != null) {
            return name(element) + "[]";
        }
        String schema = type.schema();
        if (BuiltinTypes.SCHEMA.equals(schema) && !QUOTED.contains(type.oid())) {
            return type.name();
        }
        return (schema == null ? Identifier.of(type.name()) : Identifier.of(schema, type.name())).quoted();
    }
}
