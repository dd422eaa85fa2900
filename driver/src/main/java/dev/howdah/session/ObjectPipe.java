package dev.howdah.session;

import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.PgException;
import dev.howdah.error.ProtocolException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.message.BackendMessage;
import dev.howdah.message.Bind;
import dev.howdah.message.BindComplete;
import dev.howdah.message.CloseComplete;
import dev.howdah.message.CommandComplete;
import dev.howdah.message.DataRowView;
import dev.howdah.message.Execute;
import dev.howdah.message.IntList;
import dev.howdah.message.ParameterDescription;
import dev.howdah.message.Parse;
import dev.howdah.message.ParseComplete;
import dev.howdah.message.ReadyForQuery;
import dev.howdah.message.RowDescription;
import dev.howdah.message.Sync;
import dev.howdah.wire.WireWriter;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a session asks for its open large objects goes through this, in order, without waiting for one answer before the
 * next request: what is read ahead arrives, and what is written behind is taken, while the callers do something else.
 *
 * <p>Anything else that the session runs first waits for that, see {@link #before}: what was written before it has been
 * taken by the server or has failed the transaction, so a COMMIT cannot make half of it last. Used by who has the turn, but
 * for {@link #before}.
 */
public final class ObjectPipe {

    private static final IntList BINARY = IntList.of(1);
    /** What a request takes besides its bytes, about. */
    private static final int OVERHEAD = 160;

    private final Session session;
    private final StatementCache statements;
    private final Map<Integer, ObjectDescriptor> open = new HashMap<>();
    private final ArrayDeque<ObjectStep> steps = new ArrayDeque<>();
    private final ArrayDeque<WireWriter> pieces = new ArrayDeque<>();
    private final LentWriters writers = new LentWriters();
    private final Map<ObjectFunction, Prepare> preparing = new EnumMap<>(ObjectFunction.class);
    private final DataRowView view = new DataRowView();
    /** The transaction in which something was opened last. */
    private volatile @Nullable TransactionFate transaction;

    private @Nullable ObjectFlight flight;
    /** What the nameless statement of the server calls, as long as nothing else can have taken its place. */
    private @Nullable ObjectFunction unnamed;

    private @Nullable ObjectWork work;
    private boolean givenUp;
    private boolean unsynced;
    private boolean rowSeen;
    private boolean refused;

    /** Makes one that nothing goes through. */
    public ObjectPipe(Session session, StatementCache statements) {
        this.session = session;
        this.statements = statements;
    }

    Session session() {
        return session;
    }

    StatementCache statements() {
        return statements;
    }

    /**
     * Returns what stands for a large object that the server has just opened in this transaction.
     *
     * @param fd the number of the descriptor; whoever had it before has lost it to a rollback
     * @param readsAhead whether what is read cannot change meanwhile
     */
    public ObjectDescriptor opened(int fd, boolean readsAhead) {
        TransactionFate now = session.transaction();
        if (now != transaction) {
            open.clear();
            writers.clear();
            transaction = now;
        }
        ObjectDescriptor made = new ObjectDescriptor(this, fd, readsAhead);
        ObjectDescriptor before = open.put(fd, made);
        if (before != null) {
            before.lost();
        }
        return made;
    }

    /** Forgets one that has been closed. */
    void closed(ObjectDescriptor descriptor) {
        open.remove(descriptor.fd(), descriptor);
        if (open.isEmpty()) {
            writers.clear();
        }
    }

    // Conversations

    /** Returns the conversation with what has to be done before it: that nothing of a large object is under way. For any thread. */
    public <R> Conversation<R> before(Conversation<R> conversation) {
        boolean own = conversation instanceof ObjectTrip;
        return own || !isActive() ? conversation : new BehindObjects<>(this, conversation);
    }

    /** Returns whether a large object has been opened in the transaction that is open. For any thread. */
    public boolean isActive() {
        TransactionFate of = transaction;
        return of != null && of.end() == null;
    }

    /** Returns the conversation that ends when all that was asked for has been answered. */
    Conversation<Boolean> trip(ObjectWork wanted) {
        return new ObjectTrip(this, wanted);
    }

    /** Begins to wait for something, or for nothing. */
    void pursue(@Nullable ObjectWork wanted) {
        work = wanted;
        givenUp = false;
    }

    /** Returns what to run until the goal is reached: what is under way, or something new. */
    Exchange<?> flight() {
        sync();
        ObjectFlight known = flight;
        if (known == null || known.isDone()) {
            known = new ObjectFlight(this);
            flight = known;
        }
        known.more();
        return known;
    }

    /** Ends a group of requests, and has them sent. */
    void sync() {
        if (unsynced) {
            unsynced = false;
            WireWriter last = pieces.peekLast();
            if (last == null) {
                last = new WireWriter(8);
                pieces.add(last);
            }
            Sync.INSTANCE.write(last);
            steps.add(ObjectStep.SYNC);
        }
        if (flight != null && !flight.isDone()) {
            flight.more();
        }
    }

    /** Encodes what has been written and kept back. */
    void flush() {
        for (ObjectDescriptor descriptor : open.values()) {
            descriptor.flush();
        }
    }

    /** Returns whether nothing is under way, nor kept back. */
    boolean isSettled() {
        if (!isQuiet()) {
            return false;
        }
        for (ObjectDescriptor descriptor : open.values()) {
            if (descriptor.keepsBack()) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether the server owes no answer, and will owe none for what has been encoded. */
    boolean isQuiet() {
        return steps.isEmpty();
    }

    /** Returns whether something has been encoded and not been handed on. */
    boolean hasPieces() {
        return !pieces.isEmpty();
    }

    /** Returns whether the call that waits has more to send, and room for it. */
    boolean isHungry() {
        ObjectWork now = work;
        return now != null && !givenUp && pieces.isEmpty() && now.isHungry();
    }

    /** Returns whether the call that waits has what it wants, or none waits. */
    boolean isReached() {
        ObjectWork now = work;
        return now == null || pieces.isEmpty() && now.isReached();
    }

    /** Notes that the call that waits is being cancelled: it sends nothing more. */
    void giveUp() {
        givenUp = true;
    }

    /** Returns whether the call was given up before it had what it wanted. */
    boolean isUnfinished() {
        return givenUp && !isReached();
    }

    // Requests

    /** Encodes the call of a function with numbers. */
    void call(ObjectFunction function, ObjectDescriptor owner, int size, int epoch, long... arguments) {
        WireWriter out = begin(function, OVERHEAD);
        for (int i = 0; i < arguments.length; i++) {
            int mark = out.beginValue();
            if (function.types().get(i) == ObjectFunction.INT8) {
                out.int64(arguments[i]);
            } else {
                out.int32((int) arguments[i]);
            }
            out.endValue(mark);
        }
        end(out, new ObjectStep.Call(function, owner, size, epoch));
    }

    /**
     * Encodes the call that writes.
     *
     * @param first what comes first, from the beginning
     * @param then what comes behind that; taken from it
     * @param count how many bytes of it
     */
    void write(ObjectDescriptor owner, byte[] first, int length, ByteBuffer then, int count) {
        WireWriter out = begin(ObjectFunction.WRITE, OVERHEAD + length + count);
        int mark = out.beginValue();
        out.int32(owner.fd());
        out.endValue(mark);
        mark = out.beginValue();
        out.bytes(first, 0, length);
        if (then.hasArray()) {
            out.bytes(then.array(), then.arrayOffset() + then.position(), count);
            then.position(then.position() + count);
        } else {
            byte[] copy = new byte[count];
            then.get(copy);
            out.bytes(copy);
        }
        out.endValue(mark);
        end(out, new ObjectStep.Call(ObjectFunction.WRITE, owner, length + count, 0));
    }

    private WireWriter begin(ObjectFunction function, int capacity) {
        WireWriter out = writers.take(capacity);
        String name = statement(function, out);
        Bind.begin(out, "", name, BINARY, function.types().size());
        return out;
    }

    private void end(WireWriter out, ObjectStep.Call call) {
        Bind.end(out, BINARY);
        Execute.write(out, "", 0);
        pieces.add(out);
        steps.add(call);
        unsynced = true;
    }

    /** Returns the name of the statement that calls a function; what the server does not have is prepared in its place. */
    private String statement(ObjectFunction function, WireWriter out) {
        if (isQuiet()) {
            unnamed = null;
        }
        ServerStatement known = statements.get(function.sql());
        if (known != null && known.isNamed()) {
            return known.name();
        }
        Prepare prepared = preparing.get(function);
        if (known == null && prepared == null) {
            prepared = statements.prepare(function.sql(), function.types());
            prepared.write(out);
            preparing.put(function, prepared);
            steps.add(new ObjectStep.Preparing(function, prepared));
            unnamed = prepared.name().isEmpty() ? function : unnamed;
            return prepared.name();
        }
        if (prepared != null && !prepared.name().isEmpty()) {
            return prepared.name();
        }
        if (unnamed != function) {
            unnamed = function;
            Parse.write(out, "", function.sql(), function.types());
        }
        return "";
    }

    // What the session asks for and gives

    /** Hands on what has been encoded, a piece at a time; returns whether that was all. */
    boolean transmit(Outbox out) {
        WireWriter piece = pieces.poll();
        if (piece != null) {
            writers.send(piece, out);
        }
        return pieces.isEmpty();
    }

    /** Returns the statement that is being answered, or null. */
    @Nullable
    String sql() {
        return switch (steps.peek()) {
            case ObjectStep.Preparing(ObjectFunction function, Prepare preparation) -> function.sql();
            case ObjectStep.Call call -> call.function().sql();
            case ObjectStep.Sync sync -> null;
            case null -> null;
        };
    }

    /** Takes a message; returns false if it must not come now. */
    boolean receive(BackendMessage message) {
        ObjectStep head = steps.peek();
        switch (message) {
            case ReadyForQuery ready -> {
                return synced();
            }
            case CommandComplete complete -> {
                steps.poll();
                return head instanceof ObjectStep.Call && takeRowSeen();
            }
            case BindComplete bound -> {
                return head instanceof ObjectStep.Call;
            }
            case ParseComplete parsed -> {
                return head instanceof ObjectStep.Preparing || head instanceof ObjectStep.Call;
            }
            case CloseComplete closed -> {
                return head instanceof ObjectStep.Preparing;
            }
            case ParameterDescription description -> {
                return head instanceof ObjectStep.Preparing preparing
                        && preparing.preparation().describes(message);
            }
            case RowDescription description -> {
                return head instanceof ObjectStep.Preparing step && prepared(step, description);
            }
            default -> {
                return false;
            }
        }
    }

    private boolean prepared(ObjectStep.Preparing step, RowDescription description) {
        step.preparation().describes(description);
        statements.put(step.preparation().value());
        preparing.remove(step.function());
        steps.poll();
        return true;
    }

    private boolean takeRowSeen() {
        boolean seen = rowSeen;
        rowSeen = false;
        return seen;
    }

    /** Takes what a function returned. */
    void row(byte[] bytes, int offset, int length) {
        view.over(bytes, offset, length);
        if (!(steps.peek() instanceof ObjectStep.Call call) || rowSeen || view.columnCount() != 1 || view.isNull(0)) {
            throw new ProtocolException("the server sent a row that no function for large objects returns");
        }
        rowSeen = true;
        call.owner().answered(call, view.array(), view.offset(0), view.length(0));
    }

    /** Takes an error: it is that of what is being answered, and what stands behind it up to the Sync is not done. */
    void refused(ServerException error) {
        refused = true;
        rowSeen = false;
        if (steps.peek() instanceof ObjectStep.Call || steps.peek() instanceof ObjectStep.Preparing) {
            ObjectDescriptor owner = owner();
            if (owner != null) {
                owner.failed(error);
            }
        }
    }

    /** Returns whose call is answered next, or null. */
    private @Nullable ObjectDescriptor owner() {
        for (ObjectStep step : steps) {
            if (step instanceof ObjectStep.Call call) {
                return call.owner();
            }
        }
        return null;
    }

    private boolean synced() {
        ObjectStep step = steps.poll();
        if (!refused) {
            return step instanceof ObjectStep.Sync;
        }
        refused = false;
        unnamed = null;
        while (step != null && !(step instanceof ObjectStep.Sync)) {
            undone(step, null);
            step = steps.poll();
        }
        return step != null;
    }

    private void undone(ObjectStep step, @Nullable PgException cause) {
        switch (step) {
            case ObjectStep.Call call -> {
                call.owner().undone(call);
                if (!call.owner().hasFailed()) {
                    call.owner().failed(cause == null ? aborted() : cause);
                }
            }
            case ObjectStep.Preparing preparation -> preparing.remove(preparation.function());
            case ObjectStep.Sync sync -> {}
        }
    }

    private static ServerException aborted() {
        return ServerException.inPlace(
                SqlState.IN_FAILED_SQL_TRANSACTION,
                "not done, because a request for another large object before it failed",
                Delivery.REFUSED);
    }

    /** Notes that the session has ended. Each object has an exception of its own, for each may be thrown. */
    void abandoned(PgException cause) {
        PgException next = cause;
        for (ObjectStep step = steps.poll(); step != null; step = steps.poll()) {
            boolean failed =
                    step instanceof ObjectStep.Call call && call.owner().hasFailed();
            undone(step, next);
            if (step instanceof ObjectStep.Call && !failed) {
                next = new ConnectionLostException("The connection has ended", null, cause.delivery(), cause);
            }
        }
        pieces.clear();
        preparing.clear();
        unsynced = false;
    }
}
