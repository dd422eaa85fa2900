package dev.howdah.session;

import dev.howdah.type.TypeRegistry;
import org.jspecify.annotations.Nullable;

/** Asks the catalog, within a pipeline, about types that an answer shows to be known wrongly, before it is read. */
public final class PipelineTypes {

    private final RowTypes rows;
    private final TypeRegistry types;
    private final PipelineEntry answer;

    PipelineTypes(RowTypes rows, TypeRegistry types, PipelineEntry answer) {
        this.rows = rows;
        this.types = types;
        this.answer = answer;
    }

    /** Returns the next question, to be added to the queue and waited for, or null when the answer can be read. */
    public @Nullable PipelineEntry next() {
        Introspection question = rows.next(answer::outdated);
        return question == null ? null : PipelineEntry.bare(PipelineEntry.Kind.LOOKUP, types, question, null);
    }
}
