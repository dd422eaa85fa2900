package dev.howdah;

import dev.howdah.testkit.FaultyWire;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** All kinds of verbs from many threads on one connection, over a wire that passes little at a time, and is cut. */
@Tag("soak")
class WiredChaosIT extends SharedChaosIT {

    private final List<FaultyWire> wires = new ArrayList<>();

    @Override
    PgConnection connect(TestDatabase database) {
        FaultyWire wire = FaultyWire.to(database.server());
        wires.add(wire);
        wire.toClient().chunk(37);
        wire.toServer().chunk(23);
        return Howdah.connect(wire.dsn(database.name(), Roles.TRUST));
    }

    @AfterEach
    void closeWires() {
        wires.forEach(FaultyWire::close);
    }

    @Test
    void untilTheWireIsCut(TestDatabase database) throws Exception {
        endedBy(database, (db, random) -> wires.forEach(FaultyWire::resetAll));
    }
}
