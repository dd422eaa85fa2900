package dev.howdah.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Sees what is there before a test, and that nothing more is there after it. Each method that names a kind of thing takes its picture at
 * once; {@link #verify()} waits up to ten seconds for what came since to go away again. For one thread.
 *
 * {@snippet :
 * LeakCheck leaks = LeakCheck.start().threads(name -> name.startsWith("howdah")).sockets().backends(db);
 * // ... the test
 * leaks.verify();
 * }
 */
public final class LeakCheck {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private final List<Watch> watches = new ArrayList<>();

    private LeakCheck() {}

    private record Watch(String what, Supplier<Set<String>> now, Set<String> before) {
        Set<String> leaked() {
            Set<String> leaked = new TreeSet<>(now.get());
            leaked.removeAll(before);
            return leaked;
        }
    }

    /** A check of nothing yet. */
    public static LeakCheck start() {
        return new LeakCheck();
    }

    /** Platform threads whose name matches. (The JVM lists no virtual threads.) */
    public LeakCheck threads(Predicate<String> name) {
        return watch("threads", () -> {
            Set<String> threads = new TreeSet<>();
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (name.test(thread.getName())) {
                    threads.add(thread.getName() + " (" + thread.threadId() + ")");
                }
            }
            return threads;
        });
    }

    /** Open sockets of this process. Only where /proc says so (Linux); elsewhere nothing is watched. */
    public LeakCheck sockets() {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return this;
        }
        try {
            // With its first socket the JDK makes one for itself, and keeps it.
            SocketChannel.open().close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open a socket", e);
        }
        return watch("open sockets", LeakCheck::openSockets);
    }

    /** Sessions in this database, as the server counts them; those of {@link AdminSession} too. */
    public LeakCheck backends(TestDatabase database) {
        return watch("server-side sessions", () -> {
            Set<String> backends = new TreeSet<>();
            for (List<String> row : database.server()
                    .execute("select pid, application_name, usename from pg_stat_activity where backend_type = "
                            + "'client backend' and datname = " + Roles.literal(database.name()))) {
                backends.add("process " + row.get(0) + ", application_name '" + row.get(1) + "', user " + row.get(2));
            }
            return backends;
        });
    }

    /**
     * Anything that can be counted, such as the rows of pg_prepared_statements, which only the session itself can see.
     *
     * @param what names it in the error
     * @param count asked now, and again when verified
     */
    public LeakCheck count(String what, IntSupplier count) {
        return watch(what, () -> {
            Set<String> numbers = new TreeSet<>();
            int now = count.getAsInt();
            for (int i = 1; i <= now; i++) {
                numbers.add("number " + i);
            }
            return numbers;
        });
    }

    /**
     * Returns as soon as nothing is there any more that was not there before.
     *
     * @throws AssertionError that lists what stays
     */
    public void verify() {
        verify(PATIENCE);
    }

    /** Like {@link #verify()}, waiting at most this long. */
    public void verify(Duration limit) {
        if (!Await.holds(
                limit, () -> watches.stream().allMatch(watch -> watch.leaked().isEmpty()))) {
            StringBuilder text = new StringBuilder("left behind after " + limit.toMillis() + " ms:");
            for (Watch watch : watches) {
                Set<String> leaked = watch.leaked();
                if (!leaked.isEmpty()) {
                    text.append("\n  ").append(leaked.size()).append(' ').append(watch.what());
                    leaked.stream()
                            .limit(20)
                            .forEach(one -> text.append("\n    ").append(one));
                }
            }
            throw new AssertionError(text.toString());
        }
    }

    private LeakCheck watch(String what, Supplier<Set<String>> now) {
        watches.add(new Watch(what, now, now.get()));
        return this;
    }

    private static Set<String> openSockets() {
        Set<String> sockets = new TreeSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : descriptors) {
                target(descriptor, sockets);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list this process's open files", e);
        }
        return sockets;
    }

    private static void target(Path descriptor, Set<String> sockets) throws IOException {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            if (target.startsWith("socket:")) {
                sockets.add(target);
            }
        } catch (NoSuchFileException | NotLinkException closedMeanwhile) {
            return;
        }
    }
}
