package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Memory does not grow with the rows of a COPY: a program with a heap of 64 MiB writes and reads them. */
@ExtendWith(PostgresExtension.class)
class CopyMemoryIT {

    @Test
    void moreThanTheHeap(TestDatabase database) throws Exception {
        assertComeBack(database, 1_000_000);
    }

    @Test
    @Tag("slow")
    void tenMillionRows(TestDatabase database) throws Exception {
        assertComeBack(database, 10_000_000);
    }

    private static void assertComeBack(TestDatabase database, int rows) throws Exception {
        String said = SmallHeap.run(CopyRoundTrip.class, database.dsn() + " sslmode=disable", String.valueOf(rows));
        assertThat(said).contains("the same " + rows + " rows");
    }
}
