package dev.howdah;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.howdah.error.InsufficientPrivilegeException;
import dev.howdah.error.PgException;
import dev.howdah.error.ReadOnlyTransactionException;
import dev.howdah.error.ServerException;
import dev.howdah.error.UndefinedObjectException;
import dev.howdah.error.UniqueViolationException;
import dev.howdah.event.QueryEvent;
import dev.howdah.largeobject.LargeObject;
import dev.howdah.largeobject.LargeObjectInfo;
import dev.howdah.largeobject.LargeObjectMode;
import dev.howdah.largeobject.LargeObjectPrivilege;
import dev.howdah.largeobject.LargeObjects;
import dev.howdah.testkit.Roles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done with large objects in one call, in a transaction of its own or within one; files; and what the catalog knows. */
class LargeObjectsIT extends DriverContract {

    private LargeObjects objects;

    @BeforeEach
    void objects() {
        database().execute("grant create on database " + database().name() + " to app_trust");
        objects = db.largeObjects();
    }

    @AfterEach
    void nothingIsLeft() {
        objects.list().forEach(info -> objects.unlink(info.oid()));
    }

    private static InputStream failing(byte[] before) {
        return new SequenceInputStream(new ByteArrayInputStream(before), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the source is broken");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return read();
            }
        });
    }

    @Test
    void oneCallEachOutsideATransaction() throws IOException {
        byte[] bytes = LargeObjectIT.random(200_000, 1);
        long oid = objects.store(bytes);
        assertThat(objects.read(oid)).isEqualTo(bytes);
        assertThat(objects.size(oid)).isEqualTo(bytes.length);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(objects.read(oid, 150_000, out)).isEqualTo(50_000);
        assertThat(out.toByteArray()).isEqualTo(java.util.Arrays.copyOfRange(bytes, 150_000, 200_000));
        objects.write(oid, new byte[] {1, 2, 3});
        assertThat(objects.read(oid)).containsExactly(1, 2, 3);
        assertThat(objects.write(oid, new ByteArrayInputStream(bytes))).isEqualTo(bytes.length);
        assertThat(objects.read(oid)).isEqualTo(bytes);
        objects.unlink(oid);
        assertThat(objects.exists(oid)).isFalse();
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
    }

    @Test
    void whatIsNotThereIsUndefined() {
        assertThatThrownBy(() -> objects.read(4_000_000_000L)).isInstanceOf(UndefinedObjectException.class);
        assertThatThrownBy(() -> objects.size(4_000_000_000L)).isInstanceOf(UndefinedObjectException.class);
        assertThatThrownBy(() -> objects.unlink(4_000_000_000L)).isInstanceOf(UndefinedObjectException.class);
        assertThatThrownBy(() -> objects.write(4_000_000_000L, new byte[1]))
                .isInstanceOf(UndefinedObjectException.class);
        assertThat(objects.info(4_000_000_000L)).isNull();
    }

    @Test
    void createdWithAndWithoutAnOid() {
        long oid = objects.create();
        assertThat(objects.size(oid)).isZero();
        assertThat(objects.create(3_123_456_789L)).isEqualTo(3_123_456_789L);
        assertThat(objects.exists(3_123_456_789L)).isTrue();
        assertThatThrownBy(() -> objects.create(oid)).isInstanceOf(UniqueViolationException.class);
    }

    @Test
    void aFailingSourceLeavesNothing() {
        int before = objects.list().size();
        assertThatThrownBy(() -> objects.store(failing(new byte[300_000]))).hasMessageContaining("source is broken");
        assertThat(objects.list()).hasSize(before);
        long oid = objects.store(new byte[] {1});
        assertThatThrownBy(() -> objects.write(oid, failing(new byte[300_000]))).isInstanceOf(IOException.class);
        assertThat(objects.read(oid)).containsExactly(1);
    }

    @Test
    void aFailingSinkLeavesTheConnectionUsable() {
        long oid = objects.store(new byte[3_000_000]);
        assertThatThrownBy(() -> objects.read(oid, new OutputStream() {
                    @Override
                    public void write(int one) throws IOException {
                        throw new IOException("the sink is full");
                    }
                }))
                .hasMessageContaining("sink is full");
        assertThat(objects.size(oid)).isEqualTo(3_000_000);
    }

    @Test
    void withinATransactionAFailureUndoesTheCallOnly() {
        try (Transaction tx = db.begin()) {
            long oid = objects.store(new byte[] {1, 2});
            assertThatThrownBy(() -> objects.read(1)).isInstanceOf(UndefinedObjectException.class);
            assertThatThrownBy(() -> objects.write(oid, failing(new byte[100_000])))
                    .isInstanceOf(IOException.class);
            assertThat(objects.read(oid)).containsExactly(1, 2);
            tx.commit();
        }
        assertThat(objects.list()).hasSize(1);
    }

    @Test
    void inTransactionGivesWhatItNeeds() {
        long oid = objects.inTransaction(in -> {
            try (LargeObject object = in.openNew()) {
                object.writeText("in one transaction");
                return object.oid();
            }
        });
        assertThatThrownBy(() -> objects.inTransaction(in -> {
                    in.unlink(oid);
                    throw new IOException("no");
                }))
                .isInstanceOf(IOException.class);
        assertThat(new String(objects.read(oid), UTF_8)).isEqualTo("in one transaction");
    }

    @Test
    void anExportThatIsRefusedLeavesTheFileAsItWas(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("kept");
        Files.writeString(file, "kept");
        assertThatThrownBy(() -> db.largeObjects().exportFile(4_000_000_000L, file))
                .isInstanceOf(UndefinedObjectException.class);
        assertThat(file).hasContent("kept");
    }

    @Test
    void filesInAndOut(@TempDir Path folder) throws IOException {
        byte[] bytes = LargeObjectIT.random(5_000_000, 9);
        Path file = Files.write(folder.resolve("in"), bytes);
        long oid = objects.importFile(file);
        assertThat(objects.exportFile(oid, folder.resolve("out"))).isEqualTo(bytes.length);
        assertThat(folder.resolve("out")).hasBinaryContent(bytes);
        assertThat(objects.importFile(file, 3_333_333_333L)).isEqualTo(3_333_333_333L);
        assertThat(objects.read(3_333_333_333L)).isEqualTo(bytes);
        assertThatThrownBy(() -> objects.importFile(file, 3_333_333_333L)).isInstanceOf(UniqueViolationException.class);
        try (Transaction tx = db.begin()) {
            LargeObject object = db.importLargeObject(file);
            assertThat(object.tell()).isZero();
            assertThat(object.read(5)).isEqualTo(java.util.Arrays.copyOf(bytes, 5));
            assertThat(object.export(folder.resolve("open"))).isEqualTo(bytes.length);
            assertThat(object.tell()).isEqualTo(5);
            LargeObject other = db.importLargeObject(file, 3_333_333_334L);
            assertThat(other.oid()).isEqualTo(3_333_333_334L);
            other.close();
            assertThat(other.export(folder.resolve("closed"))).isEqualTo(bytes.length);
            object.close();
            tx.commit();
            assertThat(object.export(folder.resolve("ended"))).isEqualTo(bytes.length);
        }
        for (String name : List.of("open", "closed", "ended")) {
            assertThat(folder.resolve(name)).hasBinaryContent(bytes);
        }
    }

    @Test
    void aFileThatIsNotThereLeavesTheTransactionUsable(@TempDir Path folder) {
        Path missing = folder.resolve("missing").resolve("file");
        assertThatThrownBy(() -> objects.importFile(missing)).isInstanceOf(NoSuchFileException.class);
        try (Transaction tx = db.begin()) {
            int before = objects.list().size();
            assertThatThrownBy(() -> db.importLargeObject(missing)).isInstanceOf(NoSuchFileException.class);
            assertThatThrownBy(() -> db.importLargeObject(folder)).isInstanceOf(IOException.class);
            LargeObject object = db.createLargeObject();
            assertThatThrownBy(() -> object.export(missing)).isInstanceOf(NoSuchFileException.class);
            assertThat(objects.list()).hasSize(before + 1);
            object.unlink();
            tx.commit();
        }
    }

    @Test
    void commentsAndOwnersAreListed() {
        long plain = objects.create();
        long other = objects.create();
        String hard = "it's \\ \"quoted\" -- ; $1 %s \u20ac";
        objects.comment(other, hard);
        assertThat(objects.list())
                .extracting(
                        LargeObjectInfo::oid, LargeObjectInfo::owner, LargeObjectInfo::comment, LargeObjectInfo::acl)
                .containsExactlyInAnyOrder(
                        tuple(plain, "app_trust", null, null), tuple(other, "app_trust", hard, null));
        db.execute("set standard_conforming_strings to off");
        objects.comment(other, "back\\slash");
        db.execute("reset standard_conforming_strings");
        assertThat(objects.info(other)).isEqualTo(new LargeObjectInfo(other, "app_trust", "back\\slash", null));
        objects.comment(other, null);
        assertThat(objects.info(other)).isEqualTo(new LargeObjectInfo(other, "app_trust", null, null));
        assertThatThrownBy(() -> objects.comment(1, "x")).isInstanceOf(UndefinedObjectException.class);
    }

    @Test
    void rightsAreGivenAndTaken() {
        long oid = objects.store(new byte[] {5});
        String user = Roles.SCRAM.name();
        try (PgConnection guest = Howdah.connect(place.dsn(database(), Roles.SCRAM))) {
            LargeObjects his = guest.largeObjects();
            assertThatThrownBy(() -> his.read(oid))
                    .isInstanceOfSatisfying(
                            InsufficientPrivilegeException.class,
                            e -> assertThat(e.sqlState().code()).isEqualTo("42501"));
            assertThat(his.exists(oid)).isTrue();
            objects.grant(oid, LargeObjectPrivilege.SELECT, user);
            assertThat(his.read(oid)).containsExactly(5);
            assertThatThrownBy(() -> his.write(oid, new byte[1])).isInstanceOf(InsufficientPrivilegeException.class);
            objects.grant(oid, LargeObjectPrivilege.UPDATE, user);
            his.write(oid, new byte[] {6, 7});
            LargeObjectInfo info = objects.info(oid);
            assertThat(info.acl()).contains(user + "=rw/");
            assertThatThrownBy(() -> his.unlink(oid)).isInstanceOf(InsufficientPrivilegeException.class);
            assertThatThrownBy(() -> his.comment(oid, "mine")).isInstanceOf(InsufficientPrivilegeException.class);
            objects.revoke(oid, LargeObjectPrivilege.SELECT, user);
            assertThatThrownBy(() -> his.size(oid)).isInstanceOf(InsufficientPrivilegeException.class);
            objects.grant(oid, LargeObjectPrivilege.SELECT, "public");
            assertThat(his.read(oid)).containsExactly(6, 7);
            assertThatThrownBy(() -> objects.grant(oid, LargeObjectPrivilege.SELECT, "no\"body"))
                    .isInstanceOf(PgException.class)
                    .hasMessageContaining("no\"body");
            database().execute("alter large object " + oid + " owner to " + user);
            assertThatThrownBy(() -> objects.owner(oid, "app_trust")).isInstanceOf(PgException.class);
            his.unlink(oid);
        }
    }

    @Test
    void orphansAreThoseThatNoTableHas() {
        long inTable = objects.create();
        long inDomain = objects.create();
        long inArray = objects.create();
        long inView = objects.create();
        long orphan = objects.create();
        db.script("create domain \"Lob\" as oid; create domain lob2 as \"Lob\";"
                + "create schema \"odd schema\"; create table \"odd schema\".\"T\"\"x\" (\"O id\" oid, d lob2, a oid[]);"
                + "create table numbers (n int); insert into numbers values (" + orphan % 1000 + ")");
        db.execute("insert into \"odd schema\".\"T\"\"x\" values ($1, $2, array[$3::oid])", inTable, inDomain, inArray);
        db.execute("create materialized view seen as select " + inView + "::oid as o");
        assertThat(objects.orphans()).containsExactly(orphan);
        assertThat(objects.exists(orphan)).isTrue();
        assertThat(objects.unlinkOrphans()).isEqualTo(1);
        assertThat(objects.orphans()).isEmpty();
        assertThat(objects.unlinkOrphans()).isZero();
        assertThat(objects.list()).hasSize(4);
        db.script(
                "drop materialized view seen; drop schema \"odd schema\" cascade; drop domain lob2; drop domain \"Lob\";"
                        + "drop table numbers");
        assertThat(objects.orphans()).hasSize(4);
    }

    @Test
    void manyOrphansAreRemovedInSteps() {
        int many = place.amount(2_500, 1_050);
        db.query("select lo_create(0) from generate_series(1, $1::int)", many);
        assertThat(objects.orphans()).hasSize(many);
        assertThat(objects.unlinkOrphans()).isEqualTo(many);
        assertThat(objects.list()).isEmpty();
    }

    @Test
    void readOnlyTransactionsRefuseFrom16On() {
        try (Transaction tx = db.begin(new TransactionMode(null, true, null))) {
            if (place.version() >= 16) {
                assertThatThrownBy(() -> db.createLargeObject()).isInstanceOf(ReadOnlyTransactionException.class);
            } else {
                assertThat(db.createLargeObject().oid()).isPositive();
            }
            tx.rollback();
        }
    }

    @Test
    void noSearchPathLeadsElsewhere() {
        db.script("create schema trap; set search_path to trap, pg_catalog;"
                + "create function trap.lo_open(oid, int) returns int language sql as 'select 1/0';"
                + "create function trap.loread(int, int) returns bytea language sql as 'select ''trap''::bytea';"
                + "create function trap.lo_creat(int) returns oid language sql as 'select 1::oid';"
                + "create operator trap.= (leftarg = oid, rightarg = oid, function = pg_catalog.oidne);"
                + "create table trap.t (o oid)");
        try {
            long oid = objects.store("no trap".getBytes(UTF_8));
            assertThat(new String(objects.read(oid), UTF_8)).isEqualTo("no trap");
            long orphan = objects.create();
            db.execute("insert into trap.t values ($1)", oid);
            assertThat(objects.orphans()).containsExactly(orphan);
            assertThat(objects.info(oid).oid()).isEqualTo(oid);
            objects.unlink(oid);
        } finally {
            db.script("reset search_path; drop schema trap cascade");
        }
    }

    @Test
    void loggersHearOfEveryTripAndOfNoContent() {
        List<QueryEvent> events = Collections.synchronizedList(new ArrayList<>());
        long oid = objects.store("secret content".getBytes(UTF_8));
        db.addQueryLogger(events::add);
        objects.read(oid);
        try (Transaction tx = db.begin()) {
            LargeObject object = db.largeObject(oid, LargeObjectMode.READ_WRITE);
            object.write("secret".getBytes(UTF_8));
            object.seek(1);
            object.size();
            object.resize(3);
            object.close();
            tx.commit();
        }
        objects.unlink(oid);
        assertThat(events)
                .filteredOn(e -> e.kind() == QueryEvent.Kind.LARGE_OBJECT)
                .extracting(QueryEvent::sql)
                .containsExactly(
                        "select pg_catalog.lo_open($1::pg_catalog.oid, $2)::pg_catalog.int8",
                        "select pg_catalog.loread(0, 1048576)",
                        "select pg_catalog.lo_close(0)",
                        "select pg_catalog.lo_open($1::pg_catalog.oid, $2)::pg_catalog.int8",
                        "select pg_catalog.lo_lseek64(0, 0, 2)",
                        "select pg_catalog.lo_truncate64(0, 3)",
                        "select pg_catalog.lo_close(0)",
                        "select pg_catalog.lo_unlink($1::pg_catalog.oid)::pg_catalog.int8");
        assertThat(events.toString()).doesNotContain("secret");
    }

    @Test
    void aTimeLimitHoldsForWhatIsOpened() {
        long oid = objects.store(new byte[10]);
        PgConnection other = connect();
        Transaction blocking = other.begin();
        LargeObject held = other.largeObject(oid, LargeObjectMode.WRITE);
        held.write(new byte[] {1});
        held.flush();
        assertThatThrownBy(() -> objects.withTimeout(Duration.ofMillis(200)).write(oid, new byte[] {2}))
                .isInstanceOf(dev.howdah.error.QueryTimeoutException.class);
        blocking.rollback();
        assertThat(objects.read(oid)).hasSize(10);
        assertThatThrownBy(() -> objects.withTimeout(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatAnotherSessionRemovesCanStillBeReadByWhoOpenedItToRead() {
        byte[] bytes = LargeObjectIT.random(3_000_000, 4);
        long oid = objects.store(bytes);
        PgConnection other = connect();
        try (Transaction tx = db.begin();
                LargeObject read = db.largeObject(oid, LargeObjectMode.READ);
                LargeObject written = db.largeObject(oid, LargeObjectMode.READ_WRITE)) {
            assertThat(read.read(10)).hasSize(10);
            other.largeObjects().unlink(oid);
            read.seek(0);
            assertThat(read.read()).isEqualTo(bytes);
            assertThat(written.read()).isEmpty();
            tx.rollback();
        }
    }

    @Test
    void whatIsOpenedToReadDoesNotChange() {
        long oid = objects.store("before".getBytes(UTF_8));
        PgConnection other = connect();
        try (Transaction tx = db.begin();
                LargeObject read = db.largeObject(oid, LargeObjectMode.READ);
                LargeObject latest = db.largeObject(oid, LargeObjectMode.READ_WRITE)) {
            assertThat(latest.read(2)).hasSize(2);
            other.largeObjects().write(oid, "behind!".getBytes(UTF_8));
            assertThat(new String(read.read(), UTF_8)).isEqualTo("before");
            assertThat(new String(latest.read(), UTF_8)).isEqualTo("hind!");
            tx.commit();
        }
    }

    @Test
    void withStatementCachingOff() {
        PgConnection plain = connect("statement_cache_size=0");
        byte[] bytes = LargeObjectIT.random(400_000, 2);
        long oid = plain.largeObjects().store(bytes);
        try (Transaction tx = plain.begin();
                LargeObject object = plain.largeObject(oid, LargeObjectMode.READ_WRITE)) {
            for (int at = 0; at < 400_000; at += 50_000) {
                object.seek(at);
                assertThat(object.read(10)).isEqualTo(java.util.Arrays.copyOfRange(bytes, at, at + 10));
                object.write(new byte[] {1});
                assertThat(plain.queryValue("select 1", Integer.class)).isEqualTo(1);
            }
            tx.commit();
        }
        plain.largeObjects().unlink(oid);
    }

    @Test
    void theErrorOfTheServerHasItsState() {
        assertThatThrownBy(() -> objects.read(77)).isInstanceOfSatisfying(ServerException.class, e -> {
            assertThat(e.sqlState().code()).isEqualTo("42704");
            assertThat(e.getMessage()).contains("77");
        });
    }
}
