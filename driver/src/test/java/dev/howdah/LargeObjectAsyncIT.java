package dev.howdah;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.UndefinedObjectException;
import dev.howdah.largeobject.LargeObject;
import dev.howdah.largeobject.LargeObjectInfo;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large objects of asynchronous connections. */
class LargeObjectAsyncIT extends AsyncContract {

    @Test
    void oneCallEach(@TempDir Path folder) throws Exception {
        AsyncLargeObjects objects = async.largeObjects();
        byte[] bytes = LargeObjectIT.random(300_000, 1);
        long oid = got(objects.store(bytes));
        assertThat(got(objects.read(oid))).isEqualTo(bytes);
        assertThat(got(objects.size(oid))).isEqualTo(bytes.length);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(got(objects.read(oid, out))).isEqualTo(bytes.length);
        assertThat(out.toByteArray()).isEqualTo(bytes);
        assertThat(got(objects.exportFile(oid, folder.resolve("file")))).isEqualTo(bytes.length);
        long other = got(objects.importFile(folder.resolve("file")));
        got(objects.write(oid, new byte[] {1}));
        assertThat(got(objects.write(other, new ByteArrayInputStream(new byte[2]))))
                .isEqualTo(2);
        assertThat(got(objects.importFile(Files.write(folder.resolve("two"), new byte[5]), 3_999_999_999L)))
                .isEqualTo(3_999_999_999L);
        long empty = got(objects.create());
        assertThat(got(objects.create(3_999_999_998L))).isEqualTo(3_999_999_998L);
        long streamed = got(objects.store(new ByteArrayInputStream(bytes)));
        assertThat(got(objects.list()))
                .extracting(LargeObjectInfo::oid)
                .containsExactlyInAnyOrder(oid, other, 3_999_999_999L, empty, 3_999_999_998L, streamed);
        assertThat(got(objects.orphans())).hasSize(6);
        got(objects.unlink(oid));
        assertThat(got(objects.exists(oid))).isFalse();
        assertThat(got(objects.unlinkOrphans())).isEqualTo(5);
        assertThat(failure(UndefinedObjectException.class, objects.read(oid))).hasMessageContaining("42704");
        assertThat(failure(UncheckedIOException.class, objects.importFile(folder.resolve("missing"))))
                .hasMessageContaining("missing");
    }

    @Test
    void whatIsOpenIsWorkedWithInATransaction() throws Exception {
        long oid = got(async.largeObjects().inTransaction(objects -> {
            try (LargeObject object = objects.openNew()) {
                object.writeText("asynchronous");
                return object.oid();
            }
        }));
        assertThat(new String(got(async.largeObjects().read(oid)), UTF_8)).isEqualTo("asynchronous");
        AsyncTransaction tx = got(async.begin());
        got(tx.largeObjects().write(oid, new byte[3]));
        assertThat(got(tx.largeObjects().size(oid))).isEqualTo(3);
        got(tx.rollback());
        assertThat(got(async.largeObjects().size(oid))).isEqualTo(12);
        got(async.largeObjects().unlink(oid));
    }
}
