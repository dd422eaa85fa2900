package dev.howdah.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.SmallHeap;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.TestDatabase;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory does not grow with a transaction, whether it comes when it is committed or while it runs. */
@ExtendWith(PostgresExtension.class)
@Timeout(600)
class TransactionStreamMemoryIT {

    private static final Pattern SAID = Pattern.compile("the same (\\d+) rows, (\\d+) bytes of disk");

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTransactionThatIsLargerThanTheHeap(boolean streaming, TestDatabase database) throws Exception {
        assertComes(database, 32, 200_000, streaming);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("soak")
    void fiveMillionRows(boolean streaming, TestDatabase database) throws Exception {
        assertComes(database, 128, 5_000_000, streaming);
    }

    private static void assertComes(TestDatabase database, int mebibytes, int rows, boolean streaming)
            throws Exception {
        try (FollowedSlot slot = FollowedSlot.of(
                database, "create table big (id int, amount bigint); create publication p for table big")) {
            String said = SmallHeap.run(
                    mebibytes,
                    LargeTransaction.class,
                    database.dsn(),
                    slot.name(),
                    String.valueOf(rows),
                    String.valueOf(streaming));

            Matcher result = SAID.matcher(said);
            assertThat(result.find()).as(said).isTrue();
            assertThat(Integer.parseInt(result.group(1))).isEqualTo(rows);
            long onDisk = Long.parseLong(result.group(2));
            if (streaming) {
                assertThat(onDisk).isGreaterThan(0);
            } else {
                assertThat(onDisk).isZero();
            }
        }
    }
}
