package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.sql.Sql;
import dev.howdah.type.AsIs;
import dev.howdah.type.SqlQuote;

/** A Java class of one's own as a parameter: a point, adapted to PostgreSQL's type of that name. */
public final class AdaptingTypes {

    private AdaptingTypes() {}

    private record Point(double x, double y) {}

    // @start region=adapter
    private static SqlQuote adaptPoint(Point point) {
        String x = Sql.adapt(point.x()).quoted();
        String y = Sql.adapt(point.y()).quoted();
        return new AsIs("'(%s, %s)'".formatted(x, y));
    }
    // @end

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        try (PgConnection db = Howdah.connect(args.length > 0 ? args[0] : "")) {
            db.execute("create temporary table atable (apoint point)");
            // @start region=register
            db.types().registerAdapter(Point.class, AdaptingTypes::adaptPoint);
            db.execute("insert into atable (apoint) values ($1)", new Point(1.23, 4.56));
            // @end
            System.out.println(db.mogrify("insert into atable (apoint) values ($1)", new Point(1.23, 4.56)));
            System.out.println(db.queryValue("select apoint from atable", String.class));
        }
    }
}
