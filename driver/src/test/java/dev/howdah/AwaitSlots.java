package dev.howdah;

import dev.howdah.testkit.AdminSession;
import dev.howdah.testkit.Await;
import java.time.Duration;

/** Waits for slots. */
final class AwaitSlots {

    private AwaitSlots() {}

    /** Waits until nobody uses slots whose names begin so. */
    static void free(AdminSession admin, String prefix) {
        Await.until(
                "nobody uses " + prefix,
                Duration.ofSeconds(DriverContract.PATIENCE_SECONDS),
                () -> "0"
                        .equals(admin.value("select count(*) from pg_replication_slots where slot_name like '" + prefix
                                + "%' and active")));
    }
}
