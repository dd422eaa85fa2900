package dev.howdah;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.CopyFailedException;
import dev.howdah.error.Delivery;
import dev.howdah.error.FailedTransactionException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.error.SyntaxErrorException;
import dev.howdah.error.UnexpectedCopyException;
import dev.howdah.event.Notice;
import dev.howdah.event.QueryEvent;
import dev.howdah.event.QueryEvent.Kind;
import dev.howdah.largeobject.LargeObject;
import dev.howdah.sql.Identifier;
import dev.howdah.sql.Literal;
import dev.howdah.sql.Sql;
import dev.howdah.testkit.Await;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data as they are, to the server and back. */
class CopyIT extends DriverContract {

    private static final String IN = "copy copied from stdin";
    private static final String OUT = "copy copied to stdout";

    @TempDir
    private Path folder;

    @BeforeEach
    void table() {
        db.execute("create temp table copied (id int, name text)");
    }

    static InputStream lines(int rows) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            text.append(i).append("\tname ").append(i).append('\n');
        }
        return stream(text.toString());
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    private long count() {
        return db.queryValue("select count(*) from copied", Long.class);
    }

    private String out(String sql, Object... parameters) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        db.copyOut(sql, text, parameters);
        return text.toString(UTF_8);
    }

    private void assertUsable() {
        assertThat(db.queryValue("select 40 + $1::int", Integer.class, 2)).isEqualTo(42);
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
    }

    @Test
    void everySourceAndSinkInEveryFormat() throws Exception {
        int rows = 20_000;
        assertThat(db.copyIn(IN, lines(rows))).isEqualTo(rows);
        for (String format : List.of("text", "csv", "binary")) {
            String to = "copy (select * from copied order by id) to stdout (format " + format + ")";
            String from = "copy copied from stdin (format " + format + ")";
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            assertThat(db.copyOut(to, stream)).isEqualTo(rows);
            byte[] data = stream.toByteArray();

            Path file = folder.resolve(format);
            assertThat(db.copyOut(to, file)).isEqualTo(rows);
            assertThat(Files.readAllBytes(file)).isEqualTo(data);
            ByteArrayOutputStream channel = new ByteArrayOutputStream();
            assertThat(db.copyOut(to, Channels.newChannel(channel))).isEqualTo(rows);
            assertThat(channel.toByteArray()).isEqualTo(data);

            db.execute("truncate copied");
            assertThat(db.copyIn(from, file)).isEqualTo(rows);
            assertThat(db.copyIn(from, new ByteArrayInputStream(data))).isEqualTo(rows);
            assertThat(db.copyIn(from, Channels.newChannel(new ByteArrayInputStream(data))))
                    .isEqualTo(rows);
            assertThat(db.queryOne("select count(*), count(distinct (id, name)) from copied")
                            .getLong(0))
                    .isEqualTo(3L * rows);
            db.execute("delete from copied where ctid not in (select min(ctid) from copied group by id)");
            assertThat(count()).isEqualTo(rows);
        }
    }

    @Test
    void valuesBecomeLiteralsWhereTheTextIsCode() {
        db.copyIn(IN, lines(5));
        assertThat(out(
                        "copy (select id, '$1' /* $1 */ as \"$1\", $1 from copied where id < $2) to stdout",
                        "it's \\",
                        2))
                .isEqualTo("0\t$1\tit's \\\\\n1\t$1\tit's \\\\\n");
        assertThat(db.copyIn(
                        Sql.of("copy {} from stdin (delimiter {})").format(Identifier.of("copied"), new Literal(";")),
                        stream("7;x\n")))
                .isEqualTo(1);
        assertThatThrownBy(() -> out("copy (select $1, $2) to stdout", 1)).isInstanceOf(IllegalArgumentException.class);
        assertUsable();
    }

    @Test
    void optionsOfTheServerPassThrough() {
        assertThat(db.copyIn(
                        "copy copied (name, id) from stdin (format csv, header, null 'none', force_not_null (name))",
                        stream("name,id\n\"a,\"\"b\",1\nnone,none\n")))
                .isEqualTo(2);
        assertThat(out("copy copied to stdout (format csv, force_quote (name))"))
                .isEqualTo("1,\"a,\"\"b\"\n,\"none\"\n");
        assertThat(db.copyIn("copy copied from stdin where id > 10", lines(20))).isEqualTo(9);
    }

    @Test
    void aBadRowIsNamedByTheServerAndNothingIsStored() {
        ServerException refused = thrown(ServerException.class, () -> db.copyIn(IN, stream("1\ta\nx\tb\n3\tc\n")));
        assertThat(refused.sqlState()).isEqualTo(SqlState.INVALID_TEXT_REPRESENTATION);
        assertThat(refused.diagnostics().context()).contains("line 2").contains("id");
        assertThat(refused.delivery()).isEqualTo(Delivery.REFUSED);
        assertThat(count()).isZero();
        assertUsable();
    }

    /** The server refuses the first row while the rest, more than all buffers hold, is still to come. */
    @Test
    void aRefusalInTheMiddleStopsTheSource() {
        byte[] row = ("x\t" + "y".repeat(60_000) + "\n").getBytes(UTF_8);
        assertThatThrownBy(() -> db.copyIn(IN, new Pieces(() -> row))).hasMessageContaining("22P02");
        assertUsable();
    }

    @Test
    void aSourceThatThrowsIsTheCause() {
        for (Exception thrown : List.of(
                new IOException("on purpose"),
                new IllegalStateException("x".repeat(20_000) + "\0"),
                new RuntimeException())) {
            AtomicBoolean given = new AtomicBoolean();
            InputStream broken = new Pieces(() -> {
                if (given.compareAndSet(false, true)) {
                    return "1\ta\n".getBytes(UTF_8);
                } else if (thrown instanceof IOException failure) {
                    throw failure;
                }
                throw (RuntimeException) thrown;
            });
            CopyFailedException failed = thrown(CopyFailedException.class, () -> db.copyIn(IN, broken));
            assertThat(failed).hasCause(thrown).hasNoSuppressedExceptions();
            assertThat(failed.delivery()).isEqualTo(Delivery.REFUSED);
            assertThat(count()).isZero();
            assertUsable();
        }
    }

    @Test
    void aSinkThatThrowsIsTheCause() {
        IOException thrown = new IOException("the disk is full");
        OutputStream full = new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                throw thrown;
            }
        };
        String endless = "copy (select repeat('x', 1000) from (select generate_series(1, 100000000)) g) to stdout";
        CopyFailedException failed = thrown(CopyFailedException.class, () -> db.copyOut(endless, full));
        assertThat(failed).hasCause(thrown).hasMessageContaining("the disk is full");
        assertThat(failed.delivery()).isEqualTo(Delivery.COMPLETED);
        assertUsable();
    }

    @Test
    void filesThatCannotBeOpened() {
        Path missing = folder.resolve("missing").resolve("file");
        CopyFailedException unread = thrown(CopyFailedException.class, () -> db.copyIn(IN, missing));
        assertThat(unread).hasCauseInstanceOf(NoSuchFileException.class);
        assertThat(unread.delivery()).isEqualTo(Delivery.NOT_SENT);
        assertThatThrownBy(() -> db.copyOut(OUT, missing))
                .isInstanceOf(CopyFailedException.class)
                .hasCauseInstanceOf(NoSuchFileException.class);
        assertUsable();
    }

    @Test
    void aCopyThatIsRefusedLeavesTheFileAsItWas() throws Exception {
        Path file = folder.resolve("kept");
        Files.writeString(file, "kept");
        assertThatThrownBy(() -> db.copyOut("copy nowhere to stdout", file)).hasMessageContaining("42P01");
        assertThat(file).hasContent("kept");
    }

    @Test
    void theOtherWayAndNoCopyAtAll() throws Exception {
        UnexpectedCopyException outward =
                thrown(UnexpectedCopyException.class, () -> db.copyIn("copy (select 1) to stdout", lines(1)));
        assertThat(outward.direction()).isEqualTo(UnexpectedCopyException.Direction.OUT);
        assertUsable();
        UnexpectedCopyException inward =
                thrown(UnexpectedCopyException.class, () -> db.copyOut(IN, OutputStream.nullOutputStream()));
        assertThat(inward.direction()).isEqualTo(UnexpectedCopyException.Direction.IN);
        assertUsable();
        assertThatThrownBy(() -> db.copyIn("delete from copied", lines(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("COPY");
        assertThatThrownBy(() -> db.copyIn(IN + "; drop table copied", lines(1)))
                .isInstanceOf(SyntaxErrorException.class);
        assertThatThrownBy(() -> db.copyIn("copy nowhere from stdin", lines(1))).hasMessageContaining("42P01");
        try (SocketChannel nonBlocking = SocketChannel.open()) {
            nonBlocking.configureBlocking(false);
            assertThatThrownBy(() -> db.copyIn(IN, nonBlocking)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(count()).isZero();
        assertUsable();
    }

    @Test
    void insideATransaction() {
        try (Transaction tx = db.begin()) {
            db.copyIn(IN, lines(3));
            tx.rollback();
        }
        assertThat(count()).isZero();
        try (Transaction tx = db.begin()) {
            db.copyIn(IN, lines(3));
            assertThat(out(OUT).lines()).hasSize(3);
            tx.commit();
        }
        assertThat(count()).isEqualTo(3);
        try (Transaction tx = db.begin()) {
            assertThatThrownBy(() -> db.copyIn(IN, stream("x\n"))).isInstanceOf(ServerException.class);
            assertThatThrownBy(() -> db.query("select 1")).isInstanceOf(FailedTransactionException.class);
            tx.rollback();
        }
        db.setAutocommit(false);
        db.copyIn(IN, lines(2));
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IN_TRANSACTION);
        db.rollback();
        db.setAutocommit(true);
        assertThat(count()).isEqualTo(3);
    }

    /** What has been written to the object and not been sent yet goes first. */
    @Test
    void afterALargeObjectThatIsOpen() throws Exception {
        byte[] data = "kept".repeat(1_000).getBytes(UTF_8);
        long oid;
        try (Transaction tx = db.begin()) {
            LargeObject object = db.createLargeObject();
            oid = object.oid();
            object.write(ByteBuffer.wrap(data));
            db.copyIn(IN, lines(3));
            object.write(ByteBuffer.wrap(data));
            assertThat(out(OUT).lines()).hasSize(3);
            object.close();
            tx.commit();
        }
        assertThat(count()).isEqualTo(3);
        assertThat(db.queryValue("select length(lo_get($1))", Integer.class, oid))
                .isEqualTo(2 * data.length);
        db.largeObjects().unlink(oid);
    }

    /** A source of what is put into a queue; an empty text is its end. */
    private static InputStream held(BlockingQueue<String> more) {
        return new Pieces(() -> {
            String next = more.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing came");
            }
            return next.isEmpty() ? null : next.getBytes(UTF_8);
        });
    }

    @Test
    void noticesAreHeardWhileTheCopyRuns() throws Exception {
        db.execute("""
                create function pg_temp.tell() returns trigger language plpgsql as $$
                begin raise notice 'row %', new.id; return new; end $$;
                create trigger tell before insert on copied for each row execute function pg_temp.tell()
                """);
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        Consumer<Notice> listener = notice -> heard.add(notice.diagnostics().messagePrimary());
        db.addLogListener(listener);
        String[] first = new String[1];
        AtomicInteger given = new AtomicInteger();
        InputStream untilHeard = new Pieces(() -> {
            first[0] = heard.poll(10, TimeUnit.MILLISECONDS);
            return first[0] != null || given.get() == 6_000
                    ? null
                    : (given.getAndIncrement() + "\t" + "a".repeat(40_000) + "\n").getBytes(UTF_8);
        });
        db.copyIn(IN, untilHeard);
        assertThat(first[0]).isEqualTo("row 0");
        db.removeLogListener(listener);
    }

    @Test
    void manyNoticesAndManyDataDoNotBlockEachOther() {
        db.execute("""
                create function pg_temp.shout() returns trigger language plpgsql as $$
                begin raise notice '%', repeat('n', 4000); return new; end $$;
                create trigger shout before insert on copied for each row execute function pg_temp.shout()
                """);
        int rows = place.amount(20_000, 3_000);
        assertThat(db.copyIn(IN, lines(rows))).isEqualTo(rows);
    }

    @Test
    void nothingElseRunsMeanwhile() throws Exception {
        BlockingQueue<String> more = new LinkedBlockingQueue<>(List.of("1\ta\n"));
        InputStream source = held(more);
        BlockingQueue<Throwable> own = new LinkedBlockingQueue<>();
        InputStream asking = new FilterInputStream(source) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                own.add(catchThrowable(() -> db.query("select 1")));
                return super.read(into, offset, length);
            }
        };
        var waiting = elsewhere(() -> {
            assertThat(own.take()).isInstanceOf(IllegalStateException.class).hasMessageContaining("COPY");
            var other = elsewhereAndWaiting(() -> count());
            more.add("");
            return result(other);
        });
        assertThat(db.copyIn(IN, asking)).isEqualTo(1);
        assertThat(result(waiting)).isEqualTo(1);
    }

    @Test
    void loggersAreToldOnceWhateverTheOutcome() {
        ConcurrentLinkedQueue<QueryEvent> events = new ConcurrentLinkedQueue<>();
        db.addQueryLogger(events::add);
        db.copyIn(IN, lines(7));
        db.copyOut("copy (select * from copied where id < $1) to stdout", OutputStream.nullOutputStream(), 3);
        assertThatThrownBy(() -> db.copyIn(IN, stream("x"))).isInstanceOf(ServerException.class);
        assertThatThrownBy(() -> db.copyIn("copy nowhere from stdin", lines(1))).isInstanceOf(ServerException.class);
        assertThat(events).extracting(QueryEvent::kind).containsOnly(Kind.COPY).hasSize(4);
        List<QueryEvent> told = new ArrayList<>(events);
        assertThat(told).extracting(QueryEvent::rows).containsExactly(7L, 3L, -1L, -1L);
        assertThat(told.get(1).sql()).contains("$1");
        assertThat(told.get(1).parameters()).containsExactly(3);
        assertThat(told.get(2).exception()).isInstanceOf(ServerException.class);
    }

    private void awaitState(String state) {
        Await.until(
                "the server is " + state,
                Duration.ofSeconds(PATIENCE_SECONDS),
                () -> activity(db, "state").equals(state));
    }

    @Test
    void aKilledServerIsSaidSo() {
        expectLost(db);
        BlockingQueue<String> more = new LinkedBlockingQueue<>(List.of("1\ta\n"));
        InputStream source = held(more);
        int pid = db.info().backendPid();
        var killed = elsewhere(() -> {
            awaitState("active");
            database().execute("select pg_terminate_backend(" + pid + ")");
            awaitState("gone");
            for (int i = 0; i < 100; i++) {
                more.add("2\t" + "b".repeat(30_000) + "\n");
            }
            more.add("");
            return true;
        });
        assertThatThrownBy(() -> db.copyIn(IN, source))
                .isInstanceOf(ConnectionLostException.class)
                .hasMessageContaining("57P01");
        assertThat(killed).succeedsWithin(Duration.ofSeconds(PATIENCE_SECONDS));
    }
}
