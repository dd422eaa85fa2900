package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Memory does not grow with a large object: a program with a heap of 64 MiB writes and reads it. */
@ExtendWith(PostgresExtension.class)
class LargeObjectMemoryIT {

    private static final long MEBIBYTE = 1L << 20;

    @Test
    void moreThanTheHeap(TestDatabase database) throws Exception {
        assertComesBack(database, 100 * MEBIBYTE);
    }

    @Test
    @Tag("slow")
    void fiveGibibytes(TestDatabase database) throws Exception {
        assertComesBack(database, 5 * 1024 * MEBIBYTE);
    }

    private static void assertComesBack(TestDatabase database, long size) throws Exception {
        String said = SmallHeap.run(
                LargeObjectRoundTrip.class, database.dsn(Roles.TRUST) + " sslmode=disable", String.valueOf(size));
        assertThat(said).contains("the same " + size + " bytes");
    }
}
