package dev.howdah.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server of one's own, on loopback at a free port and on a Unix socket, in a folder that is deleted when it is closed or the
 * JVM ends. Starting takes about a second (longer the first time on a machine: it is unpacked). It has TLS, the {@link Roles}, and is set
 * up for logical and physical replication and two-phase commit. Writes are not flushed to disk ({@code fsync=off}).
 *
 * <p>Methods are safe for several threads. An {@link UncheckedIOException} means that the server or its files did not do what they
 * should, and tells what the server's log says.
 */
public final class PostgresServer implements AutoCloseable {

    /** The superuser's name. */
    public static final String SUPERUSER = "postgres";

    /** The newest version there is here. */
    public static final int NEWEST = 18;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final AtomicLong DATABASES = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();
    private final PostgresBinaries binaries;
    private final ServerFolder folder;
    private final Role superuser;
    private final boolean shared;
    private final KeptSession kept = new KeptSession(this::admin);
    private final Certificates certificates;
    private final ServerSettings settings;
    private final Postmaster postmaster;

    private PostgresServer(PostgresBinaries binaries, Certificates certificates, ServerFolder folder, Builder builder) {
        this.certificates = certificates;
        this.binaries = binaries;
        this.folder = folder;
        this.superuser = new Role(SUPERUSER, builder.password);
        this.shared = builder.shared;
        this.settings = new ServerSettings(folder, builder.config, builder.hba);
        this.postmaster = new Postmaster(binaries, folder);
    }

    /** A server to be: what is not said is PostgreSQL 18 with the {@link Roles} and a valid certificate. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts a server of this major version with all defaults. */
    public static PostgresServer start(int version) {
        return builder().version(version).start();
    }

    /** What a server shall be like. For one thread. */
    public static final class Builder {
        private int version = NEWEST;
        private String password = "the elephant's own";
        private Certificates.@Nullable Kind certificate = Certificates.Kind.VALID;
        private boolean shared;
        private @Nullable PostgresServer primary;
        private @Nullable Path data;
        private List<String> hba = Roles.hba();
        private final Map<String, String> config = new LinkedHashMap<>();

        private Builder() {}

        /** The major version, 14 to 18. */
        public Builder version(int major) {
            this.version = major;
            return this;
        }

        /**
         * The <a href="https://www.postgresql.org/docs/current/auth-pg-hba-conf.html">pg_hba.conf</a> lines, instead of those for the
         * {@link Roles}. Before them there is always one that trusts the superuser on the Unix socket.
         */
        public Builder hba(String... lines) {
            this.hba = List.of(lines);
            return this;
        }

        /** A server setting, as in postgresql.conf; the value needs no quotes. */
        public Builder config(String name, String value) {
            config.put(name, value);
            return this;
        }

        /** The superuser's password, asked for over TCP. */
        public Builder superuserPassword(String password) {
            this.password = password;
            return this;
        }

        /** The certificate that the server shows. */
        public Builder tls(Certificates.Kind kind) {
            this.certificate = kind;
            return this;
        }

        /** A server that refuses TLS. */
        public Builder withoutTls() {
            this.certificate = null;
            return this;
        }

        /**
         * Starts on a copy of this data folder, of a server of the same version, rather than on a new one. What postgresql.conf and
         * pg_hba.conf say in it is replaced; postgresql.auto.conf stays. Roles and passwords are those of the folder.
         */
        public Builder data(Path folder) {
            this.data = folder;
            return this;
        }

        Builder shared() {
            this.shared = true;
            return this;
        }

        Builder standbyOf(PostgresServer primary) {
            this.primary = primary;
            this.version = primary.version();
            this.password = String.valueOf(primary.password());
            this.hba = primary.settings.hba();
            Map<String, String> said = Map.copyOf(config);
            config.putAll(primary.settings.config());
            config.putAll(said);
            return this;
        }

        /**
         * Starts it, and returns when it takes connections. When the JVM is ended meanwhile it does not return.
         *
         * @throws IllegalStateException if the JVM was ending before
         */
        public PostgresServer start() {
            OpenServers.requireNotEnding();
            try {
                return startNow();
            } catch (RuntimeException | Error e) {
                OpenServers.awaitEnd();
                throw e;
            }
        }

