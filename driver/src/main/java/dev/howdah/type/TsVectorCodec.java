package dev.howdah.type;

import dev.howdah.wire.WireReader;
import java.util.ArrayList;
import java.util.List;

/** {@code tsvector}: how many lexemes; each with a zero byte behind it, how many positions, and those with their weights. */
final class TsVectorCodec extends ParsedCodec<TsVector> {

    /** A word of one byte, its zero, the count of positions. */
    private static final int LEAST_LEXEME = 4;

    private static final int WEIGHT_SHIFT = 14;
    private static final int POSITION_MASK = 0x3fff;

    TsVectorCodec() {
        super(TsVector.class, TsVector::parse);
    }

    @Override
    TsVector read(WireReader in) {
        int count = count(in, LEAST_LEXEME);
        List<TsVector.Lexeme> lexemes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String text = cstring(in);
            int places = in.uint16();
            require(places <= in.remaining() / Short.BYTES);
            List<TsVector.Position> positions = new ArrayList<>(places);
            for (int j = 0; j < places; j++) {
                int place = in.uint16();
                TsVector.Weight weight = TsVector.Weight.of(place >> WEIGHT_SHIFT);
                positions.add(new TsVector.Position(place & POSITION_MASK, weight));
            }
            lexemes.add(new TsVector.Lexeme(text, positions));
        }
        return new TsVector(lexemes);
    }

    @Override
    public void encodeBinary(TsVector value, ValueWriter out) {
        out.int32(value.lexemes().size());
        for (TsVector.Lexeme lexeme : value.lexemes()) {
            out.utf8(Utf8.checked(lexeme.text()))
                    .int8(0)
                    .int16(lexeme.positions().size());
            for (TsVector.Position position : lexeme.positions()) {
                out.int16(position.weight().code() << WEIGHT_SHIFT | position.position());
            }
        }
    }

    @Override
    public String encodeText(TsVector value) {
        return Utf8.checked(value.toString());
    }
}
