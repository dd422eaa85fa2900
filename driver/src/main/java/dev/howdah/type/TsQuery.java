package dev.howdah.type;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A value of PostgreSQL's {@code tsquery}: lexemes to look for, joined by operators. Immutable. Two are equal if they are
 * built alike.
 *
 * <p>PostgreSQL's text does not tell {@code a & (b & c)} from {@code (a & b) & c}, nor does it for {@code |}: read from the
 * text form it is always the latter. The binary form tells them apart.
 *
 * <p>A query is kept as the list of its {@link #items()}, operands before their operator, so that queries of any depth are
 * handled without recursion.
 *
 * @see <a href="https://www.postgresql.org/docs/current/datatype-textsearch.html#DATATYPE-TSQUERY">tsquery</a>
 */
public final class TsQuery {

    /** A query without lexemes, which finds nothing. */
    public static final TsQuery EMPTY = new TsQuery(List.of());

    private final List<Item> items;

    private TsQuery(List<Item> items) {
        this.items = items;
    }

    /** A part of a query. */
    public sealed interface Item permits Lexeme, Operator {}

    /**
     * A lexeme to look for.
     *
     * @param text the word in its normal form
     * @param weights only places of these weights count; empty for all
     * @param prefix whether words that only begin so are found too
     */
    public record Lexeme(String text, Set<TsVector.Weight> weights, boolean prefix) implements Item {

        /** Copies the weights. */
        public Lexeme {
            Objects.requireNonNull(text, "text");
            weights = Set.copyOf(weights);
        }
    }

    /** What joins queries. */
    public sealed interface Operator extends Item permits Not, And, Or, FollowedBy {

        /** {@return what binds more tightly is greater} */
        private int priority() {
            return switch (this) {
                case Or or -> 1;
                case And and -> 2;
                case FollowedBy followedBy -> 3;
                case Not not -> 4;
            };
        }

        private String text() {
            return switch (this) {
                case Or or -> " | ";
                case And and -> " & ";
                case FollowedBy next -> next.distance == 1 ? " <-> " : " <" + next.distance + "> ";
                case Not not -> "!";
            };
        }
    }

    /** Finds what the query before it does not. */
    public record Not() implements Operator {}

    /** Finds what both queries before it find. */
    public record And() implements Operator {}

    /** Finds what one of the two queries before it finds. */
    public record Or() implements Operator {}

    /**
     * Finds what the first of the two queries before it finds, with the second at a distance behind it.
     *
     * @param distance in lexemes, from 0 to 16384; 1 for the next one
     */
    public record FollowedBy(int distance) implements Operator {

        private static final int MAX = 16384;

        /**
         * Checks the distance.
         *
         * @throws IllegalArgumentException if it is not within 0 to 16384
         */
        public FollowedBy {
            if (distance < 0 || distance > MAX) {
                throw new IllegalArgumentException("a distance is within 0 to " + MAX);
            }
        }
    }

    /**
     * Makes a query of its parts, operands before their operator.
     *
     * @param items the parts; none for {@link #EMPTY}; copied
     * @return never null
     * @throws IllegalArgumentException if operators and operands do not come out even
     */
    public static TsQuery of(List<? extends Item> items) {
        int operands = 0;
        for (Item item : items) {
            int taken = item instanceof Lexeme ? 0 : item instanceof Not ? 1 : 2;
            if (operands < taken) {
                throw new IllegalArgumentException("an operator lacks an operand");
            }
            operands += 1 - taken;
        }
        if (operands > 1) {
            throw new IllegalArgumentException("the operands are not joined");
        }
        return new TsQuery(List.copyOf(items));
    }

    /**
     * Makes a query for one lexeme.
     *
     * @param text the word in its normal form
     * @return never null
     */
    public static TsQuery lexeme(String text) {
        return lexeme(text, Set.of(), false);
    }

    /**
     * Makes a query for one lexeme.
     *
     * @param text the word in its normal form
     * @param weights only places of these weights count; empty for all
     * @param prefix whether words that only begin so are found too
     * @return never null
     */
    public static TsQuery lexeme(String text, Set<TsVector.Weight> weights, boolean prefix) {
        return new TsQuery(List.of(new Lexeme(text, weights, prefix)));
    }

    /**
     * {@return the query for what this one does not find; {@link #EMPTY} stays empty}
     */
    public TsQuery not() {
        return isEmpty() ? this : joined(this, EMPTY, new Not());
    }

    /**
     * {@return the query for what this one and another one find; an empty one counts for nothing}
     *
     * @param other the other query
     */
    public TsQuery and(TsQuery other) {
        return join(other, new And());
    }

    /**
     * {@return the query for what this one or another one finds; an empty one counts for nothing}
     *
     * @param other the other query
     */
    public TsQuery or(TsQuery other) {
        return join(other, new Or());
    }

    /**
     * {@return the query for what this one finds with what another one finds behind it; an empty one counts for nothing}
     *
     * @param other the other query
     * @param distance in lexemes, from 0 to 16384; 1 for the next one
     * @throws IllegalArgumentException if the distance is another
     */
    public TsQuery followedBy(TsQuery other, int distance) {
        return join(other, new FollowedBy(distance));
    }

    private TsQuery join(TsQuery other, Operator operator) {
        if (isEmpty()) {
            return other;
        }
        return other.isEmpty() ? this : joined(this, other, operator);
    }

    private static TsQuery joined(TsQuery left, TsQuery right, Operator operator) {
        List<Item> items = new ArrayList<>(left.items.size() + right.items.size() + 1);
        items.addAll(left.items);
        items.addAll(right.items);
        items.add(operator);
        return new TsQuery(List.copyOf(items));
    }

    /** {@return whether there is no lexeme in it} */
    public boolean isEmpty() {
        return items.isEmpty();
    }

    /** {@return all parts, the operands of an operator right before it, the left one first} */
    public List<Item> items() {
        return items;
    }

    /**
     * Reads the text that PostgreSQL prints: {@code 'fat' & ( 'rat':*AB | !'cat' ) & 'a' <2> 'b'}.
     *
     * @param text the text
     * @return never null
     * @throws IllegalArgumentException if it is no such text
     */
    public static TsQuery parse(String text) {
        TsText in = new TsText(text);
        if (in.peek() == 0) {
            in.end();
            return EMPTY;
        }
        return new Parser(in).parse();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TsQuery query && query.items.equals(items);
    }

    @Override
    public int hashCode() {
        return items.hashCode();
    }

    /** Where a part stands in the tree: within an operator of a priority, or right of a distance. */
    private record Printing(int index, int outer, boolean rightOfDistance) {}

    /** Returns the text as PostgreSQL prints it. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        int[] starts = starts();
        Deque<Object> rest = new ArrayDeque<>();
        if (!isEmpty()) {
            rest.push(new Printing(items.size() - 1, 0, false));
        }
        while (!rest.isEmpty()) {
            Object next = rest.pop();
            if (!(next instanceof Printing at)) {
                out.append(next);
                continue;
            }
            Item item = items.get(at.index);
            switch (item) {
                case Lexeme lexeme -> print(lexeme, out);
                case Operator operator -> print(operator, at, starts, rest);
            }
        }
        return out.toString();
    }

    /** Returns for each part where the query that it ends begins. */
    private int[] starts() {
        int[] starts = new int[items.size()];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = switch (items.get(i)) {
                case Lexeme lexeme -> i;
                case Not not -> starts[i - 1];
                case Operator operator -> starts[starts[i - 1] - 1];
            };
        }
        return starts;
    }

    private static void print(Operator operator, Printing at, int[] starts, Deque<Object> rest) {
        int priority = operator.priority();
        boolean distance = operator instanceof FollowedBy;
        boolean parentheses = priority < at.outer || distance && at.rightOfDistance;
        if (parentheses) {
            rest.push(" )");
        }
        int right = at.index - 1;
        rest.push(new Printing(right, priority, distance));
        rest.push(operator.text());
        if (!(operator instanceof Not)) {
            rest.push(new Printing(starts[right] - 1, priority, false));
        }
        if (parentheses) {
            rest.push("( ");
        }
    }

    private static void print(Lexeme lexeme, StringBuilder out) {
        TsText.quote(lexeme.text, out);
        if (lexeme.prefix || !lexeme.weights.isEmpty()) {
            out.append(lexeme.prefix ? ":*" : ":");
            for (TsVector.Weight weight : descending(lexeme.weights)) {
                out.append(weight.name());
            }
        }
    }

    private static List<TsVector.Weight> descending(Collection<TsVector.Weight> weights) {
        return weights.stream().sorted((a, b) -> b.compareTo(a)).toList();
    }

    /** Brings operators behind their operands; a parenthesis is null on the stack. */
    private static final class Parser {

        private final TsText in;
        private final List<Item> items = new ArrayList<>();
        private final List<@Nullable Operator> open = new ArrayList<>();

        Parser(TsText in) {
            this.in = in;
        }

        TsQuery parse() {
            boolean more = true;
            while (more) {
                readOperand();
                while (in.peek() == ')') {
                    in.expect(')');
                    closeParenthesis();
                }
                more = in.peek() != 0;
                if (more) {
                    Operator operator = readOperator();
                    close(operator.priority());
                    open.add(operator);
                }
            }
            in.end();
            close(0);
            if (!open.isEmpty()) {
                throw TsText.wrong();
            }
            return of(items);
        }

        private void readOperand() {
            while (true) {
                char c = in.peek();
                if (c == '!') {
                    in.expect('!');
                    open.add(new Not());
                } else if (c == '(') {
                    in.expect('(');
                    open.add(null);
                } else {
                    break;
                }
            }
            String word = in.word();
            if (word.isEmpty()) {
                throw TsText.wrong();
            }
            Set<TsVector.Weight> weights = EnumSet.noneOf(TsVector.Weight.class);
            boolean prefix = in.take(':') && readFlags(weights);
            items.add(new Lexeme(word, weights, prefix));
        }

        private boolean readFlags(Set<TsVector.Weight> weights) {
            boolean prefix = false;
            while (true) {
                if (in.take('*')) {
                    prefix = true;
                } else if (in.take('D')) {
                    weights.add(TsVector.Weight.D);
                } else {
                    TsVector.Weight weight = in.weight();
                    if (weight == TsVector.Weight.D) {
                        return prefix;
                    }
                    weights.add(weight);
                }
            }
        }

        private Operator readOperator() {
            if (in.take('&')) {
                return new And();
            } else if (in.take('|')) {
                return new Or();
            }
            in.expect('<');
            int distance = in.take('-') ? 1 : in.number();
            in.expect('>');
            return new FollowedBy(distance);
        }

        /** Takes the operators that bind at least as tightly off the stack, up to a parenthesis. */
        private void close(int priority) {
            while (!open.isEmpty()) {
                @Nullable Operator last = open.getLast();
                if (last == null || last.priority() < priority) {
                    return;
                }
                items.add(last);
                open.removeLast();
            }
        }

        private void closeParenthesis() {
            close(0);
            if (open.isEmpty()) {
                throw TsText.wrong();
            }
            open.removeLast();
        }
    }
}
