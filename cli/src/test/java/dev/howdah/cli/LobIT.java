package dev.howdah.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.cli.Cli.Outcome;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(PostgresExtension.class)
class LobIT {

    private String dsn;
    private byte[] bytes;

    @TempDir
    private Path folder;

    @BeforeEach
    void prepare(TestDatabase db) {
        dsn = db.uri(Roles.SCRAM);
        bytes = new byte[2_500_000];
        new Random(1).nextBytes(bytes);
    }

    @AfterEach
    void removeAll() {
        try (PgConnection db = Howdah.connect(dsn)) {
            db.largeObjects().list().forEach(info -> db.largeObjects().unlink(info.oid()));
        }
    }

    private Outcome lob(String... arguments) {
        return lob(new Cli(), arguments);
    }

    private Outcome lob(Cli cli, String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 3);
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[0] = "lob";
        all[all.length - 2] = "--dsn";
        all[all.length - 1] = dsn;
        return cli.run(all);
    }

    private String imported(String... options) throws Exception {
        Path file = Files.write(folder.resolve("in"), bytes);
        String[] all = Arrays.copyOf(options, options.length + 2);
        System.arraycopy(options, 0, all, 2, options.length);
        all[0] = "import";
        all[1] = file.toString();
        Outcome outcome = lob(all);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isEqualTo(ExitCode.OK);
        return outcome.out().strip();
    }

    @Test
    void aFileGoesInAndComesOutAsItWas() throws Exception {
        String oid = imported("--comment", "the film");
        assertThat(lob("export", oid, folder.resolve("out").toString()).out()).isEqualTo("2500000 bytes\n");
        assertThat(folder.resolve("out")).hasBinaryContent(bytes);
        Cli cli = new Cli();
        assertThat(lob(cli, "cat", oid).out()).isEmpty();
        assertThat(cli.bytes()).isEqualTo(bytes);
        assertThat(lob("list").out()).contains(oid, "2500000", "app_scram", "the film", "(1 large object)");
        assertThat(lob("list", "--json").out())
                .isEqualTo("{\"oid\":" + oid
                        + ",\"size\":2500000,\"owner\":\"app_scram\",\"acl\":null,\"comment\":\"the film\"}\n");
        assertThat(lob("unlink", oid).code()).isEqualTo(ExitCode.OK);
        assertThat(lob("list", "--json").out()).isEmpty();
    }

    @Test
    void standardInputGoesInUnderAnOidOfYourChoice() {
        Outcome outcome = lob(new Cli().reading("from a pipe"), "import", "-", "--oid", "4000000123");
        assertThat(outcome.out()).isEqualTo("4000000123\n");
        Cli cli = new Cli();
        lob(cli, "cat", "4000000123");
        assertThat(new String(cli.bytes(), UTF_8)).isEqualTo("from a pipe");
        assertThat(lob(new Cli().reading("x"), "import", "-", "--oid", "4000000123")
                        .code())
                .isEqualTo(ExitCode.SERVER_ERROR);
    }

    @Test
    void anExportGoesOnBehindWhatIsThere() throws Exception {
        String oid = imported();
        Path out = folder.resolve("out");
        for (int there : new int[] {0, 1, 70_000, 2_499_999, 2_500_000}) {
            Files.write(out, Arrays.copyOf(bytes, there));
            Outcome outcome = lob("export", oid, out.toString(), "--resume");
            assertThat(outcome.code()).isEqualTo(ExitCode.OK);
            assertThat(outcome.out()).startsWith((2_500_000 - there) + " bytes");
            assertThat(out).hasBinaryContent(bytes);
        }
        Files.write(out, new byte[] {1}, StandardOpenOption.APPEND);
        assertThat(lob("export", oid, out.toString(), "--resume").err()).contains("cannot resume");
        Files.write(out, new byte[100]);
        Outcome other = lob("export", oid, out.toString(), "--resume");
        assertThat(other.code()).isEqualTo(ExitCode.USAGE);
        assertThat(other.err()).contains("is not the beginning");
        assertThat(out).hasSize(100);
        assertThat(lob("export", oid, out.toString()).code()).isEqualTo(ExitCode.OK);
        assertThat(out).hasBinaryContent(bytes);
    }

    @Test
    void aBarIsDrawnOnATerminal() throws Exception {
        Path file = Files.write(folder.resolve("in"), bytes);
        Outcome outcome = lob(new Cli().onATerminal().on("COLUMNS", "100"), "import", file.toString());
        assertThat(outcome.err()).contains("importing", "MiB");
        outcome = lob(
                new Cli().onATerminal(),
                "export",
                outcome.out().strip(),
                folder.resolve("out").toString());
        assertThat(outcome.err()).contains("exporting", "MiB");
    }

    @Test
    void orphansAreShownAndRemovedOnlyWhenAsked() throws Exception {
        String oid = imported();
        assertThat(lob("orphans").out()).isEqualTo(oid + "\n");
        assertThat(lob("orphans").out()).isEqualTo(oid + "\n");
        assertThat(lob("orphans", "--remove").out()).isEqualTo("1 removed\n");
        assertThat(lob("orphans").out()).isEmpty();
    }

    @Test
    void whatGoesWrongIsOneLine() {
        Outcome missing = lob("import", folder.resolve("missing").toString());
        assertThat(missing.code()).isEqualTo(ExitCode.USAGE);
        assertThat(missing.err())
                .contains("cannot read", "there is no such file")
                .hasLineCount(1);
        Outcome none = lob("cat", "77");
        assertThat(none.code()).isEqualTo(ExitCode.SERVER_ERROR);
        assertThat(none.err()).contains("42704").hasLineCount(1);
        assertThat(lob("unlink", "77").err()).contains("77");
        assertThat(lob("export", "77", folder.toString()).code()).isNotEqualTo(ExitCode.OK);
        assertThat(lob("list").out()).contains("(0 large objects)");
    }
}
