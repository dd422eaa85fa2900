package dev.howdah.session;

import dev.howdah.message.CommandComplete;
import dev.howdah.message.RowDescription;
import dev.howdah.type.TypeRegistry;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds a cursor that exists already, asks for its columns and, if it goes backwards, where it stands: nothing but a walk
 * to its start tells that. It is then brought back to where it stood. Of one that only goes forward nobody can tell;
 * where it stands counts as its start.
 */
final class CursorAttachment implements Conversation<SqlCursor> {

    private final Session session;
    private final StatementCache statements;
    private final String name;
    private final String quoted;
    private final TypeRegistry types;
    private final TypeLookup lookup;
    private @Nullable CursorLookup question;
    private @Nullable SqlCursor cursor;
    private @Nullable CursorTrip trip;
    private @Nullable CursorTrip back;

    CursorAttachment(Session session, StatementCache statements, String name, String quoted, TypeRegistry types) {
        this.session = session;
        this.statements = statements;
        this.name = name;
        this.quoted = quoted;
        this.types = types;
        this.lookup = TypeLookup.afterwards(statements);
    }

    /** Returns the types of columns that are not known. */
    static Set<Integer> unknown(List<RowDescription.Field> fields, StatementCache statements) {
        Set<Integer> oids = new HashSet<>();
        for (RowDescription.Field field : fields) {
            oids.add(field.typeOid());
        }
        return statements.types().missing(oids);
    }

    @Override
    public @Nullable Exchange<?> next() {
        CursorLookup asked = question;
        if (asked == null) {
            CursorLookup begun = new CursorLookup(name, statements);
            question = begun;
            return begun;
        }
        CursorTrip described = trip;
        if (described == null) {
            CursorTrip begun = describe(asked.result().orElse(null));
            trip = begun;
            return begun;
        }
        SqlCursor found = found();
        if (back == null && found.isScrollable()) {
            CursorTrip begun = comeBack(found, described.result().commands());
            back = begun;
            if (found.place() > 0) {
                return begun;
            }
        }
        if (back != null && back.isDone()) {
            back.result();
        }
        return lookup.next(unknown(fields(), statements));
    }

    private CursorTrip describe(CursorLookup.@Nullable Found found) {
        if (found == null) {
            throw new IllegalStateException(
                    "there is no cursor " + quoted + " to fetch from: execute(...) opens one, and"
                            + " one that SQL has opened is there until its transaction ends");
        }
        SqlCursor.Plan plan = new SqlCursor.Plan(name, quoted, found.scrollable(), found.holdable(), false);
        SqlCursor made = new SqlCursor(
                session, statements, types, plan, "FETCH FROM " + quoted, found.holdable() && found.ofEarlier());
        cursor = made;
        CursorTrip begun = new CursorTrip(made, made.text()).describeCursor();
        if (found.scrollable()) {
            begun.command("MOVE RELATIVE 0 FROM " + quoted).command("MOVE BACKWARD ALL FROM " + quoted);
        }
        return begun;
    }

    /** Whether it stood on a row and how many rows were before that say where it stood; behind the last row it is on none. */
    private CursorTrip comeBack(SqlCursor found, List<CommandComplete> moves) {
        long here = moves.getFirst().rowCount();
        long before = moves.getLast().rowCount();
        CursorTrip trip = new CursorTrip(found, found.text());
        if (here == 0 && before > 0) {
            found.endsAt(before);
            return trip.command("MOVE FORWARD ALL FROM " + quoted);
        }
        found.moves(here + before).forEach(trip::command);
        found.place(here + before);
        return trip;
    }

    private SqlCursor found() {
        SqlCursor made = cursor;
        if (made == null) {
            throw new IllegalStateException("the cursor has not been found");
        }
        return made;
    }

    private List<RowDescription.Field> fields() {
        CursorTrip described = trip;
        List<RowDescription.Field> fields =
                described == null ? null : described.result().fields();
        if (fields == null) {
            throw new IllegalStateException("the cursor " + quoted + " is of a statement that returns no rows");
        }
        return fields;
    }

    @Override
    public SqlCursor result() {
        SqlCursor attached = found();
        attached.shape(RowShape.ofStatement(fields(), types));
        return attached;
    }
}
