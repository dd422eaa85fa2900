package dev.howdah;

import dev.howdah.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;

/** All kinds of verbs from many threads on one connection, which a callback waits for. */
@Tag("soak")
class WaitedChaosIT extends SharedChaosIT {

    @Override
    PgConnection connect(TestDatabase database) {
        return Howdah.connect(ConnectOptions.parse(database.dsn()).toBuilder()
                .waitCallback(WaitCallback.select())
                .build());
    }
}
