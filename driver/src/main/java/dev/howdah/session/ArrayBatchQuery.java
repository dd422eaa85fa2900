package dev.howdah.session;

import dev.howdah.error.PgException;
import dev.howdah.message.IntList;
import dev.howdah.type.PgType;
import dev.howdah.type.TypeRegistry;
import java.util.Iterator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A batch whose sets are bound as arrays, one array for each parameter and page. The statement is described as the user
 * wrote it, so that every value is encoded as it would be for that; then a form of it that takes arrays is prepared, the
 * types of which are given by their OIDs, and run.
 */
public final class ArrayBatchQuery implements ManySets {

    /** How many sets one array holds at most. */
    private static final int MAX_SETS = 4_000;
    /** After how many bytes of values the arrays are sent. */
    private static final int MAX_BYTES = 256 * 1024;

    private final Session session;
    private final StatementCache statements;
    private final String sql;
    private final @Nullable String rewritten;
    private final Iterator<?> sets;
    private final Function<Object, @Nullable Object[]> toParameters;
    private final TypeRegistry types;
    private final BatchQuery.@Nullable Pages pages;
    private final Description description;
    private @Nullable Run run;

    /**
     * Makes the conversation.
     *
     * @param sql the statement as the user wrote it
     * @param rewritten the same with arrays for parameters, one row made of each element; null if the user's own takes
     *     arrays
     * @param toParameters turns what the iterator gives into parameters
     * @param types the scope that encodes and decodes: that of the cache or one within it
     * @param pages takes what the batch yields; if null it is kept until the end
     */
    public ArrayBatchQuery(
            Session session,
            StatementCache statements,
            String sql,
            @Nullable String rewritten,
            Iterator<?> sets,
            Function<Object, @Nullable Object[]> toParameters,
            TypeRegistry types,
            BatchQuery.@Nullable Pages pages) {
        this.session = session;
        this.statements = statements;
        this.sql = sql;
        this.rewritten = rewritten;
        this.sets = sets;
        this.toParameters = toParameters;
        this.types = types;
        this.pages = pages;
        this.description = new Description(session, statements, sql);
    }

    @Override
    public @Nullable Exchange<?> next() {
        Run running = run;
        if (running == null) {
            Exchange<?> question = description.next();
            if (question != null) {
                return question;
            }
            running = plan(description.result());
            run = running;
        }
        return running.next();
    }

    /** Works out the types of the arrays; refuses what cannot be bound so. */
    private Run plan(ServerStatement described) {
        int count = described.parameterCount();
        if (count == 0) {
            throw refused("it has no parameters");
        }
        int[] elements = new int[count];
        int[] arrays = new int[count];
        for (int i = 0; i < count; i++) {
            int oid = described.parameterType(i);
            if (rewritten == null) {
                arrays[i] = oid;
                elements[i] = elementOf(oid, i);
            } else {
                arrays[i] = arrayOf(oid, i);
                elements[i] = oid;
            }
        }
        return new Run(
                rewritten == null ? sql : rewritten, rewritten == null ? IntList.EMPTY : IntList.of(arrays), elements);
    }

    private int elementOf(int oid, int index) {
        PgType type = statements.types().type(oid);
        while (type != null && type.kind() == PgType.Kind.DOMAIN) {
            type = statements.types().type(type.baseOid());
        }
        if (type == null || type.kind() != PgType.Kind.ARRAY) {
            throw refused("it is no INSERT of one VALUES row, and its parameter $" + (index + 1) + " (" + name(oid)
                    + ") is no array");
        }
        return type.elementOid();
    }

    private int arrayOf(int oid, int index) {
        PgType type = statements.types().type(oid);
        if (type != null && type.kind() == PgType.Kind.ARRAY) {
            throw refused("its parameter $" + (index + 1) + " is an array itself (" + name(oid) + ")");
        } else if (type == null || type.arrayOid() == 0) {
            throw refused("there are no arrays of the type of its parameter $" + (index + 1) + " (" + name(oid) + ")");
        }
        return type.arrayOid();
    }

    private String name(int oid) {
        PgType type = statements.types().type(oid);
        return type == null ? "the type with OID " + Integer.toUnsignedString(oid) : type.displayName();
    }

    private static IllegalArgumentException refused(String why) {
        return new IllegalArgumentException(
                "the statement cannot be run with arrays: " + why + "; BatchMode.PIPELINED runs it");
    }

    @Override
    public void feed() {
        running().feed();
    }

    @Override
    public BatchOutcome result() {
        return running().result();
    }

    private Run running() {
        if (run == null) {
            throw new IllegalStateException("the batch has not begun");
        }
        return run;
    }

    @Override
    public void blame(PgException failure) {
        if (run != null) {
            run.blame(failure);
        }
    }

    @Override
    public int sets() {
        return run == null ? 0 : run.sets();
    }

    @Override
    public long total() {
        return running().total();
    }

    /** The batch itself. */
    private final class Run extends BatchQuery {
        private final IntList arrays;
        private final int[] elements;
        private @Nullable ColumnPage columns;

        Run(String text, IntList arrays, int[] elements) {
            super(session, statements, text, sets, toParameters, types, pages);
            this.arrays = arrays;
            this.elements = elements;
        }

        @Override
        IntList parameterTypes() {
            return arrays;
        }

        @Override
        Batch bind(ServerStatement statement) {
            columns = new ColumnPage(elements, types, MAX_SETS, MAX_BYTES);
            Batch batch = super.bind(statement);
            if (rewritten != null) {
                batch.rowEach();
            }
            return batch;
        }

        private ColumnPage columns() {
            if (columns == null) {
                throw new IllegalStateException("the batch has not begun");
            }
            return columns;
        }

        @Override
        void add(Batch batch, Object set) {
            @Nullable Object[] values = parameters(set);
            if (!columns().add(values)) {
                batch.add(columns());
                columns().add(values);
            }
            if (columns().isFull()) {
                batch.add(columns());
            }
        }

        @Override
        void addLast(Batch batch) {
            if (columns().sets() > 0) {
                batch.add(columns());
            }
        }
    }
}
