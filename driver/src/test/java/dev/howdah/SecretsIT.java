package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.PgException;
import dev.howdah.message.AuthenticationMD5Password;
import dev.howdah.message.AuthenticationSASL;
import dev.howdah.message.Message;
import dev.howdah.testkit.Certificates;
import dev.howdah.testkit.FaultyWire;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.Role;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import dev.howdah.wire.WireWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Everything that can be read afterwards is read, and no secret is in it. */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class SecretsIT {

    private static final List<Role> ROLES = List.of(Roles.PASSWORD, Roles.MD5, Roles.SCRAM);

    private final StringBuilder texts = new StringBuilder();
    private final List<String> secrets = new ArrayList<>();
    private final List<String> logged = new CopyOnWriteArrayList<>();
    private final Logger root = Logger.getLogger("dev.howdah");
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            logged.add(new SimpleFormatter().format(line));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listenToTheLog() {
        handler.setLevel(Level.ALL);
        root.setLevel(Level.ALL);
        root.addHandler(handler);
    }

    @AfterEach
    void leaveTheLog() {
        root.removeHandler(handler);
        root.setLevel(null);
    }

    private void note(Object... objects) {
        for (Object object : objects) {
            texts.append(object).append('\n');
            if (object instanceof Throwable thrown) {
                StringWriter trace = new StringWriter();
                // Causes and suppressed exceptions are in it, with their messages.
                thrown.printStackTrace(new PrintWriter(trace));
                texts.append(trace).append('\n');
            }
        }
    }

    private void secret(String... more) {
        secrets.addAll(List.of(more));
    }

    private void use(String dsn, Path trace) {
        ConnectOptions options = ConnectOptions.parse(dsn + " application_name=secrets");
        note(options, options.keywords(), options.hosts());
        ConnectOptions traced = traced(dsn, trace);
        note(traced);
        try (PgConnection db = Howdah.connect(traced)) {
            note(db, db.info(), db.info().dsnParameters(), db.info().password(), db.options());
            db.query("select $1::text", "a parameter");
            fail(() -> db.query("select 1/0"), () -> db.query("nonsense"), () -> db.query("select $1::int", "x"));
            fail(() -> db.withTimeout(Duration.ofMillis(50)).query("select pg_sleep(20)"));
            db.encryptPassword("new-secret-word", "somebody");
            fail(() -> db.query("select pg_terminate_backend(pg_backend_pid())"), () -> db.query("select 1"));
            note(String.valueOf(db.info().errorMessage()), db, db.info());
        }
    }

    private static ConnectOptions traced(String dsn, Path trace) {
        return ConnectOptions.parse(dsn).toBuilder().trace(trace).build();
    }

    private void refused(String dsn, Path trace) {
        fail(() -> Howdah.connect(traced(dsn, trace)).close());
    }

    private void fail(Runnable... failures) {
        for (Runnable failure : failures) {
            try {
                failure.run();
                throw new AssertionError("it did not fail");
            } catch (PgException e) {
                note(e);
            }
        }
    }

    private void refused(String dsn) {
        fail(() -> Howdah.connect(dsn).close());
    }

    private void assertNothingLeaked(Path... traces) throws IOException {
        for (Path trace : traces) {
            texts.append(Files.readString(trace)).append('\n');
        }
        logged.forEach(line -> texts.append(line).append('\n'));
        String all = texts.toString();
        for (String secret : secrets) {
            assertThat(all).doesNotContain(secret);
            assertThat(all)
                    .doesNotContainIgnoringCase(HexFormat.of().formatHex(secret.getBytes(StandardCharsets.UTF_8)));
        }
        // What a proof of a password looks like, whatever its bytes.
        assertThat(Pattern.compile("\\bp=[A-Za-z0-9+/]{20,}").matcher(all).find())
                .as("a SCRAM proof")
                .isFalse();
        assertThat(Pattern.compile("\\bmd5[0-9a-f]{32}").matcher(all).find())
                .as("an MD5 hash")
                .isFalse();
        assertThat(Pattern.compile("\\bv=[A-Za-z0-9+/]{20,}").matcher(all).find())
                .as("a server signature")
                .isFalse();
    }

    @Test
    void noWayToConnectAndNoFailureShowsASecret(TestDatabase db, @TempDir Path folder) throws IOException {
        Path trace = folder.resolve("trace");
        secret("new-secret-word");
        for (Role role : ROLES) {
            secret(role.password());
            use(db.dsn(role) + " sslmode=disable", trace);
            use(db.dsn(role) + " sslmode=require", trace);
            use(db.server().socketDsn(db.name(), role), trace);
            note(ConnectOptions.parse(db.uri(role)));
            String wrong = "wrong-" + role.name() + "-word";
            secret(wrong);
            refused(db.dsn(new Role(role.name(), wrong)));
            refused(db.dsn(role).replace(db.name(), "no_such_database"));
            refused(db.dsn(role) + " sslmode=verify-full sslrootcert="
                    + db.server().certificates().otherCa());
            refused(db.dsn(role) + " channel_binding=disable sslmode=require host=127.0.0.1 port=1");
        }
        assertThat(Files.size(trace)).isPositive();
        assertNothingLeaked(trace);
    }

    @Test
    void aTraceOfEachMethodShowsTheTalkAndNoSecret(TestDatabase db, @TempDir Path folder) throws IOException {
        for (Role role : ROLES) {
            Path trace = folder.resolve(role.name());
            secret(role.password());
            try (PgConnection connection = Howdah.connect(traced(db.dsn(role) + " sslmode=disable", trace))) {
                connection.query("select $1::int", 1);
            }
            assertThat(Files.readString(trace))
                    .contains("StartupMessage")
                    .contains("Authentication")
                    .contains("Bind");
        }
        assertNothingLeaked(
                folder.resolve(Roles.PASSWORD.name()),
                folder.resolve(Roles.MD5.name()),
                folder.resolve(Roles.SCRAM.name()));
    }

    /** The cancel key, as a hostile server chose it, so that the test knows it. */
    @Test
    void theCancelKeyIsNowhere(@TempDir Path folder) throws IOException {
        int key = 0x5ec0de77;
        Path trace = folder.resolve("trace");
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.readUntyped();
            WireWriter writer = new WireWriter(64);
            writer.begin('R').int32(0).end();
            writer.begin('K').int32(77).int32(key).end();
            writer.begin('Z').int8('I').end();
            peer.say(writer.toByteArray());
            peer.waitForTheEnd();
        })) {
            try (PgConnection db = Howdah.connect(traced(server.dsn("sslmode=disable"), trace))) {
                note(db, db.info(), db.info().dsnParameters());
                fail(() -> db.withTimeout(Duration.ofMillis(20)).query("select 1"));
            }
        }
        secret(
                Integer.toString(key),
                Integer.toUnsignedString(key),
                Integer.toHexString(key),
                "\\x5e\\xc0\\xde",
                "5e c0 de",
                "94, -64, -34");
        assertThat(Files.readString(trace)).contains("BackendKeyData");
        assertNothingLeaked(trace);
    }

    @Test
    void failuresInTheMiddleOfAuthenticationShowNoSecret(@TempDir Path folder) throws IOException {
        String password = "middle-secret-word";
        secret(password);
        List<Message> requests = List.of(
                new AuthenticationMD5Password(0x01020304),
                new AuthenticationSASL(List.of("SCRAM-SHA-256")),
                dev.howdah.message.AuthenticationCleartextPassword.INSTANCE);
        List<Path> traces = new ArrayList<>();
        List<String> seen = new CopyOnWriteArrayList<>();
        for (Message request : requests) {
            Path trace = folder.resolve("trace" + traces.size());
            traces.add(trace);
            try (ScriptedServer server = new ScriptedServer(peer -> {
                peer.readUntyped();
                WireWriter writer = new WireWriter(64);
                request.write(writer);
                peer.say(writer.toByteArray());
                seen.add(new String(peer.read(), StandardCharsets.ISO_8859_1));
                peer.say("?garbage, and what the client said");
            })) {
                refused(server.dsn("sslmode=disable password=" + password), trace);
            }
        }
        assertThat(seen).hasSize(3);
        for (String said : seen) {
            Matcher hash = Pattern.compile("md5[0-9a-f]{32}|r=\\S{20,}").matcher(said);
            if (hash.find()) {
                secret(hash.group());
            }
        }
        assertNothingLeaked(traces.toArray(new Path[0]));
    }

    @Test
    void aBrokenWireWhileThePasswordTravelsShowsNoSecret(TestDatabase db, @TempDir Path folder) throws IOException {
        Path trace = folder.resolve("trace");
        for (Role role : ROLES) {
            secret(role.password());
            for (int at = 60; at < 260; at += 20) {
                try (FaultyWire wire = FaultyWire.to(db.server())) {
                    wire.toServer().resetAt(at);
                    try (PgConnection connection =
                            Howdah.connect(traced(wire.dsn(db.name(), role) + " sslmode=disable", trace))) {
                        note(connection);
                        connection.query("select $1::text", "x");
                    } catch (PgException e) {
                        note(e);
                    }
                }
            }
        }
        assertNothingLeaked(trace);
    }

    @Test
    void badOptionsAreRefusedWithoutShowingThePassword() throws IOException {
        secret("option-secret");
        for (String text : List.of(
                "password=option-secret host=h bogus=1",
                "password=option-secret sslmode=sideways",
                "password='option-secret",
                "password=option-secret port=x",
                "postgresql://u:option-secret@h/d?bogus=1",
                "postgresql://u:option-secret@h:x/d",
                "postgresql://u:option-secret@[h/d",
                "postgresql://u:option-secret%zz@h/d")) {
            try {
                ConnectOptions.parse(text);
                note("accepted");
            } catch (RuntimeException e) {
                note(e);
            }
        }
        assertThatThrownBy(() -> ConnectOptions.parse("bogus=1")).hasMessageContaining("bogus");
        assertNothingLeaked();
    }

    @Test
    void aServerThatIsNotTrustedNeverSeesThePassword(@TempDir Path folder) throws IOException {
        try (PostgresServer server =
                PostgresServer.builder().tls(Certificates.Kind.OTHER_CA).start()) {
            Path trace = folder.resolve("trace");
            secret(Roles.SCRAM.password());
            refused(
                    server.dsn("postgres", Roles.SCRAM) + " sslmode=verify-full sslrootcert="
                            + server.certificates().ca(),
                    trace);
            assertThat(Files.readString(trace)).isEmpty();
            assertNothingLeaked(trace);
        }
    }
}
