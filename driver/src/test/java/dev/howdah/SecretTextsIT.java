package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.PgException;
import dev.howdah.password.Secret;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.Role;
import dev.howdah.testkit.Roles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Secrets in places where nobody looks until they have leaked: what SecretsIT does not read. */
@ExtendWith(PostgresExtension.class)
@Timeout(180)
class SecretTextsIT {

    private static final List<Role> ROLES = List.of(Roles.PASSWORD, Roles.MD5, Roles.SCRAM);

    @TempDir
    Path folder;

    private final StringBuilder texts = new StringBuilder();

    private void note(@Nullable Object object) {
        texts.append(object).append('\n');
        if (object instanceof Throwable thrown) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            texts.append(trace).append(serialized(thrown)).append('\n');
        }
    }

    private static String serialized(Throwable thrown) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(thrown);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private void assertNone(String... secrets) {
        String all = texts.toString();
        assertThat(all).isNotBlank();
        for (String secret : secrets) {
            assertThat(all).doesNotContain(secret);
            assertThat(all)
                    .doesNotContain(new String(secret.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        }
    }

    private PgException failure(String dsn) {
        return failure(() -> Howdah.connect(dsn).close());
    }

    private PgException failure(Runnable deed) {
        try {
            deed.run();
        } catch (PgException e) {
            note(e);
            return e;
        }
        throw new AssertionError("it did not fail");
    }

    /** Prints each object of Howdah's own that can be reached through fields, and through collections of them. */
    private int printAllBehind(Object... roots) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> waiting = new ArrayDeque<>(List.of(roots));
        int printed = 0;
        while (!waiting.isEmpty()) {
            Object object = waiting.removeFirst();
            if (!seen.add(object)) {
                continue;
            }
            if (object instanceof Collection<?> many) {
                addAll(waiting, many);
            } else if (object instanceof Map<?, ?> map) {
                addAll(waiting, map.keySet());
                addAll(waiting, map.values());
            } else if (object instanceof Object[] array) {
                addAll(waiting, Arrays.asList(array));
            } else if (object.getClass().getName().startsWith("dev.howdah.")
                    && !object.getClass().isEnum()) {
                note(object);
                printed++;
                addAll(waiting, fields(object));
            }
        }
        return printed;
    }

    private static void addAll(Deque<Object> waiting, Collection<?> many) {
        for (Object one : many) {
            if (one != null) {
                waiting.add(one);
            }
        }
    }

    private static List<Object> fields(Object object) {
        List<Object> values = new ArrayList<>();
        for (Class<?> type = object.getClass(); type != null && type.getName().startsWith("dev.howdah."); ) {
            for (Field field : type.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) || field.getType().isPrimitive()) {
                    continue;
                }
                try {
                    field.setAccessible(true);
                    Object value = field.get(object);
                    if (value != null) {
                        values.add(value);
                    }
                } catch (IllegalAccessException e) {
                    throw new AssertionError(e);
                }
            }
            type = type.getSuperclass();
        }
        return values;
    }

    @Test
    void noObjectBehindOptionsOrAConnectionPrintsASecret(PostgresServer server) {
        for (Role role : ROLES) {
            ConnectOptions options = ConnectOptions.parse(server.uri("postgres", role)
                    + "?sslmode=require&sslpassword=key-word&oauth_client_secret=client-word&scram_key_cache=1");
            assertThat(printAllBehind(options, options.toBuilder())).isGreaterThan(3);
            try (PgConnection db = Howdah.connect(options)) {
                db.query("select $1::int", 1);
                assertThat(printAllBehind(db, db.info(), db.options())).isGreaterThan(20);
            }
            ConnectOptions supplied = options.toBuilder()
                    .password(() -> Secret.of(String.valueOf(role.password())))
                    .build();
            printAllBehind(supplied);
            printAllBehind(failure(() -> Howdah.connect(
                            supplied.toBuilder().password("wrong-word").build())
                    .close()));
        }
        assertThat(texts).contains("app_scram").contains("password=***");
        assertNone("key-word", "client-word", "wrong-word");
        assertNone(ROLES.stream().map(Role::password).toArray(String[]::new));
    }

    /** Exceptions that are thrown and caught inside show in a recording with their messages. */
    @Test
    void noEventOfTheJvmAndNoThreadNamesASecret(PostgresServer server) throws IOException {
        Path file = folder.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            for (String event : List.of(
                    "jdk.JavaExceptionThrow",
                    "jdk.JavaErrorThrow",
                    "jdk.ThreadStart",
                    "jdk.SocketRead",
                    "jdk.SocketWrite",
                    "jdk.FileRead",
                    "jdk.TLSHandshake",
                    "jdk.X509Certificate",
                    "jdk.Deserialization",
                    "jdk.SecurityPropertyModification")) {
                recording.enable(event).withoutThreshold().withStackTrace();
            }
            recording.start();
            for (Role role : ROLES) {
                for (String mode : List.of(" sslmode=disable", " sslmode=require")) {
                    try (PgConnection db = Howdah.connect(server.dsn("postgres", role) + mode)) {
                        Thread.getAllStackTraces().keySet().forEach(thread -> note(thread.getName()));
                        failure(() -> db.query("select 1/0"));
                    }
                    failure(server.dsn("postgres", new Role(role.name(), "wrong-word")) + mode);
                }
            }
            for (String text : List.of(
                    "host=h port=1 password=odd-word nonsense",
                    "password=odd-word connect_timeout=soon",
                    "password='odd-word",
                    "postgresql://u:p@odd-word@h/d",
                    "postgresql://u:odd-word:5432/d",
                    "postgresql://u:p/odd-word@h/d",
                    "postgresql://u:odd-word%zz@h/d",
                    "postgresql://u:p:odd-word@[h/d",
                    "postgresql://u@h/d?password=odd-word=&x",
                    "postgresql://u@h/d?password=odd-word%ff")) {
                failure(() -> ConnectOptions.parse(text, TestEnvironment.empty()));
            }
            recording.stop();
            recording.dump(file);
        }
        int thrown = 0;
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            thrown += event.getEventType().getName().equals("jdk.JavaExceptionThrow") ? 1 : 0;
            note(event);
        }
        assertThat(thrown).isGreaterThan(10);
        assertThat(texts).contains("division by zero").contains("must be two hexadecimal digits");
        assertNone("wrong-word", "odd-word");
        assertNone(ROLES.stream().map(Role::password).toArray(String[]::new));
    }

    private Path file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    /** A file that a keyword names may be the wrong one, or broken; either way it is no text for a message. */
    @Test
    void noMessageQuotesAFileOrThePasswordThatWasToOpenIt(PostgresServer server) throws IOException {
        String dsn = server.dsn("postgres", Roles.CERT) + " sslmode=require sslcert="
                + server.certificates().clientCertificate() + " sslkey=";
        Path encrypted =
                file("encrypted.key", Files.readString(server.certificates().clientKeyEncrypted()));
        Path p12 = folder.resolve("client.p12");
        Files.write(p12, Files.readAllBytes(server.certificates().clientPkcs12()));
        Files.setPosixFilePermissions(p12, PosixFilePermissions.fromString("rw-------"));
        failure(dsn + encrypted + " sslpassword=open-word");
        failure(dsn + p12 + " sslpassword=open-word");
        String key = Files.readString(server.certificates().clientKey());
        String keyLine = key.lines().skip(2).findFirst().orElseThrow();
        failure(dsn + file("cut.key", key.substring(0, key.length() / 2)));
        failure(dsn + file("odd.key", key.replace(keyLine, "file-word")));
        failure(dsn + file("text.key", "file-word: not a key\n"));
        failure(dsn + file("begin.key", "-----BEGIN PRIVATE KEY-----\nfile-word\n-----END PRIVATE KEY-----\n"));
        String verifying = server.dsn("postgres", Roles.SCRAM) + " sslmode=verify-full sslrootcert=";
        failure(verifying + file("text.crt", "file-word\n"));
        failure(verifying + file("begin.crt", "-----BEGIN CERTIFICATE-----\nfile-word\n-----END CERTIFICATE-----\n"));
        failure(verifying + file("key.crt", key));
        failure(verifying + server.certificates().ca() + " sslcrl=" + file("text.crl", "file-word\n"));
        Path passwords = file("pgpass", "file-word\n*:*:*:app_scram\n*:*:*:app_scram:file-word\n");
        failure(server.dsn("postgres", new Role("app_scram", null)) + " passfile=" + passwords);
        assertNone("open-word", "file-word", keyLine, server.certificates().clientKeyPassword());
    }
}
