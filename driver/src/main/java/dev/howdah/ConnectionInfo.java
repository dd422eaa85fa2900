package dev.howdah;

import dev.howdah.message.BackendKeyData;
import dev.howdah.message.TransactionStatus;
import dev.howdah.password.Secret;
import dev.howdah.session.SessionState;
import dev.howdah.transport.Dialed;
import dev.howdah.transport.TlsInfo;
import dev.howdah.transport.TlsSettings;
import java.nio.channels.SocketChannel;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a connection is: a live view, valid also when the connection has been closed or lost. Sends nothing. Safe for
 * several threads.
 */
public final class ConnectionInfo {

    private static final Pattern VERSION = Pattern.compile("(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?.*");

    private final Core core;
    private final Dialed dialed;
    private final ConnectOptions options;

    ConnectionInfo(Core core, Dialed dialed, ConnectOptions options) {
        this.core = core;
        this.dialed = dialed;
        this.options = options;
    }

    /** Returns the name of the database. */
    public String dbname() {
        return options.dbname();
    }

    /** Returns the role that was authenticated. */
    public String user() {
        return options.user();
    }

    /** Returns the password that the options give now; it shows its text only when asked by name. Null if there is none. */
    public @Nullable Secret password() {
        for (ConnectOptions.Host host : options.hosts()) {
            if (host.name().equals(host()) && host.port() == port()) {
                return options.password(host);
            }
        }
        return null;
    }

    /** Returns the host of the connection, or the folder of its Unix socket. */
    public String host() {
        return dialed.endpoint().host();
    }

    /** Returns the port. */
    public int port() {
        return dialed.endpoint().port();
    }

    /** Returns the command-line options that were sent to the server; empty if none were. */
    public String options() {
        return options.startupParameters().getOrDefault("options", "");
    }

    /** Returns all options that the connection was made with, by keyword, defaults included, secrets masked. */
    public Map<String, String> dsnParameters() {
        return options.keywords();
    }

    /** Returns whether the connection can be used. */
    public ConnectionStatus status() {
        return switch (core.session().state()) {
            case SessionState.Starting starting -> ConnectionStatus.OPEN;
            case SessionState.Open open -> ConnectionStatus.OPEN;
            case SessionState.Closed closed -> ConnectionStatus.CLOSED;
            case SessionState.Lost lost -> ConnectionStatus.LOST;
        };
    }

    /** Returns where the session stands with transactions. */
    public dev.howdah.TransactionStatus transactionStatus() {
        if (!core.session().isOpen()) {
            return dev.howdah.TransactionStatus.UNKNOWN;
        }
        if (core.pump().isBusy()) {
            return dev.howdah.TransactionStatus.ACTIVE;
        }
        return switch (core.session().transactionStatus()) {
            case TransactionStatus.IDLE -> dev.howdah.TransactionStatus.IDLE;
            case TransactionStatus.IN_TRANSACTION -> dev.howdah.TransactionStatus.IN_TRANSACTION;
            case TransactionStatus.FAILED -> dev.howdah.TransactionStatus.FAILED;
        };
    }

    /** Returns a parameter that the server reports by itself, as it is now; null if it does not report it. */
    public @Nullable String parameterStatus(String name) {
        return core.session().parameters().get(name);
    }

    /** Returns the version of the protocol, major times 10,000 plus minor: 30000 or 30002. */
    public int protocolVersion() {
        return (dialed.protocolVersion() >>> 16) * 10_000 + (dialed.protocolVersion() & 0xffff);
    }

    /** Returns the server's version as PostgreSQL numbers it, such as 180001 for 18.1; 0 if it says none. */
    public int serverVersion() {
        return versionNumber(serverVersionText());
    }

    /** Returns the server's version as it says it, such as {@code 18.1 (Debian 18.1-1)}; empty if it says none. */
    public String serverVersionText() {
        String text = parameterStatus("server_version");
        return text == null ? "" : text;
    }

    static int versionNumber(String text) {
        Matcher matcher = VERSION.matcher(text);
        if (!matcher.matches()) {
            return 0;
        }
        int major = Integer.parseInt(matcher.group(1));
        int minor = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
        int patch = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
        return major >= 10 ? major * 10_000 + minor : major * 10_000 + minor * 100 + patch;
    }

