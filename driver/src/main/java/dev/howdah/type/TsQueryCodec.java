package dev.howdah.type;

import dev.howdah.wire.WireReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * {@code tsquery}: how many parts, and those, each operator before its operands and the right operand before the left: just
 * the other way round than {@link TsQuery#items()}.
 */
final class TsQueryCodec extends ParsedCodec<TsQuery> {

    private static final int LEXEME = 1;
    private static final int OPERATOR = 2;
    private static final int NOT = 1;
    private static final int AND = 2;
    private static final int OR = 3;
    private static final int FOLLOWED_BY = 4;

    TsQueryCodec() {
        super(TsQuery.class, TsQuery::parse);
    }

    @Override
    TsQuery read(WireReader in) {
        int count = count(in, 2);
        List<TsQuery.Item> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(
                    switch (in.uint8()) {
                        case LEXEME -> lexeme(in);
                        case OPERATOR -> operator(in);
                        default -> throw Refusal.reading(Refusal.MALFORMED);
                    });
        }
        Collections.reverse(items);
        return TsQuery.of(items);
    }

    private static TsQuery.Lexeme lexeme(WireReader in) {
        int mask = in.uint8();
        boolean prefix = in.uint8() != 0;
        Set<TsVector.Weight> weights = EnumSet.noneOf(TsVector.Weight.class);
        for (TsVector.Weight weight : TsVector.Weight.values()) {
            if ((mask & 1 << weight.code()) != 0) {
                weights.add(weight);
            }
        }
        return new TsQuery.Lexeme(cstring(in), weights, prefix);
    }

    private static TsQuery.Operator operator(WireReader in) {
        return switch (in.uint8()) {
            case NOT -> new TsQuery.Not();
            case AND -> new TsQuery.And();
            case OR -> new TsQuery.Or();
            case FOLLOWED_BY -> new TsQuery.FollowedBy(in.uint16());
            default -> throw Refusal.reading(Refusal.MALFORMED);
        };
    }

    @Override
    public void encodeBinary(TsQuery value, ValueWriter out) {
        List<TsQuery.Item> items = value.items();
        out.int32(items.size());
        for (int i = items.size() - 1; i >= 0; i--) {
            switch (items.get(i)) {
                case TsQuery.Lexeme lexeme -> {
                    int mask = 0;
                    for (TsVector.Weight weight : lexeme.weights()) {
                        mask |= 1 << weight.code();
                    }
                    out.int8(LEXEME).int8(mask).int8(lexeme.prefix() ? 1 : 0);
                    out.utf8(Utf8.checked(lexeme.text())).int8(0);
                }
                case TsQuery.Not not -> out.int8(OPERATOR).int8(NOT);
                case TsQuery.And and -> out.int8(OPERATOR).int8(AND);
                case TsQuery.Or or -> out.int8(OPERATOR).int8(OR);
                case TsQuery.FollowedBy next ->
                    out.int8(OPERATOR).int8(FOLLOWED_BY).int16(next.distance());
            }
        }
    }

    @Override
    public String encodeText(TsQuery value) {
        return Utf8.checked(value.toString());
    }
}
