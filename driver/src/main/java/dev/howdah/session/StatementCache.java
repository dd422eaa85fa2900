package dev.howdah.session;

import dev.howdah.message.CommandComplete;
import dev.howdah.message.IntList;
import dev.howdah.type.TypeRegistry;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The statements that a session has prepared, by their text, the one used longest ago first. What falls out is closed on
 * the server together with the next statement that is prepared. Commands that drop all prepared statements behind our
 * back (DISCARD ALL, DEALLOCATE ALL) empty it. Not safe for several threads.
 *
 * <p>With named statements off, for poolers that hand each transaction to another backend, only descriptions are kept:
 * the text is sent and parsed again each time, still in one round trip.
 */
public final class StatementCache {

    private final int capacity;
    private final boolean named;
    private final int maxTextLength;
    private final TypeRegistry types;
    private final LinkedHashMap<String, ServerStatement> statements = new LinkedHashMap<>(16, 0.75f, true);
    /** Any thread adds to it. */
    private final Queue<String> toClose = new ConcurrentLinkedQueue<>();

    private final List<String> portalsToClose = new ArrayList<>();
    private @Nullable String lastSql;
    private @Nullable ServerStatement lastStatement;
    private long counter;
    /** Changes whenever the server has dropped everything that was prepared. */
    private int generation;
    /** How often the server has dropped everything that the session had. */
    private final AtomicInteger discards = new AtomicInteger();

    private boolean standardStrings = true;
    /** Whether this session has altered anything, types perhaps. */
    private boolean altered;

    /**
     * Makes an empty cache.
     *
     * @param capacity how many statements to keep; 0 keeps none on the server
     * @param maxTextLength texts longer than this, in characters, are not kept
     */
    public StatementCache(int capacity, int maxTextLength, TypeRegistry types) {
        this.named = capacity > 0;
        this.capacity = named ? capacity : DESCRIPTIONS;
        this.maxTextLength = maxTextLength;
        this.types = types;
    }

    /** How many descriptions are kept where statements are not. */
    private static final int DESCRIPTIONS = 100;

    /**
     * Notes how the session reads a backslash in a text. If that has changed, statements that are kept mean something else
     * than their text would now.
     */
    void standardConformingStrings(boolean on) {
        if (on != standardStrings) {
            standardStrings = on;
            statements.values().forEach(this::close);
            statements.clear();
            lastStatement = null;
        }
    }

    /** Returns the statement with that text, or null if it has to be prepared. */
    @Nullable
    ServerStatement get(String sql) {
        ServerStatement last = lastStatement;
        if (last != null && sql.equals(lastSql)) {
            return last;
        }
        ServerStatement found = statements.get(sql);
        if (found != null) {
            lastSql = sql;
            lastStatement = found;
        }
        return found;
    }

    /**
     * Returns the exchange that prepares a text.
     *
     * @param parameterTypes the OIDs of the parameters' types, none if the server is to say
     * @throws IllegalArgumentException if it has a NUL character
     */
    Prepare prepare(String sql, IntList parameterTypes) {
        requireSendable(sql);
        boolean keep = named && isKept(sql);
        return new Prepare(keep ? nextName() : "", sql, parameterTypes, takeNamesToClose(), types, this);
    }

    /**
     * Returns the exchange that prepares a text under a name of its own, whatever the cache holds.
     *
     * @throws IllegalArgumentException if it has a NUL character
     */
    public Prepare prepareOwn(String sql) {
        return prepareOwn(sql, null);
    }

    /**
     * Returns the exchange that prepares a text under a name that the caller gives, or one of its own.
     *
     * @throws IllegalArgumentException if the text has a NUL character
     */
    Prepare prepareOwn(String sql, @Nullable String name) {
        requireSendable(sql);
        return new Prepare(name == null ? nextName() : name, sql, IntList.EMPTY, takeNamesToClose(), types, this);
    }

    /** Returns the types that statements are encoded and decoded with. */
    public TypeRegistry types() {
        return types;
    }

