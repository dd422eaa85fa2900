package dev.howdah.replication;

import dev.howdah.error.Delivery;
import dev.howdah.error.ProtocolException;
import dev.howdah.replication.JsonReader.Token;
import dev.howdah.type.Lsn;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of {@code wal2json}: a message of format 2, or a change of format 1, or what format 1 says of a transaction.
 * Members that are not known are left out, and of two with the same name the last counts. Not safe for several threads.
 */
final class Wal2JsonObject {

    private final PluginText in;
    private final JsonReader json;
    private final Lists columns = new Lists();
    private final Lists old = new Lists();
    private final Set<String> primaryKey = new LinkedHashSet<>();

    private String action = "";
    private @Nullable String schema;
    private @Nullable String table;
    private @Nullable PrintedRow newRow;
    private @Nullable PrintedRow oldRow;
    private boolean transactional = true;
    private String prefix = "";
    private String content = "";
    private long xid;
    private long origin;
    private Instant time = Instant.EPOCH;
    private Lsn lsn = Lsn.ZERO;
    private Lsn nextLsn = Lsn.ZERO;

    Wal2JsonObject(PluginText in, JsonReader json) {
        this.in = in;
        this.json = json;
    }

    /** What format 1 writes of columns: lists that belong together. */
    private static final class Lists {
        private List<@Nullable String> names = List.of();
        private List<@Nullable String> types = List.of();
        private List<@Nullable String> oids = List.of();
        private List<PrintedRow.Value> values = List.of();
    }

    /** Reads all members; the object has begun. */
    void members() {
        boolean first = true;
        while (json.hasMember(first)) {
            first = false;
            member(json.text());
        }
        complete();
    }

    /** Reads the value of a member. */
    void member(String name) {
        switch (name) {
            case "action", "kind" -> action = string();
            case "schema" -> schema = text();
            case "table" -> table = string();
            case "transactional" -> transactional = flag();
            case "prefix" -> prefix = string();
            case "content" -> content = string();
            case "xid" -> xid = number();
            case "origin" -> origin = number();
            case "timestamp" -> time = readTime();
            case "lsn" -> lsn = readLsn();
            case "nextlsn" -> nextLsn = readLsn();
            case "columns" -> newRow = row();
            case "identity" -> oldRow = row();
            case "pk" -> readPrimaryKey();
            case "oldkeys" -> oldKeys();
            case "columnnames" -> columns.names = texts();
            case "columntypes" -> columns.types = texts();
            case "columntypeoids" -> columns.oids = texts();
            case "columnvalues" -> columns.values = values();
            default -> json.skip();
        }
    }

    /** Makes rows of the lists of format 1. */
    void complete() {
        newRow = columns.names.isEmpty() ? newRow : row(columns);
        oldRow = old.names.isEmpty() ? oldRow : row(old);
    }

    /** Returns what has happened, in the words of either format; empty if that was not said. */
    String action() {
        return action;
    }

    PrintedChanges.TableName table() {
        String named = table;
        if (named == null) {
            throw new ProtocolException("its table is not named");
        }
        String within = schema;
        return new PrintedChanges.TableName(within == null ? "" : within, named);
    }

    @Nullable
    PrintedRow newRow() {
        return newRow;
    }

    /** Returns the old row or its key, null if there is none. */
    @Nullable
    PrintedRow oldRow() {
        PrintedRow row = oldRow;
        return row == null || row.columns().isEmpty() ? null : row;
    }

    Set<String> primaryKey() {
        return Set.copyOf(primaryKey);
    }

    boolean transactional() {
        return transactional;
    }

    String prefix() {
        return prefix;
    }

    String content() {
        return content;
    }

    long xid() {
        return xid;
    }

    /** Returns the number of the origin, 0 if there is none. */
    long origin() {
        return origin;
    }

    Instant time() {
        return time;
    }

    Lsn lsn() {
        return lsn;
    }

    Lsn nextLsn() {
        return nextLsn;
    }

    private static PrintedRow row(Lists lists) {
        int count = lists.names.size();
        if (lists.values.size() != count
                || !lists.types.isEmpty() && lists.types.size() != count
                || !lists.oids.isEmpty() && lists.oids.size() != count) {
            throw new ProtocolException("it names " + count + " columns and has " + lists.values.size() + " values, "
                    + lists.types.size() + " types and " + lists.oids.size() + " OIDs of types");
        }
        PrintedRow row = new PrintedRow();
        for (int i = 0; i < count; i++) {
            String name = lists.names.get(i);
            if (name == null) {
                throw new ProtocolException("column " + i + " has no name");
            }
            String type = lists.types.isEmpty() ? null : lists.types.get(i);
            String oid = lists.oids.isEmpty() ? null : lists.oids.get(i);
            row.add(new PrintedRow.Column(name, type, oid == null ? 0 : oid(oid)), lists.values.get(i));
        }
        return row;
    }

