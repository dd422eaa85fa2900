package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.ConfigException;
import dev.howdah.password.Secret;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Greps whatever options say for the secrets they hold. */
class OptionSecretsTest {
    /** The secret, and what remains of it where a separator cuts it. */
    private static final List<String> PARTS = List.of("alpha", "bravo", "charlie");

    @TempDir
    Path folder;

    @Test
    void noTextOfOptionsHoldsASecret() {
        TestEnvironment environment = new TestEnvironment().with("PGPASSWORD", "alpha");
        List<ConnectOptions> all = List.of(
                environment.parse(""),
                environment.parse("password=bravo sslpassword=charlie oauth_client_secret=alpha"),
                environment.parse("postgresql://u:bravo@h/d?sslpassword=charlie&oauth_client_secret=alpha"),
                ConnectOptions.builder(environment.build()).password("alpha").build(),
                ConnectOptions.builder(environment.build())
                        .password(Secret.of("alpha"))
                        .build(),
                ConnectOptions.builder(environment.build())
                        .password(() -> Secret.of("alpha"))
                        .build());
        for (ConnectOptions options : all) {
            for (ConnectOptions same :
                    List.of(options, options.toBuilder().user("x").build())) {
                assertNoSecret(same.toString());
                assertNoSecret(same.toUri());
                assertNoSecret(same.keywords().toString());
                assertNoSecret(same.startupParameters().toString());
                assertNoSecret(same.hosts().toString());
                assertThat(same.toString()).contains("password=***");
                assertThat(same.password(same.hosts().get(0))).hasToString("***");
            }
        }
    }

    @Test
    void noExceptionHoldsASecretHoweverBadlyItIsWritten() throws IOException {
        List<String> texts = new ArrayList<>();
        for (String cut :
                List.of("@", "/", ":", "?", "#", "%", "&", "=", " ", "[", "]", ",", "'", "\\", "%00", "%zz")) {
            String secret = String.join(cut, PARTS);
            for (String host : List.of("h", "[::1", "h:port", "[]", "h%zz", "@h")) {
                texts.add("postgresql://u:" + secret + "@" + host + "/d");
                texts.add("postgresql://" + secret + ":" + secret + "@" + host + "/d?nonsense=1");
            }
            texts.add("postgresql://h/d?user=u&password=" + secret + "&nonsense");
            texts.add("password=" + secret + " nonsense=1");
            texts.add("password=" + secret + " nonsense");
            texts.add("password='" + secret + "' sslmode=x");
            texts.add("password='" + secret);
            texts.add("password=x" + secret + " host=a port=1,2");
            texts.add("sslmode=bad sslpassword=" + secret);
            texts.add("oauth_client_secret=" + secret + "\0 host=h");
        }
        int refused = 0;
        for (String text : texts) {
            refused += refused(text, TestEnvironment.empty()) ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(200);
    }

    @Test
    void noExceptionHoldsASecretOfAFileOrOfTheEnvironment() throws IOException {
        Path services = folder.resolve("services");
        TestEnvironment environment = new TestEnvironment().with("PGSERVICEFILE", services.toString());
        for (String line :
                List.of("password alpha=1", "passwd alpha", "password:alpha", "password=alpha\nsslmode=bravo?")) {
            Files.writeString(services, "[s]\n" + line.replace("bravo?", "x") + "\n");
            assertThat(refused("service=s", environment.build())).as(line).isTrue();
        }
        assertThat(refused(
                        "sslmode=x",
                        new TestEnvironment().with("PGPASSWORD", "alpha").build()))
                .isTrue();
    }

    private static boolean refused(String text, PgEnvironment environment) {
        try {
            // A secret that was taken for another part is no longer one to Howdah; psql's reading is the same.
            assertThat(ConnectOptions.parse(text, environment).toString()).isNotEmpty();
            return false;
        } catch (ConfigException e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            assertNoSecret(trace.toString());
            return true;
        }
    }

    private static void assertNoSecret(String text) {
        for (String part : PARTS) {
            assertThat(text).doesNotContain(part);
        }
    }
}
