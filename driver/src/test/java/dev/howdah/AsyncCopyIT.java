package dev.howdah;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.CopyFailedException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.error.ServerException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SubmissionPublisher;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** COPY as stages. */
class AsyncCopyIT extends AsyncContract {

    private static final String IN = "copy copied from stdin";
    private static final String ENDLESS =
            "copy (select repeat('x', 1000) from (select generate_series(1, 100000000)) g) to stdout";

    @TempDir
    private Path folder;

    @BeforeEach
    void table() throws Exception {
        got(async.execute("create temp table copied (id int, name text)"));
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    @Test
    void inOrderAmongTheOtherOperations() throws Exception {
        CompletableFuture<Long> in = async.copyIn(IN, text("1\ta\n2\tb\n"));
        CompletableFuture<Long> rows = async.copyIn("copied", List.of(), List.of(List.of(3, "c"), List.of(4, "d")));
        Path file = folder.resolve("copied");
        CompletableFuture<Long> out = async.copyOut("copy copied to stdout", file);
        CompletableFuture<Long> back = async.copyIn(IN, file);
        ByteArrayOutputStream some = new ByteArrayOutputStream();
        CompletableFuture<Long> last = async.copyOut("copy (select name from copied where id = $1) to stdout", some, 3);
        assertThat(got(in)).isEqualTo(2);
        assertThat(got(rows)).isEqualTo(2);
        assertThat(got(out)).isEqualTo(4);
        assertThat(got(back)).isEqualTo(4);
        assertThat(got(last)).isEqualTo(2);
        assertThat(some.toString(UTF_8)).isEqualTo("c\nc\n");
        assertThat(Files.readString(file)).isEqualTo("1\ta\n2\tb\n3\tc\n4\td\n");
    }

    @Test
    void publishersBothWays() throws Exception {
        try (SubmissionPublisher<ByteBuffer> data = new SubmissionPublisher<>();
                SubmissionPublisher<List<Object>> rows = new SubmissionPublisher<>()) {
            CompletableFuture<Long> in = async.copyIn(IN, data);
            CompletableFuture<Long> more = async.copyIn("copied", List.of("name", "id"), rows);
            awaitSubscriber(data);
            data.submit(ByteBuffer.wrap("1\ta\n".getBytes(UTF_8)));
            data.close();
            assertThat(got(in)).isEqualTo(1);
            awaitSubscriber(rows);
            rows.submit(List.of("b", 2));
            rows.close();
            assertThat(got(more)).isEqualTo(1);
        }
        var publisher = async.publishCopy("copy copied to stdout");
        CompletableFuture<Long> behind = async.queryValue("select count(*) from copied", Long.class);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuffer piece : CollectingSubscriber.all(publisher)) {
            all.write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
        }
        assertThat(all.toString(UTF_8)).isEqualTo("1\ta\n2\tb\n");
        assertThat(got(behind)).isEqualTo(2);
    }

    @Test
    void whatFailsIsTheStagesFailure() throws Exception {
        IOException full = new IOException("full");
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                throw full;
            }
        };
        assertThat(failure(CopyFailedException.class, async.copyOut(ENDLESS, broken)))
                .hasCause(full);
        failure(ServerException.class, async.copyIn(IN, text("x\n")));
        failure(IllegalArgumentException.class, async.copyIn("select 1", text("x\n")));
        failure(
                QueryTimeoutException.class,
                async.withTimeout(Duration.ofMillis(150)).copyOut(ENDLESS, OutputStream.nullOutputStream()));
        assertThat(got(async.queryValue("select count(*) from copied", Long.class)))
                .isZero();
    }

    @Test
    void aCancelledStageEndsItsCopy() throws Exception {
        CompletableFuture<Boolean> begun = new CompletableFuture<>();
        OutputStream telling = new OutputStream() {
            @Override
            public void write(int one) {
                begun.complete(true);
            }
        };
        CompletableFuture<Long> endless = async.copyOut(ENDLESS, telling);
        got(begun);
        endless.cancel(true);
        assertThat(got(async.queryValue("select 1", Integer.class))).isEqualTo(1);
    }

    @Test
    void insideATransaction() throws Exception {
        AsyncTransaction tx = got(async.begin());
        assertThat(got(tx.copyIn(IN, text("1\ta\n")))).isEqualTo(1);
        assertThat(CollectingSubscriber.all(tx.publishCopy("copy copied to stdout")))
                .hasSize(1);
        got(tx.rollback());
        assertThat(got(async.queryValue("select count(*) from copied", Long.class)))
                .isZero();
    }
}
