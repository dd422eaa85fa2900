package dev.howdah.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * The roles that every server of the testkit has, one for each way to prove who one is, and the
 * <a href="https://www.postgresql.org/docs/current/auth-pg-hba-conf.html">pg_hba.conf</a> lines that say so. All of them may log in to
 * every database, over TCP with and without TLS and over the Unix socket, unless their line here says otherwise.
 */
public final class Roles {

    /** Needs no password. */
    public static final Role TRUST = new Role("app_trust", null);

    /** Sends its password in clear text. */
    public static final Role PASSWORD = new Role("app_password", "clear as day");

    /** Method md5, and an md5 hash stored on the server. */
    public static final Role MD5 = new Role("app_md5", "md5 is old");

    /** Method scram-sha-256. */
    public static final Role SCRAM = new Role("app_scram", "scr'am \\ pencil");

    /** Over TLS only, with the client certificate of {@link Certificates}. */
    public static final Role CERT = new Role("app_cert", null);

    /** Over TCP with TLS only; method scram-sha-256. */
    public static final Role TLS_ONLY = new Role("app_tlsonly", "only in private");

    /** Over TCP without TLS only; method scram-sha-256. */
    public static final Role NO_TLS = new Role("app_notls", "only in the open");

    /** May replicate; method scram-sha-256. */
    public static final Role REPLICATION = new Role("app_replication", "walks the log");

    private Roles() {}

    /** The pg_hba.conf lines of these roles, of the superuser over TCP, and of every other role (scram-sha-256). */
    static List<String> hba() {
        List<String> lines = new ArrayList<>();
        for (String[] pair : new String[][] {
            {TRUST.name(), "trust"},
            {PASSWORD.name(), "password"},
            {MD5.name(), "md5"},
            {SCRAM.name(), "scram-sha-256"},
        }) {
            lines.add("local all " + pair[0] + " " + pair[1]);
            lines.add("host all " + pair[0] + " all " + pair[1]);
        }
        lines.add("local all " + CERT.name() + " reject");
        lines.add("hostssl all " + CERT.name() + " all cert");
        lines.add("hostnossl all " + CERT.name() + " all reject");
        lines.add("local all " + TLS_ONLY.name() + " reject");
        lines.add("hostssl all " + TLS_ONLY.name() + " all scram-sha-256");
        lines.add("hostnossl all " + TLS_ONLY.name() + " all reject");
        lines.add("local all " + NO_TLS.name() + " reject");
        lines.add("hostnossl all " + NO_TLS.name() + " all scram-sha-256");
        lines.add("hostssl all " + NO_TLS.name() + " all reject");
        lines.add("local replication all scram-sha-256");
        lines.add("host replication all all scram-sha-256");
        lines.add("local all all scram-sha-256");
        lines.add("host all all all scram-sha-256");
        return lines;
    }

    /** What makes the roles, on a server that has none of them. */
    static String script() {
        StringBuilder sql = new StringBuilder();
        sql.append("create role app_trust login;");
        sql.append("create role app_cert login;");
        sql.append("set password_encryption = 'md5';");
        sql.append(create(MD5, "login"));
        sql.append("set password_encryption = 'scram-sha-256';");
        for (Role role : List.of(PASSWORD, SCRAM, TLS_ONLY, NO_TLS)) {
            sql.append(create(role, "login"));
        }
        sql.append(create(REPLICATION, "login replication"));
        return sql.toString();
    }

    static String create(Role role, String attributes) {
        String password = role.password() == null ? "" : " password " + literal(role.password());
        return "create role " + identifier(role.name()) + " " + attributes + password + ";";
    }

    static String literal(String text) {
        return " E'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
