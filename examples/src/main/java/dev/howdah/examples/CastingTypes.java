package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.Row;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A PostgreSQL type read as a Java class of one's own, from the text that PostgreSQL prints. */
public final class CastingTypes {

    private CastingTypes() {}

    // @start region=caster
    private record Point(double x, double y) {}

    private static final Pattern POINT = Pattern.compile("\\(([^)]+),([^)]+)\\)");

    private static Point castPoint(String text) {
        Matcher matcher = POINT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("this is no point");
        }
        return new Point(Double.parseDouble(matcher.group(1)), Double.parseDouble(matcher.group(2)));
    }
    // @end

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        try (PgConnection db = Howdah.connect(args.length > 0 ? args[0] : "")) {
            // @start region=register
            long oid = db.query("select null::point").columns().get(0).typeOid();
            Long same = db.queryValue(
                    "select t.oid from pg_type t join pg_namespace n on t.typnamespace = n.oid"
                            + " where typname = $1 and nspname = $2",
                    Long.class,
                    "point",
                    "pg_catalog");
            db.types().registerType(Point.class, CastingTypes::castPoint, oid);
            // Or by its name, without asking: registerType(Point.class, CastingTypes::castPoint, "point")

            Row row = db.queryOne("select '(10.2,20.3)'::point, array['(1,2)'::point, null]");
            // @end
            System.out.println(oid + " " + same);
            System.out.println(row.get(0));
            System.out.println(row.get(1));
        }
    }
}
