package dev.howdah.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ProtocolException;
import dev.howdah.type.TypeRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is remembered of tables is bounded. */
class PrintedChangesTest {

    private final List<PgOutputMessage> told = new ArrayList<>();

    private void insert(PrintedChanges changes, String table, int columns) {
        PrintedRow row = new PrintedRow();
        for (int i = 0; i < columns; i++) {
            row.add(new PrintedRow.Column("c" + i, "text", 0), PrintedRow.Value.NULL);
        }
        changes.insert(new PrintedChanges.TableName("public", table), row, Set.of(), told::add);
    }

    @Test
    void moreTablesThanFitAreRefused() {
        PrintedChanges changes = new PrintedChanges(TypeRegistry.global(), false, 100_000);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1000; i++) {
                        insert(changes, "t" + i, 10);
                    }
                })
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("100000 bytes");
        assertThat(told).hasSizeBetween(20, 60);
        // Those that are known can be told of again, and again.
        for (int i = 0; i < 1000; i++) {
            insert(changes, "t0", 9 + i % 2);
        }
    }
}
