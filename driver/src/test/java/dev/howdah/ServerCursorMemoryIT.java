package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large results: pages adapt to the rows, and memory does not grow with the result. */
class ServerCursorMemoryIT extends DriverContract {

    private static final int MEGA = 1 << 20;

    /** Reads all rows of a query; returns how many came with each page. */
    private List<Integer> pages(Path folder, String sql, long memoryTarget) {
        PgConnection traced =
                connect(options().toBuilder().trace(folder.resolve("trace")).build());
        TraceReader trace = new TraceReader(folder.resolve("trace"));
        try (Transaction tx = traced.begin();
                ServerCursor cursor = traced.cursor("c").memoryTarget(memoryTarget)) {
            trace.news();
            cursor.execute(sql);
            while (cursor.fetchOne() != null) {}
            tx.commit();
        }
        List<Integer> pages = new ArrayList<>();
        int rows = 0;
        for (String message : trace.news()) {
            if (message.equals("B DataRow")) {
                rows++;
            } else if (message.equals("B ReadyForQuery") && rows > 0) {
                pages.add(rows);
                rows = 0;
            }
        }
        return pages;
    }

    @Test
    void pagesOfSmallRowsGrowUpToTheTarget(@TempDir Path folder) {
        // Each row has 2 + 4 + 8 bytes, and 8 to keep it.
        List<Integer> pages = pages(folder, "select g::int8 from generate_series(1, 5000) g", 22 * 1000);
        assertThat(pages).startsWith(64, 256, 1000, 1000, 1000);
    }

    @Test
    void whatComesAfterSmallRowsIsExpectedToBeWideIfItMay(@TempDir Path folder) {
        List<Integer> pages = pages(folder, "select 'x'::text from generate_series(1, 3000) g", 256 * 500);
        assertThat(pages).startsWith(64, 256, 500, 500);
    }

    @Test
    void pagesOfWideRowsShrinkAtOnce(@TempDir Path folder) {
        List<Integer> pages = pages(
                folder,
                "select repeat('x', case when g <= 64 then 1 else 100000 end) from generate_series(1, 330) g",
                210_000);
        assertThat(pages).startsWith(64, 256).endsWith(2);
        assertThat(pages.subList(2, pages.size()))
                .allSatisfy(rows -> assertThat(rows).isLessThanOrEqualTo(2));
    }

    @Test
    void memoryDoesNotGrowWithTheResult() {
        int rows = place.amount(1_000_000, 20_000);
        try (Transaction tx = db.begin();
                ServerCursor cursor = db.cursor("big")
                        .execute("select g, repeat('x', 200) from generate_series(1, $1::int) g", rows)) {
            long before = used();
            int count = 0;
            for (Row row : cursor) {
                count++;
                assertThat(row.size()).isEqualTo(2);
                if (count == rows / 2) {
                    assertThat(used() - before).isLessThan(16L * MEGA);
                }
            }
            assertThat(count).isEqualTo(rows);
            assertThat(used() - before).isLessThan(16L * MEGA);
            tx.commit();
        }
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
