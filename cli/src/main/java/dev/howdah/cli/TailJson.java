package dev.howdah.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.howdah.error.ConversionException;
import dev.howdah.replication.Change;
import dev.howdah.replication.ChangedRow;
import dev.howdah.replication.ColumnState;
import dev.howdah.replication.Relation;
import dev.howdah.replication.ReplicatedTransaction;
import dev.howdah.replication.ReplicatedTransaction.Kind;
import dev.howdah.replication.ResumeToken;
import dev.howdah.type.Lsn;
import dev.howdah.type.PgArray;
import dev.howdah.type.PgType;
import dev.howdah.type.TypeRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Changes for programs: one JSON object a line. Programs rely on its names; docs/guide/replication.md has them all. */
final class TailJson implements TailPrinter {

    private static final String CATALOG = "pg_catalog";

    @Override
    public String snapshotBegins(int tables, Lsn at) {
        return JsonLine.of(json -> {
            json.writeStringField("kind", "snapshot_begin");
            json.writeNumberField("tables", tables);
            json.writeStringField("lsn", at.toString());
        });
    }

    @Override
    public String snapshotRow(ChangedRow row) {
        return JsonLine.of(json -> {
            json.writeStringField("kind", "snapshot");
            table(json, row.relation());
            row(json, "new", row);
        });
    }

    @Override
    public String snapshotEnds(ResumeToken token, long rows) {
        return JsonLine.of(json -> {
            json.writeStringField("kind", "snapshot_end");
            json.writeNumberField("rows", rows);
            json.writeStringField("lsn", token.lsn().toString());
            json.writeStringField("token", token.toString());
        });
    }

    @Override
    public String begins(ReplicatedTransaction transaction) {
        return transaction.kind() == Kind.MESSAGE
                ? ""
                : JsonLine.of(json -> {
                    json.writeStringField("kind", "begin");
                    transaction(json, transaction);
                });
    }

    @Override
    public String ends(ReplicatedTransaction transaction, int changes) {
        if (transaction.kind() == Kind.MESSAGE) {
            return "";
        }
        return JsonLine.of(json -> {
            json.writeStringField("kind", "commit");
            transaction(json, transaction);
            json.writeStringField("end_lsn", transaction.endLsn().toString());
            if (transaction.origin() != null) {
                json.writeStringField("origin", transaction.origin());
            }
            json.writeNumberField("changes", changes);
            json.writeStringField("token", transaction.token().toString());
        });
    }

    @Override
    public String change(ReplicatedTransaction transaction, int number, Change change) {
        return switch (change) {
            case Change.RelationChanged told -> JsonLine.of(json -> relation(json, told.relation()));
            case Change.Insert insert ->
                line("insert", transaction, number, json -> {
                    table(json, insert.relation());
                    row(json, "new", insert.newRow());
                });
            case Change.Update update ->
                line("update", transaction, number, json -> {
                    table(json, update.relation());
                    if (update.oldRow() != null) {
                        row(json, "old", update.oldRow());
                    }
                    row(json, "new", update.filledRow());
                });
            case Change.Delete delete ->
                line("delete", transaction, number, json -> {
                    table(json, delete.relation());
                    row(json, "old", delete.oldRow());
                });
            case Change.Truncate truncate -> line("truncate", transaction, number, json -> truncate(json, truncate));
            case Change.LogicalMessage message -> line("message", transaction, number, json -> message(json, message));
        };
    }

    private static String line(String kind, ReplicatedTransaction transaction, int number, JsonLine.Body body) {
        return JsonLine.of(json -> {
            json.writeStringField("kind", kind);
            transaction(json, transaction);
            json.writeNumberField("number", number);
            body.write(json);
        });
    }

    private static void transaction(JsonGenerator json, ReplicatedTransaction transaction) throws IOException {
        if (transaction.xid() != 0) {
            json.writeNumberField("xid", transaction.xid());
        }
        json.writeStringField("commit_lsn", transaction.commitLsn().toString());
        if (transaction.kind() != Kind.MESSAGE) {
            json.writeStringField("time", transaction.time().toString());
        }
    }

    private static void table(JsonGenerator json, Relation relation) throws IOException {
        json.writeStringField("schema", relation.schema());
        json.writeStringField("table", relation.name());
    }