        private PostgresServer startNow() {
            try {
                PostgresBinaries binaries = PostgresBinaries.of(version);
                Certificates certificates = Certificates.shared();
                PostgresServer server =
                        OpenServers.add(() -> new PostgresServer(binaries, certificates, ServerFolder.create(), this));
                try {
                    server.underLock(() -> {
                        OpenServers.requireNotEnding();
                        server.settings.showCertificate(certificates, certificate);
                        server.firstStart(primary, data);
                    });
                    return server;
                } catch (RuntimeException | Error e) {
                    server.discard();
                    throw e;
                }
            } catch (IOException e) {
                throw new UncheckedIOException("PostgreSQL " + version + " did not start", e);
            }
        }
    }

    private void firstStart(@Nullable PostgresServer primary, @Nullable Path data) throws IOException {
        if (primary != null) {
            BaseBackup.take(primary, folder);
            settings.set(
                    "primary_conninfo",
                    "host=" + ServerSettings.slashed(primary.socketDirectory()) + " port=" + primary.port() + " user="
                            + SUPERUSER + " application_name=standby");
        } else if (data != null) {
            Folders.copy(data, folder.data(), path -> false);
            Folders.own(folder.data());
        } else {
            Folders.copy(binaries.template(), folder.data(), path -> false);
        }
        postmaster.startOnFreePort(settings);
        if (primary == null && data == null) {
            execute("alter role " + SUPERUSER + " password " + Roles.literal(password()) + ";" + Roles.script());
            execute("template1", "grant all on schema public to public");
        }
    }

    /** The major version, such as 18. */
    public int version() {
        return binaries.major();
    }

    /** The address it listens on: 127.0.0.1. (It listens on ::1 too where the machine has it.) */
    public String host() {
        return "127.0.0.1";
    }

    /** The TCP port; it stays the same over a restart. */
    public int port() {
        return postmaster.port();
    }

    /** The folder of its Unix socket, for {@code host=} of libpq. */
    public Path socketDirectory() {
        return folder.socket();
    }

    /** The Unix socket itself. */
    public Path socketFile() {
        return folder.socket().resolve(".s.PGSQL." + port());
    }

    /** The superuser's name. */
    public String superuser() {
        return SUPERUSER;
    }

    /** The superuser's password. */
    public String password() {
        return Objects.requireNonNull(superuser.password());
    }

    /** The data folder. It belongs to the user that runs the server. */
    public Path dataDirectory() {
        return folder.data();
    }

    /** The file that the server logs to. */
    public Path log() {
        return folder.log();
    }

