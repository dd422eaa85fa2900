package dev.howdah.sql;

import dev.howdah.sql.SqlStatement.Source;
import dev.howdah.sql.SqlWriter.Insertion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Writes the parts of a statement as text, once. */
final class SqlRenderer {

    private final SqlContext context;
    private final @Nullable Object @Nullable [] inline;
    private final SqlWriter out = new SqlWriter();
    private final List<Source> sources = new ArrayList<>();
    private final IdentityHashMap<SqlPart.Given, Integer> given = new IdentityHashMap<>();
    private final Map<String, Integer> named = new HashMap<>();
    private final Set<Integer> numbers = new TreeSet<>();
    private int positions;

    private SqlRenderer(SqlContext context, @Nullable Object @Nullable [] inline) {
        this.context = context;
        this.inline = inline;
    }

    /** Makes the text with parameters. */
    static SqlStatement statement(List<SqlPart> parts, SqlContext context) {
        return new SqlRenderer(context, null).write(parts);
    }

    /** Makes the text with the values in it. */
    static String inline(List<SqlPart> parts, SqlContext context, @Nullable Object... given) {
        SqlRenderer numbering = new SqlRenderer(context, null);
        @Nullable Object[] values = numbering.write(parts).complete(numbering.numbers, given);
        return new SqlRenderer(context, values).write(parts).text();
    }

    private SqlStatement write(List<SqlPart> parts) {
        for (SqlPart part : parts) {
            switch (part) {
                case SqlPart.Text text -> out.code(text.sql(), text.openComment());
                case SqlPart.Numbered numbered -> {
                    numbers.add(numbered.number());
                    parameter(numbered.number());
                }
                case SqlPart.Slot slot -> throw new IllegalArgumentException("the slot " + slot + " was not filled");
                case SqlPart.Given value ->
                    parameter(given.computeIfAbsent(value, v -> number(new Source.Value(v.value()))));
                case SqlPart.Piece piece -> piece(piece.piece());
            }
        }
        if (!numbers.isEmpty() && !sources.isEmpty()) {
            throw new IllegalArgumentException("the statement has $"
                    + numbers.iterator().next() + " and parameters without a number; use one kind");
        }
        String text = out.finish(context.standardConformingStrings());
        return new SqlStatement(text, numbers.isEmpty() ? sources : null);
    }

    private void piece(Composable piece) {
        switch (piece) {
            case Identifier identifier -> out.insert(Insertion.IDENTIFIER, identifier.quoted());
            case Literal literal -> literal(literal.value());
            case BoundValue bound -> parameter(number(new Source.Value(bound.value())));
            case Placeholder placeholder -> parameter(number(placeholder));
            case Sql sql -> throw new IllegalStateException("SQL within SQL is taken apart");
        }
    }

    private int number(Placeholder placeholder) {
        String name = placeholder.name();
        if (name == null) {
            return number(new Source.Position(positions++));
        }
        return named.computeIfAbsent(name, n -> number(new Source.Name(n)));
    }

    private int number(Source source) {
        if (sources.size() == SqlStatement.MAX_PARAMETERS) {
            throw new IllegalArgumentException(
                    "a statement has at most " + SqlStatement.MAX_PARAMETERS + " parameters");
        }
        sources.add(source);
        return sources.size();
    }

    private void parameter(int number) {
        if (inline == null) {
            out.insert(Insertion.PARAMETER, "$" + number);
        } else {
            literal(inline[number - 1]);
        }
    }

    private void literal(@Nullable Object value) {
        LiteralText text = LiteralText.of(value, context);
        out.insert(text.kind(), text.text());
    }
}
