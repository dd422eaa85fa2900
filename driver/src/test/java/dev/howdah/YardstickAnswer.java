package dev.howdah;

import dev.howdah.error.ConfigException;
import dev.howdah.error.ConnectAttempt;
import dev.howdah.error.ConnectFailedException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Diagnostics;
import dev.howdah.error.PgException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How an attempt to connect ended, of Howdah or of psql. */
sealed interface YardstickAnswer {

    /** What both ask of the server once they are in: name and value of what tells connections apart. */
    String REPORT = """
            select name || '=' || coalesce(value, '') from (values
                ('user', current_user::text), ('session_user', session_user::text), ('db', current_database()::text),
                ('port', coalesce(inet_server_port()::text, 'socket')),
                ('address', coalesce(host(inet_server_addr()), 'socket')),
                ('ssl', (select ssl::text from pg_stat_ssl where pid = pg_backend_pid())),
                ('tls', (select version from pg_stat_ssl where pid = pg_backend_pid())),
                ('dn', (select client_dn from pg_stat_ssl where pid = pg_backend_pid())),
                ('app', current_setting('application_name')), ('encoding', current_setting('client_encoding')),
                ('datestyle', current_setting('datestyle')), ('timezone', current_setting('timezone')),
                ('geqo', current_setting('geqo')), ('work_mem', current_setting('work_mem')),
                ('search_path', current_setting('search_path')), ('timeout', current_setting('statement_timeout')),
                ('readonly', current_setting('transaction_read_only'))) as t(name, value)""";

    /** Whether two clients had the same answer; how a client words its own refusal does not matter. */
    boolean isAlike(YardstickAnswer other);

    /** Whether this is what the table says. */
    boolean fits(String expected);

    /** Connected, and this is what the server says of the session. */
    record In(Map<String, String> report) implements YardstickAnswer {
        static In of(Iterable<String> lines) {
            Map<String, String> report = new TreeMap<>();
            for (String line : lines) {
                String[] pair = line.split("=", 2);
                report.put(pair[0], pair[1]);
            }
            return new In(report);
        }

        @Override
        public boolean isAlike(YardstickAnswer other) {
            return other instanceof In in && anyLoopback().equals(in.anyLoopback());
        }

        /** Which address of localhost comes first is the system's business. */
        private Map<String, String> anyLoopback() {
            Map<String, String> all = new TreeMap<>(report);
            all.computeIfPresent("address", (name, address) -> address.equals("::1") ? "127.0.0.1" : address);
            return all;
        }

        @Override
        public boolean fits(String expected) {
            if (!expected.startsWith("in ")) {
                return false;
            }
            Map<String, String> named = new TreeMap<>();
            ConninfoText.parse(expected.substring(3), named::put);
            return report.entrySet().containsAll(named.entrySet());
        }
    }

    /** Servers answered with errors: their texts, in the order of the attempts, equal neighbours as one, and the last one's SQLSTATE if known. */
    record Rejected(List<String> errors, String sqlState) implements YardstickAnswer {
        @Override
        public boolean isAlike(YardstickAnswer other) {
            return other instanceof Rejected rejected && errors.equals(rejected.errors);
        }

        @Override
        public boolean fits(String expected) {
            return expected.equals("failed " + sqlState)
                    || (expected.startsWith("failed ")
                            && errors.toString().contains(expected.substring("failed ".length())));
        }
    }

    /** No session, and no error of a server: a string that is not understood, nobody there, TLS that is not trusted. */
    record Failed(@Nullable String keyword, String message) implements YardstickAnswer {
        @Override
        public boolean isAlike(YardstickAnswer other) {
            return other instanceof Failed;
        }

        @Override
        public boolean fits(String expected) {
            if (expected.startsWith("refused ")) {
                return expected.equals("refused " + keyword);
            }
            return keyword == null
                    && expected.startsWith("failed ")
                    && message.contains(expected.substring("failed ".length()));
        }
    }

    /** Howdah's answer. */
    static YardstickAnswer ofHowdah(YardstickRow row, TestEnvironment environment) {
        try (PgConnection db = Howdah.connect(environment.parse(row.text()))) {
            List<String> lines = new ArrayList<>();
            for (Row line : db.script(REPORT).get(0).rows()) {
                lines.add(line.getString(0));
            }
            return In.of(lines);
        } catch (ConfigException e) {
            return new Failed(e.keyword() == null ? "-" : e.keyword(), String.valueOf(e.getMessage()));
        } catch (ConnectFailedException e) {
            List<String> errors = new ArrayList<>();
            for (ConnectAttempt attempt : e.attempts()) {
                if (attempt.cause() instanceof ServerException server) {
                    errors.add(server.diagnostics().messagePrimary());
                } else if (attempt.cause() instanceof ConnectionLostException lost) {
                    Diagnostics words = lost.lastWords();
                    if (words != null) {
                        errors.add(words.messagePrimary());
                    }
                }
            }
            return errors.isEmpty()
                    ? new Failed(null, String.valueOf(e.getMessage()))
                    : new Rejected(errors, code(e.sqlState()));
        } catch (ServerException e) {
            return new Rejected(List.of(e.diagnostics().messagePrimary()), code(e.sqlState()));
        } catch (PgException e) {
            return new Failed(null, String.valueOf(e.getMessage()));
        }
    }

    private static String code(@Nullable SqlState state) {
        return state == null ? "none" : state.code();
    }
}
