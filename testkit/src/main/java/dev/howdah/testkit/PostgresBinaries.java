package dev.howdah.testkit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * One version of PostgreSQL, unpacked into the cache: programs, libraries, and a data folder as initdb leaves it.
 *
 * @param major the major version, such as 18
 * @param full the archive's version, such as 18.6.0
 * @param home the folder that has bin, lib and share
 */
record PostgresBinaries(int major, String full, Path home) {

    /** Grows when the data folder that {@link #template()} keeps is made differently. */
    private static final int TEMPLATE = 1;

    static PostgresBinaries of(int major) throws IOException {
        Properties versions = versions();
        String full = versions.getProperty(Integer.toString(major));
        if (full == null) {
            throw new IllegalArgumentException("no PostgreSQL " + major + " here; there are 14 to 18");
        }
        String name = "postgres-" + full + "-" + versions.getProperty("platform");
        return new PostgresBinaries(major, full, CacheFolder.entry(name, folder -> unpack(full, folder)));
    }

    /** The path of one of the programs: postgres, initdb or pg_ctl. */
    String program(String name) {
        boolean windows =
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
        return home.resolve("bin").resolve(windows ? name + ".exe" : name).toString();
    }

    /** A data folder as initdb makes it, owned by the user that runs servers. To be copied, never used. */
    Path template() throws IOException {
        String name = "data-" + full + "-" + RunUser.current().name() + "-" + TEMPLATE;
        Path folder = CacheFolder.entry(name, making -> {
            RunUser.current().own(making);
            Path data = making.resolve("data");
            run(
                    making,
                    program("initdb"),
                    "-D",
                    data.toString(),
                    "-U",
                    PostgresServer.SUPERUSER,
                    "-E",
                    "UTF8",
                    "--locale=C",
                    "--auth=trust",
                    "--no-sync",
                    "--no-instructions");
        });
        return folder.resolve("data");
    }

    /** Runs one of the programs to its end, as the user that runs servers. */
    static void run(Path folder, String... command) throws IOException {
        Path output = Files.createTempFile("howdah-output", null);
        try {
            ProcessBuilder builder = new ProcessBuilder(RunUser.current().command(List.of(command)));
            cleanEnvironment(builder);
            builder.directory(folder.toFile()).redirectErrorStream(true).redirectOutput(output.toFile());
            Process process = builder.start();
            process.getOutputStream().close();
            boolean ended;
            try {
                ended = process.waitFor(120, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while running " + command[0], e);
            }
            if (!ended) {
                process.destroyForcibly();
            }
            if (!ended || process.exitValue() != 0) {
                throw new IOException("failed: " + String.join(" ", command) + "\n"
                        + Files.readString(output, StandardCharsets.UTF_8));
            }
        } finally {
            Files.delete(output);
        }
    }

    /** A server must not see what the user's environment says to clients, and speaks English. */
    static void cleanEnvironment(ProcessBuilder builder) {
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
    }

    private static Properties versions() throws IOException {
        Properties versions = new Properties();
        try (InputStream in = PostgresBinaries.class.getResourceAsStream("postgres/versions.properties")) {
            if (in == null) {
                throw new IOException("the list of servers is not on the class path: was the testkit built by Maven?");
            }
            versions.load(in);
        }
        return versions;
    }

    private static void unpack(String full, Path folder) throws IOException {
        try (InputStream jar = PostgresBinaries.class.getResourceAsStream("postgres/" + full + ".jar")) {
            if (jar == null) {
                throw new IOException(
                        "PostgreSQL " + full + " is not on the class path: was the testkit built by Maven?");
            }
            ZipInputStream entries = new ZipInputStream(new BufferedInputStream(jar));
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                if (entry.getName().endsWith(".txz")) {
                    unpackTar(entries, folder);
                    return;
                }
            }
            throw new IOException("the archive of PostgreSQL " + full + " holds no .txz file");
        }
    }

    private static void unpackTar(InputStream txz, Path folder) throws IOException {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        List<Path[]> links = new ArrayList<>();
        TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(txz)));
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            Path path = folder.resolve(entry.getName()).normalize();
            if (!path.startsWith(folder)) {
                throw new IOException("the archive wants to write outside its folder: " + entry.getName());
            }
            if (entry.isDirectory()) {
                Files.createDirectories(path);
            } else if (entry.isSymbolicLink()) {
                links.add(new Path[] {path, Path.of(entry.getLinkName())});
            } else {
                Files.createDirectories(path.getParent());
                Files.copy(tar, path);
                if (posix) {
                    boolean program = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            path, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
        // Last, so that no file is ever written through a link.
        for (Path[] link : links) {
            Files.createDirectories(link[0].getParent());
            Files.createSymbolicLink(link[0], link[1]);
        }
    }
}