    private boolean isKept(String sql) {
        return sql.length() <= maxTextLength && !LeadingKeyword.isIndirect(sql);
    }

    /** Keeps a statement that has been prepared. */
    void put(ServerStatement statement) {
        if (!isKept(statement.sql())) {
            close(statement);
            return;
        }
        ServerStatement before = statements.put(statement.sql(), statement);
        if (before != null && before != statement) {
            close(before);
        }
        lastSql = statement.sql();
        lastStatement = statement;
        if (statements.size() > capacity) {
            Iterator<Map.Entry<String, ServerStatement>> oldest =
                    statements.entrySet().iterator();
            close(oldest.next().getValue());
            oldest.remove();
        }
    }

    /** Forgets a statement that the server does not take any more. */
    void remove(ServerStatement statement) {
        if (statements.remove(statement.sql(), statement)) {
            close(statement);
        }
        lastStatement = null;
    }

    /** Lets the server forget a statement when the next one is prepared. For any thread. */
    public void close(ServerStatement statement) {
        if (statement.isNamed()) {
            toClose.add(statement.name());
        }
    }

    /** Lets the server forget a portal that has been read to its end, when the next one is opened. */
    void closePortal(String name) {
        portalsToClose.add(name);
    }

    /** Returns the portals to be closed, once. */
    List<String> takePortalsToClose() {
        return take(portalsToClose);
    }

    /** Forgets all statements, because the server has. */
    public void clear() {
        generation++;
        statements.clear();
        toClose.clear();
        lastStatement = null;
    }

    /** Forgets all that the server has dropped: statements, portals, settings, temporary types. */
    public void discarded() {
        discards.incrementAndGet();
        clear();
        portalsToClose.clear();
        types.forgetTypes();
        altered = false;
    }

    /**
     * Returns how often the server has dropped all that the session had, as DISCARD ALL does: a number to be compared with
     * that of earlier. For any thread.
     */
    public int discards() {
        return discards.get();
    }

    /** Returns a number that changes whenever the server has dropped all statements. */
    int generation() {
        return generation;
    }

    /** Returns whether the server should still have a statement, as far as is known. */
    boolean isCurrent(ServerStatement statement) {
        return statement.generation() == generation;
    }

    /** Returns how many statements are kept. */
    public int size() {
        return statements.size();
    }

    void commandCompleted(CommandComplete command) {
        String tag = command.tag();
        switch (tag.isEmpty() ? ' ' : tag.charAt(0)) {
            case 'D' -> {
                if (tag.equals("DISCARD ALL")) {
                    discarded();
                } else if (tag.equals("DEALLOCATE ALL")) {
                    clear();
                }
            }
            case 'A' -> {
                if (tag.startsWith("ALTER ")) {
                    altered = true;
                    types.forgetTypes();
                }
            }
            case 'R' -> {
                // What was altered is as before again, and was perhaps looked at meanwhile.
                if (altered && tag.equals("ROLLBACK")) {
                    types.forgetTypes();
                }
            }
            default -> {}
        }
    }

    /** Refuses a text that no message can carry, before anything of a message is written. */
    static void requireSendable(String sql) {
        int nul = sql.indexOf('\0');
        if (nul >= 0) {
            throw new IllegalArgumentException(
                    "SQL text with a NUL character cannot be sent to PostgreSQL (at index " + nul + ")");
        }
    }

    private String nextName() {
        return "howdah_" + ++counter;
    }

    private List<String> takeNamesToClose() {
        if (toClose.isEmpty()) {
            return List.of();
        }
        List<String> taken = new ArrayList<>();
        for (String name = toClose.poll(); name != null; name = toClose.poll()) {
            taken.add(name);
        }
        return taken;
    }

    private static List<String> take(List<String> names) {
        if (names.isEmpty()) {
            return List.of();
        }
        List<String> taken = List.copyOf(names);
        names.clear();
        return taken;
    }
}
