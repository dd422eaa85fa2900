package dev.howdah.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The log's thread and the files' make the same folders of a backup, maybe at once. */
@Timeout(60)
class FoldersMadeAtOnceTest {

    private static final int ROUNDS = 2_000;

    @TempDir
    private Path root;

    /** Something that makes the folder of that name. */
    private interface Maker {
        void make(String name) throws Exception;
    }

    private void atOnce(Maker one, Maker other) throws Exception {
        try (ExecutorService second = Executors.newSingleThreadExecutor()) {
            CyclicBarrier together = new CyclicBarrier(2);
            Future<?> others = second.submit(() -> {
                for (int i = 0; i < ROUNDS; i++) {
                    together.await(30, TimeUnit.SECONDS);
                    other.make("folder" + i);
                }
                return null;
            });
            for (int i = 0; i < ROUNDS; i++) {
                together.await(30, TimeUnit.SECONDS);
                one.make("folder" + i);
            }
            others.get();
        }
        assertThat(root).isDirectoryContaining(folder -> folder.endsWith("folder" + (ROUNDS - 1)));
    }

    @Test
    void byTwoThatNeedIt() throws Exception {
        atOnce(
                name -> DurableFiles.createFolder(root.resolve(name)),
                name -> DurableFiles.createFolder(root.resolve(name)));
    }

    @Test
    void byOneThatUnpacksIt() throws Exception {
        Unpacking unpacking = new Unpacking("base.tar", root, null, name -> {});
        atOnce(
                name -> unpacking.begin(new TarEntry(name, TarEntry.Kind.FOLDER, 0, 0700, 0, "")),
                name -> DurableFiles.createFolder(root.resolve(name)));
        assertThat(Files.isDirectory(root.resolve("folder0"))).isTrue();
    }
}
