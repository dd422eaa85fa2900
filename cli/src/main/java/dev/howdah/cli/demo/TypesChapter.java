package dev.howdah.cli.demo;

import dev.howdah.PgConnection;
import dev.howdah.Row;
import dev.howdah.sql.Sql;
import dev.howdah.type.AsIs;
import dev.howdah.type.Label;
import dev.howdah.type.Range;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/** Types that the database's users made, and a Java class that Howdah does not know. */
final class TypesChapter implements Chapter {

    private static final String MAKE = """
            create type mood as enum ('sad', 'ok', 'very happy');
            create type guest as (name text, mood mood);
            create table stay (guest guest, nights daterange, wishes hstore, seat point)""";

    private static final LocalDate FIRST = LocalDate.of(2026, 8, 1);

    private enum Mood {
        SAD,
        OK,
        @Label("very happy")
        VERY_HAPPY
    }

    private record Guest(String name, Mood mood) {}

    private record Stay(Guest guest, Range<LocalDate> nights, Map<String, String> wishes) {}

    private record Point(double x, double y) {}

    @Override
    public String name() {
        return "types";
    }

    @Override
    public String summary() {
        return "an enum, a row type as record, a range, hstore, a class of your own";
    }

    @Override
    public void tell(Stage stage) {
        try (PgConnection db = stage.connect()) {
            stage.narrator().code(MAKE);
            // Only who may create things in the database may do that; the demo's user is nobody special.
            stage.server().database().execute("create extension if not exists hstore");
            db.script("drop table if exists stay; drop type if exists guest;" + "drop type if exists mood;" + MAKE);
            write(stage, db);
            read(stage, db);
            array(stage, db);
            adapter(stage, db);
        }
    }

    private static void write(Stage stage, PgConnection db) {
        stage.narrator().code("""
                        enum Mood { SAD, OK, @Label("very happy") VERY_HAPPY }
                        record Guest(String name, Mood mood) {}
                        db.execute("insert into stay values ($1, $2, $3)", new Guest("Ada", Mood.VERY_HAPPY),
                            Range.closedOpen(LocalDate.of(2026, 8, 1), LocalDate.of(2026, 8, 4)), Map.of("view", "sea"))""");
        db.execute(
                "insert into stay values ($1, $2, $3)",
                new Guest("Ada", Mood.VERY_HAPPY),
                Range.closedOpen(FIRST, FIRST.plusDays(3)),
                Map.of("view", "sea"));
        String there = db.queryValue(
                "select format('%s %s %s', guest, upper(nights) - lower(nights), wishes -> 'view') from stay",
                String.class);
        stage.narrator().got("the server has", String.valueOf(there));
        stage.expectEqual("(Ada,\"very happy\") 3 sea", there, "what the server has");
        stage.narrator().holds("nothing was registered: the catalog said what the types are");
    }

    private static void read(Stage stage, PgConnection db) {
        stage.narrator().code("""
                        record Stay(Guest guest, Range<LocalDate> nights, Map<String, String> wishes) {}
                        db.query("select guest, nights, wishes from stay").as(Stay.class)""");
        List<Stay> stays = db.query("select guest, nights, wishes from stay").as(Stay.class);
        stage.narrator().got("rows", stays.toString());
        Stay due = new Stay(
                new Guest("Ada", Mood.VERY_HAPPY), Range.closedOpen(FIRST, FIRST.plusDays(3)), Map.of("view", "sea"));
        stage.expectEqual(List.of(due), stays, "the rows");
        stage.narrator().holds("the same came back");
    }

    private static void array(Stage stage, PgConnection db) {
        stage.narrator()
                .code(
                        "db.queryValue(\"select array_agg(guest) from stay where guest = any($1::guest[])\", Guest[].class, guests)");
        List<Guest> guests = List.of(new Guest("Ada", Mood.VERY_HAPPY), new Guest("Li", Mood.SAD));
        Guest[] found = db.queryValue(
                "select array_agg(guest) from stay where guest = any($1::guest[])", Guest[].class, guests);
        stage.expect(
                found != null && found.length == 1 && found[0].equals(guests.getFirst()),
                "arrays of them work both ways");
    }

    private static void adapter(Stage stage, PgConnection db) {
        stage.narrator().code("""
                        record Point(double x, double y) {}
                        db.types().registerAdapter(Point.class, p -> new AsIs("'(%s, %s)'".formatted(p.x(), p.y())));
                        db.execute("update stay set seat = $1", new Point(1.23, 4.56))""");
        db.types().registerAdapter(Point.class, p -> new AsIs("'(%s, %s)'".formatted(quoted(p.x()), quoted(p.y()))));
        stage.narrator().got("mogrify says", db.mogrify("update stay set seat = $1", new Point(1.23, 4.56)));
        db.execute("update stay set seat = $1", new Point(1.23, 4.56));
        Row row = db.queryOne("select seat[0] as x, seat[1] as y from stay");
        stage.expectEqual(new Point(1.23, 4.56), row.as(Point.class), "the point");
        stage.narrator().holds("a class that Howdah does not know, in one line");
    }

    private static String quoted(double value) {
        return Sql.adapt(value).quoted();
    }
}
