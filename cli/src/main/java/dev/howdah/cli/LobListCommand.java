package dev.howdah.cli;

import dev.howdah.PgConnection;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.largeobject.LargeObjectInfo;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code howdah lob list}. */
@Command(
        name = "list",
        description = "Print all large objects: OID, size in bytes where you may read it, owner, rights and comment.")
final class LobListCommand extends ConnectedCommand {

    @Option(
            names = "--json",
            description =
                    "One JSON object a line for each: oid, size (null if you may not read it), owner, acl, comment.")
    private boolean json;

    LobListCommand(Surroundings around) {
        super(around);
    }

    @Override
    int run(Target target) {
        try (PgConnection db = target.connect()) {
            List<LargeObjectInfo> all = db.largeObjects().list();
            TextTable table = new TextTable(
                    List.of("oid", "size", "owner", "rights", "comment"), true, true, false, false, false);
            for (LargeObjectInfo info : all) {
                Long size = size(db, info.oid());
                if (json) {
                    line(json(info, size));
                } else {
                    table.add(Arrays.asList(
                            Long.toString(info.oid()),
                            size == null ? null : size.toString(),
                            info.owner(),
                            info.acl(),
                            info.comment()));
                }
            }
            if (!json) {
                table.print(style(), out()::println);
                line(style().dim(all.size() == 1 ? "(1 large object)" : "(" + all.size() + " large objects)"));
            }
        }
        return ExitCode.OK;
    }

    /** Another session may have removed it meanwhile. */
    private static @Nullable Long size(PgConnection db, long oid) {
        try {
            return db.largeObjects().size(oid);
        } catch (ServerException e) {
            if (e.sqlState().equals(SqlState.INSUFFICIENT_PRIVILEGE)
                    || e.sqlState().equals(SqlState.UNDEFINED_OBJECT)) {
                return null;
            }
            throw e;
        }
    }

    private static String json(LargeObjectInfo info, @Nullable Long size) {
        return JsonLine.of(object -> {
            object.writeNumberField("oid", info.oid());
            if (size == null) {
                object.writeNullField("size");
            } else {
                object.writeNumberField("size", size);
            }
            object.writeStringField("owner", info.owner());
            object.writeStringField("acl", info.acl());
            object.writeStringField("comment", info.comment());
        });
    }
}
