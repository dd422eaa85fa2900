package dev.howdah.session;

import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.Diagnostics;
import dev.howdah.error.PgException;
import dev.howdah.error.ProtocolException;
import dev.howdah.message.BackendKeyData;
import dev.howdah.message.BackendMessage;
import dev.howdah.message.CommandComplete;
import dev.howdah.message.ErrorResponse;
import dev.howdah.message.NoticeResponse;
import dev.howdah.message.ParameterStatus;
import dev.howdah.message.ReadyForQuery;
import dev.howdah.message.Terminate;
import dev.howdah.message.TransactionStatus;
import dev.howdah.wire.Framer;
import dev.howdah.wire.RepeatedText;
import dev.howdah.wire.WireReader;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One conversation with one server: bytes in, bytes out, and a queue of exchanges between them.
 *
 * <p>The owner submits an exchange, sends what {@link #outbound()} gives, puts what arrives into {@link #inbound()} and
 * reports it with {@link #received(int)}, until the exchange is done. Several exchanges may be under way; they are
 * answered in order. Not safe for several threads.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html">Message flow</a>
 */
public final class Session {

    /** The longest message accepted before the server has accepted us, in bytes. */
    private static final int LIMIT_WHILE_STARTING = 64 * 1024;
    /** The longest message accepted afterwards: no PostgreSQL server can make a longer one. */
    private static final int LIMIT = 0x4000_0000;
    /** How much a server may say in all before it is ready, in bytes; PostgreSQL's own says less than one kilobyte. */
    private static final int TOTAL_WHILE_STARTING = 1024 * 1024;
    /** How many notices a server may send before it has accepted us. */
    private static final int NOTICES_WHILE_STARTING = 100;
    /** How many parameters a server may report; PostgreSQL itself reports about 15. */
    private static final int MAX_PARAMETERS = 1_000;
    /** Exchanges are not asked for more while so many bytes wait to be sent. */
    private static final int HIGH_WATER = 128 * 1024;

    private final Framer framer = new Framer(LIMIT_WHILE_STARTING);
    private final WireReader reader = new WireReader();
    private final Outbox outbox = new Outbox();
    private final ArrayDeque<Exchange<?>> queue = new ArrayDeque<>();
    private final Map<String, String> parameters = new ConcurrentSkipListMap<>();
    private volatile boolean standardConformingStrings = true;
    private final SessionListener listener;
    private final @Nullable Tracer tracer;
    private volatile SessionState state = new SessionState.Starting();
    private volatile TransactionStatus transactionStatus = TransactionStatus.IDLE;
    private volatile @Nullable BackendKeyData key;
    private @Nullable Diagnostics lastWords;
    private @Nullable CommandComplete lastCommand;
    private final RepeatedText lastChannel = new RepeatedText();
    private volatile @Nullable PgException abortedBy;
    private volatile TransactionFate transaction = new TransactionFate();
    private final AtomicInteger cursorsClosed = new AtomicInteger();
    /** A command has completed in a failed transaction: it ended that, or went back to before the failure. */
    private boolean recovered;

    private int noticesWhileStarting;
    private int bytesWhileStarting;

    /**
     * Makes a session that has not sent anything.
     *
     * @param listener is told what the server says unasked
     * @param tracer is shown every byte of both directions, or null
     */
    public Session(SessionListener listener, @Nullable Tracer tracer) {
        this.listener = listener;
        this.tracer = tracer;
    }

    /** Returns where the session stands. */
    public SessionState state() {
        return state;
    }

    /** Returns whether queries can be run. */
    public boolean isOpen() {
        return state instanceof SessionState.Open;
    }

    /** Returns whether no exchange is under way. */
    public boolean isIdle() {
        return queue.isEmpty();
    }

    /** Returns whether something is under way that its owner has left for now. */
    public boolean isPaused() {
        Exchange<?> first = queue.peekFirst();
        return first != null && first.isPaused();
    }

    /** Returns whether something is under way that may have to say something although its owner has left it for now. */
    public boolean speaksWhilePaused() {
        Exchange<?> first = queue.peekFirst();
        return first != null && first.isPaused() && first.speaksWhilePaused();
    }

    /** Returns whether the exchange that is being answered has to be relieved before more is read. */
    public boolean isFull() {
        Exchange<?> first = queue.peekFirst();
        return first != null && first.isFull();
    }

    /** Returns whether the server is in a transaction, as it said last. */
    public TransactionStatus transactionStatus() {
        return transactionStatus;
    }

    /**
     * Returns what failed the transaction that has failed, or had when the last exchange was submitted; null if none has
     * or the server did not say.
     */
    public @Nullable PgException abortedBy() {
        return abortedBy;
    }

    /**
     * Returns the transaction that is open now, which will know how it ended. Outside one it means nothing. A rollback that
     * begins the next transaction at once cannot be told from one to a savepoint and is not noticed.
     */
    public TransactionFate transaction() {
        return transaction;
    }

    /** Returns how often a command closed all cursors of the session: CLOSE ALL, DISCARD ALL. */
    int cursorsClosed() {
        return cursorsClosed.get();
    }

    /** Returns whether a backslash in '...' is a character like any other now. */
    public boolean standardConformingStrings() {
        return standardConformingStrings;
    }

    /** Returns the parameters that the server has reported, by name; a live view. */
    public Map<String, String> parameters() {
        return parameters;
    }

    /** Returns what a cancel request needs, or null if the server has not given it. */
    public @Nullable BackendKeyData key() {
        return key;
    }

    /**
     * Puts an exchange at the end of the queue, where one that was paused is already. Its messages are appended as soon as
     * those before it have all theirs.
     *
     * @throws PgException if the session is closed or lost; nothing is sent then
     */
    public void submit(Exchange<?> exchange) {
        switch (state) {
            case SessionState.Closed closed ->
                throw new ConnectionClosedException("close() was called", Delivery.NOT_SENT);
            case SessionState.Lost lost ->
                throw new ConnectionLostException(
                        "The connection was lost earlier and does not come back",
                        lastWords,
                        Delivery.NOT_SENT,
                        lost.cause());
            case SessionState.Starting starting -> queue.add(exchange);
            case SessionState.Open open -> {
                if (queue.peekLast() != exchange) {
                    queue.add(exchange);
                }
            }
        }
    }

    /**
     * Lets the exchanges append what they can send now.
     *
     * @return true if bytes wait in {@link #outbound()}
     */
    public boolean transmit() {
        for (Exchange<?> exchange : queue) {
            while (!exchange.isTransmitted() && outbox.pending() < HIGH_WATER) {
                long before = outbox.total();
                exchange.transmitTo(outbox);
                if (outbox.total() == before) {
                    break;
                }
            }
            if (!exchange.isTransmitted()) {
                break;
            }
        }
        return outbox.pending() > 0;
    }

    /** Returns the next bytes to send, empty if none wait; what was taken from it is told to {@link #sent(int)}. */
    public ByteBuffer outbound() {
        return outbox.head();
    }

    /** Says that {@code count} bytes of {@link #outbound()} have been sent. */
    public void sent(int count) {
        outbox.sent(count, tracer);
    }

    /** Returns space to put received bytes into, never empty; valid until {@link #received(int)}. */
    public ByteBuffer inbound() {
        return framer.space();
    }

    /**
     * Takes {@code count} bytes that were put into {@link #inbound()}: every whole message goes to the exchange that it
     * answers.
     *
     * @throws ProtocolException if the server broke the protocol; the session is lost then
     */
    public void received(int count) {
        framer.received(count);
        try {
            while (!(state instanceof SessionState.Lost) && framer.next()) {
                dispatch();
            }
        } catch (ProtocolException e) {
            lose(e);
            throw e;
        }
    }

    /** Returns whether bytes arrived that are not a whole message. */
    public boolean hasLeftover() {
        return framer.hasLeftover();
    }

    /** Says that nothing more will come: the peer ended the stream, or {@code cause} broke it. */
    public void endOfStream(@Nullable Throwable cause) {
        if (state instanceof SessionState.Closed || state instanceof SessionState.Lost) {
            return;
        }
        lose(cause);
    }

    /** Appends the goodbye and closes the session; exchanges under way fail. */
    public void terminate() {
        if (state instanceof SessionState.Open || state instanceof SessionState.Starting) {
            if (queue.isEmpty() && state instanceof SessionState.Open) {
                Terminate.INSTANCE.write(outbox.writer());
            }
            state = new SessionState.Closed();
            for (Exchange<?> exchange : queue) {
                exchange.abandon(new ConnectionClosedException("close() was called meanwhile", delivery(exchange)));
            }
            queue.clear();
        }
    }

    private void lose(@Nullable Throwable cause) {
        state = new SessionState.Lost(lost(Delivery.UNKNOWN, cause));
        for (Exchange<?> exchange : queue) {
            PgException said = exchange.failure();
            exchange.abandon(lost(delivery(exchange), said != null ? said : cause));
        }
        queue.clear();
    }

    private ConnectionLostException lost(Delivery delivery, @Nullable Throwable cause) {
        String message = lastWords != null ? "The server ended the connection" : "The connection was lost";
        if (lastWords == null && cause == null) {
            message = "The server closed the connection without a word";
        }
        return new ConnectionLostException(message, lastWords, delivery, cause);
    }

    private Delivery delivery(Exchange<?> exchange) {
        return exchange.mayHaveLeft(outbox.sent()) ? Delivery.UNKNOWN : Delivery.NOT_SENT;
    }

    private void dispatch() {
        char type = framer.type();
        byte[] bytes = framer.array();
        int offset = framer.bodyOffset();
        int length = framer.bodyLength();
        if (tracer != null) {
            tracer.received(type, bytes, offset, length);
        }
        if (state instanceof SessionState.Starting) {
            bytesWhileStarting += 1 + Integer.BYTES + length;
            if (bytesWhileStarting > TOTAL_WHILE_STARTING) {
                throw new ProtocolException(
                        "the server said more than " + TOTAL_WHILE_STARTING + " bytes before it was ready");
            }
        }
        switch (type) {
            case 'D' -> current(type).row(bytes, offset, length);
            case 'd' -> current(type).copyData(bytes, offset, length);
            case 'C' -> {
                CommandComplete command = CommandComplete.read(reader.over(bytes, offset, length), lastCommand);
                lastCommand = command;
                recovered = true;
                noteCommand(command.tag());
                listener.completed(command);
                answer(type, command);
            }
            case 'A' -> {
                // In parts: they may come by the thousand, and nobody wants the message itself.
                WireReader body = reader.over(bytes, offset, length);
                int processId = body.int32();
                String channel = body.cstring(lastChannel);
                String payload = body.lastCstring("NotificationResponse");
                listener.notification(processId, channel, payload);
            }
            default -> take(type, BackendMessage.read(type, reader.over(bytes, offset, length)));
        }
    }

    private void take(char type, BackendMessage message) {
        switch (message) {
            case NoticeResponse notice -> notice(notice);
            case ParameterStatus parameter -> report(parameter);
            case BackendKeyData data -> {
                if (!(state instanceof SessionState.Starting)) {
                    throw new ProtocolException("the server sent a cancel key after it had accepted us");
                }
                key = data;
            }
            case ErrorResponse error -> {
                if (error.diagnostics().isFatal()) {
                    lastWords = error.diagnostics();
                }
                if (!queue.isEmpty()) {
                    answer(type, message);
                } else if (!error.diagnostics().isFatal()) {
                    throw new ProtocolException("the server sent an error that answers nothing: "
                            + error.diagnostics().messagePrimary());
                }
            }
            case ReadyForQuery ready -> {
                noteStatus(ready.status());
                if (state instanceof SessionState.Starting) {
                    state = new SessionState.Open();
                    framer.limit(LIMIT);
                }
                listener.ready(ready.status());
                answer(type, message);
            }
            default -> answer(type, message);
        }
    }

    /** In a failed transaction statements are refused, but that is not what failed it. */
    private void noteStatus(TransactionStatus status) {
        boolean wasFailed = transactionStatus == TransactionStatus.FAILED;
        if (status == TransactionStatus.FAILED) {
            Exchange<?> ended = queue.peekFirst();
            if (ended != null && (!wasFailed || recovered)) {
                abortedBy = ended.failedBy();
            }
        } else if (!wasFailed) {
            abortedBy = null;
        }
        recovered = false;
        if (status == TransactionStatus.IDLE && transactionStatus != TransactionStatus.IDLE) {
            ended(TransactionFate.End.ROLLED_BACK);
        }
        transactionStatus = status;
    }

    private void noteCommand(String tag) {
        switch (tag) {
            case "COMMIT" -> ended(TransactionFate.End.COMMITTED);
            case "PREPARE TRANSACTION" -> ended(TransactionFate.End.PREPARED);
            case "ROLLBACK" -> transaction.rolledBack();
            case "CLOSE CURSOR ALL", "DISCARD ALL" -> cursorsClosed.incrementAndGet();
            default -> {}
        }
    }

    private void ended(TransactionFate.End how) {
        transaction.end(how);
        transaction = new TransactionFate();
    }

    private void notice(NoticeResponse notice) {
        if (state instanceof SessionState.Starting && ++noticesWhileStarting > NOTICES_WHILE_STARTING) {
            throw new ProtocolException(
                    "the server sent more than " + NOTICES_WHILE_STARTING + " notices before it accepted us");
        }
        listener.notice(notice);
    }

    private void report(ParameterStatus parameter) {
        parameters.put(parameter.name(), parameter.value());
        if (parameter.name().equals("standard_conforming_strings")) {
            standardConformingStrings = !parameter.value().equals("off");
        }
        if (parameters.size() > MAX_PARAMETERS) {
            throw new ProtocolException("the server reported more than " + MAX_PARAMETERS + " parameters");
        }
    }

    private Exchange<?> current(char type) {
        Exchange<?> exchange = queue.peekFirst();
        if (exchange == null) {
            throw new ProtocolException("the server sent a message '" + type + "' that answers nothing");
        }
        return exchange;
    }

    private void answer(char type, BackendMessage message) {
        Exchange<?> exchange = current(type);
        if (exchange.receive(message)) {
            queue.removeFirst();
            exchange.end();
            PgException failure = exchange.failure();
            if (failure != null && state instanceof SessionState.Starting) {
                // It was refused, by either side: what the server says behind that does not count.
                state = new SessionState.Lost(failure);
            }
        }
    }
}
