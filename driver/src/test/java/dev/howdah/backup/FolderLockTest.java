package dev.howdah.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FolderLockTest {

    @TempDir
    Path folder;

    @Test
    void oneHasItAtATimeAndItsFileGoesWithHim() throws Exception {
        Files.writeString(folder.resolve("lock"), "of somebody who was killed");
        try (FolderLock lock = FolderLock.take(folder, "lock")) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> FolderLock.take(folder, "lock"))
                    .isInstanceOfSatisfying(
                            BackupException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FOLDER_IN_USE))
                    .hasMessageContaining(folder.toString());
        }
        assertThat(folder).isEmptyDirectory();
        FolderLock.take(folder, "lock").close();
    }

    @Test
    void twoNeverHaveItThoughTheFileGoesAndComes() throws Exception {
        AtomicInteger holders = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4; i++) {
                all.add(threads.submit(() -> {
                    for (int tries = 0; tries < 300; tries++) {
                        try (FolderLock lock = FolderLock.take(folder, "lock")) {
                            most.accumulateAndGet(holders.incrementAndGet(), Math::max);
                            taken.incrementAndGet();
                            holders.decrementAndGet();
                        } catch (BackupException e) {
                            assertThat(e.reason()).isEqualTo(Reason.FOLDER_IN_USE);
                        }
                    }
                }));
            }
        }
        for (Future<?> each : all) {
            each.get();
        }
        assertThat(taken).hasPositiveValue();
        assertThat(most).hasValue(1);
    }
}