    /** Some versions write OIDs with sign. */
    private static int oid(String number) {
        try {
            long oid = Long.parseLong(number);
            if (oid >= Integer.MIN_VALUE && oid <= 0xffff_ffffL) {
                return (int) oid;
            }
        } catch (NumberFormatException e) {
            throw new ProtocolException("the OID of a type is no whole number", Delivery.UNKNOWN, e);
        }
        throw new ProtocolException("the OID of a type has more than 32 bits");
    }

    /** Reads the columns of format 2. */
    private PrintedRow row() {
        PrintedRow row = new PrintedRow();
        json.begin(Token.ARRAY);
        boolean first = true;
        while (json.hasElement(first)) {
            first = false;
            column(row);
        }
        return row;
    }

    private void column(PrintedRow row) {
        @Nullable String name = null;
        @Nullable String type = null;
        int oid = 0;
        PrintedRow.Value value = PrintedRow.Value.NULL;
        json.begin(Token.OBJECT);
        boolean first = true;
        while (json.hasMember(first)) {
            first = false;
            switch (json.text()) {
                case "name" -> name = string();
                case "type" -> type = text();
                case "typeoid" -> {
                    String number = text();
                    oid = number == null ? 0 : oid(number);
                }
                case "value" -> value = value();
                default -> json.skip();
            }
        }
        if (name == null) {
            throw in.refused("a column has no name");
        }
        row.add(new PrintedRow.Column(name, type, oid), value);
    }

    /** Reads the primary key: columns in format 2, lists in format 1. */
    private void readPrimaryKey() {
        primaryKey.clear();
        Token begun = json.next();
        boolean first = true;
        if (begun == Token.ARRAY) {
            PrintedRow row = new PrintedRow();
            while (json.hasElement(first)) {
                first = false;
                column(row);
            }
            row.columns().forEach(column -> primaryKey.add(column.name()));
        } else if (begun == Token.OBJECT) {
            while (json.hasMember(first)) {
                first = false;
                if (json.text().equals("pknames")) {
                    texts().stream().filter(Objects::nonNull).forEach(primaryKey::add);
                } else {
                    json.skip();
                }
            }
        } else {
            throw in.refused("a primary key is neither a list nor an object");
        }
    }

    private void oldKeys() {
        json.begin(Token.OBJECT);
        boolean first = true;
        while (json.hasMember(first)) {
            first = false;
            switch (json.text()) {
                case "keynames" -> old.names = texts();
                case "keytypes" -> old.types = texts();
                case "keytypeoids" -> old.oids = texts();
                case "keyvalues" -> old.values = values();
                default -> json.skip();
            }
        }
    }

    private List<@Nullable String> texts() {
        List<@Nullable String> texts = new ArrayList<>();
        json.begin(Token.ARRAY);
        while (json.hasElement(texts.isEmpty())) {
            texts.add(text());
        }
        return texts;
    }

    private List<PrintedRow.Value> values() {
        List<PrintedRow.Value> values = new ArrayList<>();
        json.begin(Token.ARRAY);
        while (json.hasElement(values.isEmpty())) {
            values.add(value());
        }
        return values;
    }

    /** Reads a value of a row; numbers stay as they are printed. */
    private PrintedRow.Value value() {
        return switch (json.next()) {
            case STRING, NUMBER -> PrintedRow.Value.of(json.text());
            case TRUE -> PrintedRow.Value.of(true);
            case FALSE -> PrintedRow.Value.of(false);
            case NULL -> PrintedRow.Value.NULL;
            default -> throw in.refused("the value of a column is a list or an object");
        };
    }

    /** Reads a string or a number, null for null. */
    private @Nullable String text() {
        return switch (json.next()) {
            case STRING, NUMBER -> json.text();
            case NULL -> null;
            default -> throw in.refused("a member is neither a string nor a number");
        };
    }

    private String string() {
        json.begin(Token.STRING);
        return json.text();
    }

    private boolean flag() {
        return switch (json.next()) {
            case TRUE -> true;
            case FALSE -> false;
            default -> throw in.refused("a member is neither true nor false");
        };
    }

    private long number() {
        String number = text();
        if (number == null) {
            return 0;
        }
        byte[] digits = number.getBytes(StandardCharsets.UTF_8);
        PluginText all = new PluginText(digits);
        long value = all.isAtEnd() ? -1 : all.xid();
        if (value < 0 || !all.isAtEnd()) {
            throw in.refused("a member is no whole number");
        }
        return value;
    }

    private Instant readTime() {
        String printed = text();
        return printed == null ? Instant.EPOCH : in.time(printed);
    }

    private Lsn readLsn() {
        String printed = text();
        try {
            return printed == null ? Lsn.ZERO : Lsn.parse(printed);
        } catch (IllegalArgumentException e) {
            throw new ProtocolException("a place in the log cannot be read", Delivery.UNKNOWN, e);
        }
    }
}
