package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.testkit.TestDatabase;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Rows that many insert at once, and what each was told of them. Safe for several threads. */
final class ChaosRows {

    /** What the one who inserted a row was told of its transaction. */
    enum Told {
        COMMITTED,
        NOT,
        UNKNOWN
    }

    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, Told> told = new ConcurrentHashMap<>();

    /** Makes the table: chaos, with the key id and the text doc. */
    void makeTable(TestDatabase database) {
        database.execute("create table chaos (id int primary key, doc text); grant all on chaos to public");
    }

    /** Returns the key of a row that nobody has inserted; it may be there until something is said of it. */
    int newId() {
        int id = ids.incrementAndGet();
        told.put(id, Told.UNKNOWN);
        return id;
    }

    /** Notes what was told of a row. */
    void say(int id, Told what) {
        told.put(id, what);
    }

    /** Looks whether each row that is committed is there, and none that is not. */
    void compare(TestDatabase database) {
        Map<Integer, String> there = new HashMap<>();
        try (PgConnection db = Howdah.connect(database.dsn())) {
            db.query("select id, doc from chaos").forEach(row -> there.put(row.getInt(0), row.getString(1)));
        }
        told.forEach((id, said) -> {
            if (said != Told.UNKNOWN) {
                assertThat(there.containsKey(id))
                        .as("%d (%s) is there, told %s", id, there.get(id), said)
                        .isEqualTo(said == Told.COMMITTED);
            }
        });
    }
}