    private static void relation(JsonGenerator json, Relation relation) throws IOException {
        json.writeStringField("kind", "relation");
        table(json, relation);
        json.writeStringField("identity", relation.replicaIdentity().name().toLowerCase(Locale.ROOT));
        json.writeArrayFieldStart("columns");
        for (Relation.Column column : relation.columns()) {
            json.writeStartObject();
            json.writeStringField("name", column.name());
            json.writeStringField("type", type(column));
            json.writeBooleanField("key", column.key());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void truncate(JsonGenerator json, Change.Truncate truncate) throws IOException {
        json.writeArrayFieldStart("tables");
        for (Relation relation : truncate.relations()) {
            json.writeStartObject();
            table(json, relation);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeBooleanField("cascade", truncate.cascade());
        json.writeBooleanField("restart_identity", truncate.restartIdentity());
    }

    private static void message(JsonGenerator json, Change.LogicalMessage message) throws IOException {
        json.writeStringField("lsn", message.lsn().toString());
        json.writeBooleanField("transactional", message.transactional());
        json.writeStringField("prefix", message.prefix());
        ByteBuffer content = message.content();
        try {
            json.writeStringField(
                    "content",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(content.duplicate())
                            .toString());
        } catch (CharacterCodingException e) {
            byte[] bytes = new byte[content.remaining()];
            content.get(bytes);
            json.writeStringField("content_base64", Base64.getEncoder().encodeToString(bytes));
        }
    }

    /** What is known of a row; after it, what the server left out because it did not change. */
    private static void row(JsonGenerator json, String name, ChangedRow row) throws IOException {
        json.writeObjectFieldStart(name);
        boolean unchanged = false;
        for (int i = 0; i < row.size(); i++) {
            Relation.Column column = row.relation().columns().get(i);
            ColumnState state = row.state(i);
            unchanged |= state == ColumnState.UNCHANGED;
            if (state == ColumnState.NULL) {
                json.writeNullField(column.name());
            } else if (state == ColumnState.VALUE) {
                json.writeFieldName(column.name());
                value(json, row, i, column);
            }
        }
        json.writeEndObject();
        if (unchanged) {
            json.writeArrayFieldStart("unchanged");
            for (int i = 0; i < row.size(); i++) {
                if (row.state(i) == ColumnState.UNCHANGED) {
                    json.writeString(row.relation().columns().get(i).name());
                }
            }
            json.writeEndArray();
        }
    }

    private static void value(JsonGenerator json, ChangedRow row, int index, Relation.Column column)
            throws IOException {
        String element = elementType(column);
        if (element != null) {
            PgArray<?> array;
            try {
                array = row.get(index, PgArray.class);
            } catch (ConversionException e) {
                // A type that is not known, such as one that has been dropped.
                array = null;
            }
            if (array != null) {
                JsonValues.array(json, element, array);
                return;
            }
        }
        JsonValues.scalar(json, baseType(column), row.getString(index));
    }

    /** Returns the name of the type, of a domain that of the type below it; empty if it is not known. */
    private static String baseType(Relation.Column column) {
        Relation.TypeName told = column.toldType();
        if (told != null) {
            return told.schema().equals(CATALOG) ? told.name() : "";
        }
        PgType type = TypeRegistry.global().type((int) column.typeOid());
        return type == null ? "" : type.name();
    }

    /** Returns the name of the elements' type, null if it is no array; PostgreSQL names arrays by an underscore before the name. */
    private static @Nullable String elementType(Relation.Column column) {
        Relation.TypeName told = column.toldType();
        if (told != null) {
            return told.name().startsWith("_")
                    ? told.schema().equals(CATALOG) ? told.name().substring(1) : ""
                    : null;
        }
        PgType type = TypeRegistry.global().type((int) column.typeOid());
        PgType element = type != null && type.kind() == PgType.Kind.ARRAY
                ? TypeRegistry.global().type(type.elementOid())
                : null;
        return element == null ? null : element.name();
    }

    private static String type(Relation.Column column) {
        Relation.TypeName told = column.toldType();
        return told == null ? baseType(column) : told.toString();
    }
}
