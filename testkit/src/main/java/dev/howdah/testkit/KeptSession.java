package dev.howdah.testkit;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The superuser's session in the database postgres, kept for the many short scripts that tests have: making a server process for each
 * costs more than most of them. A script leaves nothing behind for the next. While one runs, others get a session of their own. Safe for
 * several threads.
 */
final class KeptSession {

    private final Supplier<AdminSession> connect;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable AdminSession kept;

    KeptSession(Supplier<AdminSession> connect) {
        this.connect = connect;
    }

    /** Runs a script as {@link AdminSession#execute} does. */
    List<List<@Nullable String>> execute(String sql) {
        if (!lock.tryLock()) {
            try (AdminSession other = connect.get()) {
                return other.execute(sql);
            }
        }
        try {
            AdminSession session = kept;
            kept = null;
            // Whoever is allowed to may have ended it.
            AdminSession usable = session != null && succeeds(session, "") ? session : connect.get();
            try {
                return usable.execute(sql);
            } finally {
                // Not if the script has left a transaction open.
                kept = succeeds(usable, "discard all") ? usable : null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Runs a script in a session; if that fails it closes the session. */
    private static boolean succeeds(AdminSession session, String sql) {
        try {
            session.execute(sql);
            return true;
        } catch (AdminException | UncheckedIOException e) {
            session.close();
            return false;
        }
    }

    void close() {
        lock.lock();
        try {
            AdminSession session = kept;
            kept = null;
            if (session != null) {
                session.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