    /** What the log says up to now. */
    public String logText() {
        try {
            return Files.readString(folder.log(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the server's log", e);
        }
    }

    /** The certificates that the server's own is one of. */
    public Certificates certificates() {
        return certificates;
    }

    /** The process ID of the server's first process, the postmaster. */
    public long pid() {
        return postmaster.handle().pid();
    }

    /** Whether its first process is alive. */
    public boolean isRunning() {
        return postmaster.isRunning();
    }

    /** The keyword/value text that connects the superuser to a database over TCP; it holds the password. */
    public String dsn(String database) {
        return dsn(database, superuser);
    }

    /** The keyword/value text that connects a role to a database over TCP; it holds the role's password. */
    public String dsn(String database, Role role) {
        return ConnectionText.dsn(host(), port(), database, role);
    }

    /** The URI that connects the superuser to a database over TCP; it holds the password. */
    public String uri(String database) {
        return uri(database, superuser);
    }

    /** The URI that connects a role to a database over TCP; it holds the role's password. */
    public String uri(String database, Role role) {
        return ConnectionText.uri(host(), port(), database, role);
    }

    /** The keyword/value text that connects a role to a database over the Unix socket. */
    public String socketDsn(String database, Role role) {
        return ConnectionText.dsn(ServerSettings.slashed(socketDirectory()), port(), database, role);
    }

    /** The superuser's session in the database postgres; the caller closes it. */
    public AdminSession admin() {
        return admin("postgres");
    }

    /** The superuser's session in a database; the caller closes it. */
    public AdminSession admin(String database) {
        return AdminSession.connect(socketFile(), SUPERUSER, database);
    }

    /**
     * Runs a script in the database postgres as the superuser, in a session that others cannot see anything of.
     *
     * @return as {@link AdminSession#execute}
     */
    public List<List<@Nullable String>> execute(String sql) {
        return shared ? kept.execute(sql) : execute("postgres", sql);
    }

    private List<List<@Nullable String>> execute(String database, String sql) {
        try (AdminSession admin = admin(database)) {
            return admin.execute(sql);
        }
    }

    private @Nullable String value(String sql) {
        try (AdminSession admin = admin()) {
            return admin.value(sql);
        }
    }

    /** Makes a database with a name that no other has; the caller closes it. */
    public TestDatabase createDatabase() {
        return createDatabase("");
    }

    /** Makes a database with more to say, as in {@code "encoding 'SQL_ASCII' template template0"}; the caller closes it. */
    public TestDatabase createDatabase(String options) {
        String name = "test_" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet();
        execute("create database " + name + " " + options);
        return new TestDatabase(this, name);
    }

    /**
     * Makes a role that can log in.
     *
     * @param name its name, any text
     * @param password its password, null for none
     * @param attributes what else to say in {@code CREATE ROLE}, as in {@code "superuser"}; may be empty
     */
    public Role createRole(String name, @Nullable String password, String attributes) {
        Role role = new Role(name, password);
        execute(Roles.create(role, "login " + attributes));
        return role;
    }

    /** Changes a setting and has the server read it. Some settings need a {@link #restart()}. */
    public void configure(String name, String value) {
        settings.set(name, value);
        reload();
    }

    /** Replaces the pg_hba.conf lines as in {@link Builder#hba} and has the server read them. */
    public void changeHba(String... lines) {
        settings.setHba(List.of(lines));
        reload();
    }

    /** Has the server show another certificate to new connections. */
    public void changeTls(Certificates.Kind kind) {
        mine();
        underLock(() -> settings.showCertificate(certificates, kind));
        reload();
    }

    /** Has the server read its configuration files again, and returns when it did. */
    public void reload() {
        underLock(() -> {
            settings.write(port());
            @Nullable String before = value("select pg_conf_load_time()");
            execute("select pg_reload_conf()");
            Await.until(
                    "the server has read its configuration",
                    PATIENCE,
                    () -> !Objects.equals(before, value("select pg_conf_load_time()")));
        });
    }

    /** Stops it: sessions are ended (57P01), data is written. Nothing to do when it is down. */
    public void stop() {
        mine();
        underLock(() -> postmaster.stop("fast"));
    }

    /** Kills all its processes at once, as a power cut would. */
    public void crash() {
        mine();
        underLock(postmaster::crash);
    }

    /** Starts it again on the same port and data, whether it was stopped, crashed or is running (it is then stopped first). */
    public void restart() {
        mine();
        underLock(() -> {
            postmaster.stop("fast");
            postmaster.start(settings, port());
        });
    }

    /** A hot standby of this server, to be started; it has this server's settings unless told otherwise. */
    public Builder standby() {
        return builder().standbyOf(this);
    }

    /** Whether it is a standby that was not promoted. */
    public boolean isStandby() {
        return "t".equals(value("select pg_is_in_recovery()"));
    }

    /** Makes a standby the primary, and returns when it takes writes. */
    public void promote() {
        if (!"t".equals(value("select pg_promote(true, 60)"))) {
            throw new IllegalStateException("the standby was not promoted: " + logEnd());
        }
    }

    /** Where a primary's write-ahead log ends now, as in {@code 0/3000148}. */
    public String walPosition() {
        return String.valueOf(value("select pg_current_wal_lsn()"));
    }

    /** Returns when this standby has replayed the primary's write-ahead log up to this position. */
    public void awaitReplay(String lsn) {
        Await.until(
                "replay reaches " + lsn,
                PATIENCE,
                () -> "t".equals(value("select pg_last_wal_replay_lsn() >= " + Roles.literal(lsn) + "::pg_lsn")));
    }

    /** Stops it and deletes its folder. A shared server stays until the JVM ends. */
    @Override
    public void close() {
        if (!shared) {
            discard();
        }
    }

    /** Stops it and deletes its folder, if that has not been done. An interrupt is kept for later: programs are run here and waited for. */
    void discard() {
        boolean interrupted = Thread.interrupted();
        try {
            underLock(() -> {
                if (OpenServers.contains(this)) {
                    // Nobody will read what it would write.
                    kept.close();
                    postmaster.stop("immediate");
                    folder.delete();
                    OpenServers.remove(this);
                }
            });
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void mine() {
        if (shared) {
            throw new IllegalStateException("this server is shared with other tests: start one of your own");
        }
    }

    private interface Deed {
        void run() throws IOException;
    }

    private void underLock(Deed deed) {
        lock.lock();
        try {
            deed.run();
        } catch (IOException e) {
            throw new UncheckedIOException(this + ": " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    private String logEnd() {
        String text = logText();
        return text.substring(Math.max(0, text.length() - 2000));
    }

    @Override
    public String toString() {
        return "PostgreSQL " + version();
    }
}
