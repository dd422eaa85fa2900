package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.Row;
import dev.howdah.type.Composite;
import dev.howdah.type.Label;
import dev.howdah.type.PgArray;
import dev.howdah.type.Range;
import dev.howdah.type.TypeRef;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Types that a database's users made: enums, row types, domains, ranges, hstore, and arrays of them. */
public final class DatabaseTypes {

    private DatabaseTypes() {}

    // @start region=types
    private enum Mood {
        SAD,
        OK,
        @Label("very happy")
        VERY_HAPPY
    }

    private record Guest(String name, Mood mood) {}

    private record Stay(Guest guest, Range<LocalDate> nights) {}
    // @end

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        try (PgConnection db = Howdah.connect(args.length > 0 ? args[0] : "")) {
            db.execute("create schema hotel; set search_path to hotel, public");
            // @start region=make
            db.script("""
                    create extension if not exists hstore;
                    create type mood as enum ('sad', 'ok', 'very happy');
                    create type guest as (name text, mood mood);
                    create table stay (guest guest, nights daterange, wishes hstore);
                    """);
            // @end
            parameters(db);
            columns(db);
            anything(db);
            arrays(db);
            db.execute("drop schema hotel cascade");
        }
    }

    private static void parameters(PgConnection db) {
        // @start region=parameters
        Range<LocalDate> nights = Range.closedOpen(LocalDate.of(2026, 8, 1), LocalDate.of(2026, 8, 4));
        db.execute(
                "insert into stay values ($1, $2, $3)",
                new Guest("Ada", Mood.VERY_HAPPY),
                nights,
                Map.of("pillow", "hard", "view", "sea"));
        db.execute("insert into stay values ($1, $2, null)", Map.of("name", "Li", "mood", "ok"), Range.empty());
        // @end
    }

    private static void columns(PgConnection db) {
        // @start region=columns
        List<Stay> stays = db.query("select guest, nights from stay where (guest).mood = $1", Mood.VERY_HAPPY)
                .as(Stay.class);
        Map<String, @Nullable String> wishes =
                db.queryValue("select wishes from stay where wishes is not null", new TypeRef<>() {});
        // @end
        System.out.println(stays);
        System.out.println(wishes == null ? "no wishes" : wishes.get("view"));
    }

    private static void anything(PgConnection db) {
        // @start region=anything
        Row row = db.queryOne("select guest, nights from stay where isempty(nights)");
        Composite guest = row.get("guest", Composite.class); // what row.get("guest") gives, too
        Range<?> nights = row.get("nights", Range.class);
        // @end
        System.out.println(guest + " " + nights);
    }

    private static void arrays(PgConnection db) {
        // @start region=arrays
        List<Guest> guests = db.queryValue("select array_agg(guest order by guest) from stay", new TypeRef<>() {});
        List<Mood> moods = db.queryValue("select enum_range(null::mood)", new TypeRef<>() {});
        Long those = db.queryValue(
                "select count(*) from stay where guest = any($1::guest[])",
                Long.class,
                List.of(new Guest("Li", Mood.OK)));
        PgArray<?> shifted = db.queryValue("select '[2:3]={7,8}'::int[]", PgArray.class); // a List would lose the 2
        // @end
        System.out.println(guests + " " + moods + " " + those + " " + shifted);
    }
}
