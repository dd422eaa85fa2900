package dev.howdah.replication;

import dev.howdah.error.ConversionException;
import dev.howdah.session.RowShape;
import dev.howdah.type.Decoder;
import dev.howdah.type.RecordMapping;
import dev.howdah.type.TypeCodecs;
import java.lang.reflect.Type;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The columns of a relation as what records are made of; each value comes in either form. */
record ChangedRowMapping(Relation relation, RowShape text, RowShape binary)
        implements RecordMapping.Source<ChangedRow> {

    /** Returns how rows of a relation become records of a class; made once for both. */
    @SuppressWarnings("unchecked") // each is kept under its own class
    static <T> RecordMapping<ChangedRow, T> of(Relation relation, Class<T> type) {
        RowShape text = relation.shape(false);
        if (text.plan(type) instanceof RecordMapping<?, ?> mapping) {
            return (RecordMapping<ChangedRow, T>) mapping;
        }
        try {
            RecordMapping<ChangedRow, T> mapping =
                    RecordMapping.of(type, new ChangedRowMapping(relation, text, relation.shape(true)));
            text.plan(type, mapping);
            return mapping;
        } catch (ConversionException e) {
            throw ConversionException.row(type.getTypeName(), String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public List<String> names() {
        return relation.columns().stream().map(Relation.Column::name).toList();
    }

    @Override
    public String noun() {
        return "column";
    }

    @Override
    public TypeCodecs type(int index) {
        return text.types().codecs(text.field(index).typeOid());
    }

    @Override
    public boolean converts(Class<?> target) {
        return text.types().hasConverter(target);
    }

    @Override
    public boolean isNull(ChangedRow from, int index) {
        return from.isNull(index);
    }

    @Override
    public Function<ChangedRow, @Nullable Object> getter(int index, Type target) {
        int oid = text.field(index).typeOid();
        Decoder<?> ofText = text.types().decoder(oid, false, target);
        Decoder<?> ofBinary = binary.types().decoder(oid, true, target);
        return row -> row.value(index, ofText, ofBinary);
    }
}