    /** Returns the message of the operation that failed last; null if the last one went well. */
    public @Nullable String errorMessage() {
        return core.lastError();
    }

    /** Returns the process ID of the server's backend; 0 if it says none. */
    public int backendPid() {
        BackendKeyData key = core.session().key();
        return key == null ? 0 : key.processId();
    }

    /** Returns whether the server asked for a password and there was none; false for a connection that was made. */
    public boolean needsPassword() {
        return false;
    }

    /** Returns whether the server asked for a password and got it, or a proof of it. */
    public boolean usedPassword() {
        return dialed.usedPassword();
    }

    /** Returns how we proved who we are: trust, password, md5, SCRAM-SHA-256 or SCRAM-SHA-256-PLUS. */
    public String authenticationMethod() {
        return dialed.authentication();
    }

    /** Returns whether the connection is encrypted. */
    public boolean sslInUse() {
        return dialed.transport().tls() != null;
    }

    /** Returns the names that {@link #sslAttribute} knows: libpq's, and two of our own. */
    public List<String> sslAttributeNames() {
        return List.of(
                "library",
                "protocol",
                "cipher",
                "key_bits",
                "compression",
                "alpn",
                "server_certificate_subject",
                "server_certificate_issuer");
    }

    /**
     * Returns a fact about the encryption: {@code library}, {@code protocol} (such as TLSv1.3), {@code cipher} (the name
     * that the JDK gives the suite), {@code key_bits}, {@code compression} (always off), {@code alpn} (postgresql, or
     * empty if the server knows no ALPN), {@code server_certificate_subject} and {@code server_certificate_issuer}
     * (distinguished names as of RFC 2253).
     *
     * @return null without encryption or for a name that is not known
     * @see <a href="https://www.postgresql.org/docs/current/libpq-status.html#LIBPQ-PQSSLATTRIBUTE">PQsslAttribute</a>
     */
    public @Nullable String sslAttribute(String name) {
        TlsInfo tls = dialed.transport().tls();
        if (tls == null) {
            return null;
        }
        return switch (name) {
            case "library" -> "JSSE";
            case "protocol" -> tls.protocol();
            case "cipher" -> tls.cipher();
            case "key_bits" -> Integer.toString(tls.keyBits());
            case "compression" -> "off";
            case "alpn" -> tls.applicationProtocol();
            case "server_certificate_subject" ->
                tls.serverCertificate().getSubjectX500Principal().getName();
            case "server_certificate_issuer" ->
                tls.serverCertificate().getIssuerX500Principal().getName();
            default -> null;
        };
    }

    /** Returns the certificate that the server showed; null without TLS. What it is worth, {@link #serverVerification()} says. */
    public @Nullable X509Certificate serverCertificate() {
        TlsInfo tls = dialed.transport().tls();
        return tls == null ? null : tls.serverCertificate();
    }

    /**
     * Returns what was verified of the server's certificate, which depends on sslmode and sslrootcert.
     *
     * @see <a href="https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-SSLMODE-STATEMENTS">Protection in different
     *     modes</a>
     */
    public ServerVerification serverVerification() {
        if (!sslInUse()) {
            return ServerVerification.NONE;
        }
        TlsSettings tls = dialed.plan().tls();
        if (tls.verifiesHost()) {
            return ServerVerification.AUTHORITY_AND_HOST;
        }
        return tls.verifiesAuthority() ? ServerVerification.AUTHORITY : ServerVerification.NONE;
    }

    /** Returns whether the login was bound to the TLS connection, so that nobody in between can have passed it on. */
    public boolean usedChannelBinding() {
        return authenticationMethod().endsWith("-PLUS");
    }

    /** Returns how the connection came about: each host and address that was tried, and the time of each step. */
    public ConnectReport connectReport() {
        return new ConnectReport(dialed.attempts(), dialed.time());
    }

    /** Returns the socket; reading from it or writing to it breaks the connection. */
    public SocketChannel channel() {
        return dialed.transport().channel();
    }

    /** Returns who is connected where; no secret. */
    @Override
    public String toString() {
        return user() + "@" + dialed.endpoint() + "/" + dbname() + " (" + status() + ")";
    }
}
