package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
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

    private static void assertComesBack(TestDatabase database, long size) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        Objects.requireNonNull(System.getProperty(
                                "surefire.test.class.path",
                                Objects.requireNonNull(System.getProperty("java.class.path")))),
                        LargeObjectRoundTrip.class.getName(),
                        database.dsn(Roles.TRUST) + " sslmode=disable",
                        String.valueOf(size))
                .redirectErrorStream(true)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(said).isZero();
        assertThat(said).contains("the same " + size + " bytes");
    }
}
