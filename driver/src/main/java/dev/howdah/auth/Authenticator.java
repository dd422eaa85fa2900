package dev.howdah.auth;

import dev.howdah.error.ConfigException;
import dev.howdah.error.Delivery;
import dev.howdah.error.ProtocolException;
import dev.howdah.message.AuthenticationCleartextPassword;
import dev.howdah.message.AuthenticationGSS;
import dev.howdah.message.AuthenticationGSSContinue;
import dev.howdah.message.AuthenticationKerberosV5;
import dev.howdah.message.AuthenticationMD5Password;
import dev.howdah.message.AuthenticationMessage;
import dev.howdah.message.AuthenticationOk;
import dev.howdah.message.AuthenticationSASL;
import dev.howdah.message.AuthenticationSASLContinue;
import dev.howdah.message.AuthenticationSASLFinal;
import dev.howdah.message.AuthenticationSSPI;
import dev.howdah.message.Bytes;
import dev.howdah.message.FrontendMessage;
import dev.howdah.message.PasswordMessage;
import dev.howdah.password.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers the server's authentication requests, one after the other, and refuses an acceptance that was not earned in
 * the way the user asked for. Not safe for several threads.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP">Start-up</a>
 */
public final class Authenticator {

    /** How many requests a server may make; the longest exchange of PostgreSQL's own has three. */
    private static final int MAX_REQUESTS = 16;

    /** The longest SASL message of a server that is looked at, in bytes. */
    private static final int MAX_SASL = 8 * 1024;

    /** How many SASL mechanisms a server may offer; PostgreSQL's own offers two. */
    private static final int MAX_MECHANISMS = 32;

    private static final String SCRAM = "scram-sha-256";
    private static final String OAUTH = "oauth";

    private final Credentials credentials;
    private @Nullable SaslExchange sasl;
    private @Nullable GssExchange gss;
    private @Nullable String method;
    private boolean usedPassword;
    private boolean askedForPassword;
    private int requests;

    /** Makes an authenticator for one connection attempt. */
    public Authenticator(Credentials credentials) {
        this.credentials = credentials;
    }

    /**
     * Returns the answer to a request, or null if none is due. May ask the user's source of tokens, or a Kerberos server.
     *
     * @throws ConfigException if what the server asks for was not given, or what the user requires was not done
     * @throws ProtocolException if the server asks for what it may not
     */
    public @Nullable FrontendMessage answer(AuthenticationMessage request) {
        if (++requests > MAX_REQUESTS) {
            throw new ProtocolException("the server made more than " + MAX_REQUESTS + " authentication requests");
        }
        return switch (request) {
            case AuthenticationOk ok -> accepted();
            case AuthenticationCleartextPassword cleartext -> cleartext();
            case AuthenticationMD5Password md5 -> md5(md5.salt());
            case AuthenticationSASL offer -> sasl(offer.mechanisms());
            case AuthenticationSASLContinue step -> runningSasl().challenge(bounded(step.data()));
            case AuthenticationSASLFinal end -> {
                runningSasl().end(bounded(end.data()));
                yield null;
            }
            case AuthenticationGSS offer -> gss("GSSAPI", "gss");
            case AuthenticationSSPI offer -> gss("SSPI", "sspi");
            case AuthenticationGSSContinue step -> runningGss().challenge(step.data());
            case AuthenticationKerberosV5 kerberos ->
                throw new ConfigException(
                        null, "The server asks for Kerberos V5 authentication, which no supported server does");
        };
    }

    /** Returns the name of what the server asked for: trust, password, md5, GSSAPI, SSPI, or the SASL mechanism. */
    public String method() {
        return method == null ? "trust" : method;
    }

    /** Returns whether a password, or a proof of it, has been sent. */
    public boolean usedPassword() {
        return usedPassword;
    }

    /** Returns whether the server asked for a password. */
    public boolean askedForPassword() {
        return askedForPassword;
    }

    /** Returns where to get an OAuth token, if the server was asked just that; another connection has to follow. */
    public @Nullable OAuthDiscovery discovery() {
        return sasl instanceof OAuthExchange oauth ? oauth.discovery() : null;
    }

    /** Returns what the server said of the OAuth token that it refused, or null. */
    public @Nullable String refusal() {
        return sasl instanceof OAuthExchange oauth ? oauth.refusal() : null;
    }

    /** Notes the method that the server chose; it cannot choose twice, nor what the user does not allow. */
    private void begin(String name, String requireAuthName, boolean canBind) {
        if (method != null) {
            throw new ProtocolException("the server asks for " + name + " after it asked for " + method);
        }
        if (!allows(requireAuthName)) {
            throw new ConfigException(
                    "require_auth", "the server asks for " + requireAuthName + ", which is not allowed");
        }
        method = name;
        if (!canBind && credentials.settings().channelBinding() == ChannelBinding.REQUIRE) {
            throw new ConfigException(
                    "channel_binding", "it is required, but the server asks for " + name + ", which has none");
        }
    }

    private boolean allows(String requireAuthName) {
        return credentials.settings().allowedMethods().contains(requireAuthName);
    }

    private @Nullable FrontendMessage accepted() {
        if (method == null && !allows("none")) {
            throw new ConfigException("require_auth", "the server did not ask us to prove who we are");
        }
        if (sasl != null) {
            sasl.accepted();
        }
        if (gss != null) {
            gss.accepted();
        }
        if (credentials.settings().channelBinding() == ChannelBinding.REQUIRE && (sasl == null || !sasl.isBound())) {
            throw new ConfigException(
                    "channel_binding",
                    "it is required, but the server accepted us by " + method() + ", which has none");
        }
        return null;
    }

    private FrontendMessage cleartext() {
        begin("password", "password", false);
        return new PasswordMessage(Bytes.utf8(password().reveal()));
    }

    private FrontendMessage md5(int salt) {
        begin("md5", "md5", false);
        String inner = md5Hex((password().reveal() + credentials.user()).getBytes(StandardCharsets.UTF_8));
        byte[] salted = new byte[inner.length() + Integer.BYTES];
        System.arraycopy(inner.getBytes(StandardCharsets.US_ASCII), 0, salted, 0, inner.length());
        for (int i = 0; i < Integer.BYTES; i++) {
            salted[inner.length() + i] = (byte) (salt >>> (24 - 8 * i));
        }
        return new PasswordMessage(Bytes.utf8("md5" + md5Hex(salted)));
    }

    /** Returns the names that SASL allows, for a message; a hostile server's other texts are not repeated. */
    private static List<String> lawful(List<String> offered) {
        return offered.stream().filter(name -> name.matches("[A-Z0-9_-]{1,20}")).toList();
    }

    /** Begins with the best mechanism that both sides have and the user allows. */
    private FrontendMessage sasl(List<String> offered) {
        if (offered.size() > MAX_MECHANISMS) {
            throw new ProtocolException("the server offers more than " + MAX_MECHANISMS + " SASL mechanisms");
        }
        boolean scram = offered.contains(ScramExchange.PLAIN) || offered.contains(ScramExchange.PLUS);
        boolean oauth = offered.contains(OAuthExchange.MECHANISM);
        if (!scram && !oauth) {
            throw new ConfigException(
                    null, "The server offers no SASL mechanism that can be used here, only " + lawful(offered));
        }
        SaslExchange chosen;
        if (scram && (allows(SCRAM) || !oauth || !allows(OAUTH))) {
            begin(ScramExchange.PLAIN, SCRAM, true);
            chosen = ScramExchange.begin(offered, credentials, password());
        } else {
            begin(OAuthExchange.MECHANISM, OAUTH, false);
            chosen = OAuthExchange.begin(credentials);
        }
        sasl = chosen;
        method = chosen.mechanism();
        return chosen.first();
    }

    private SaslExchange runningSasl() {
        if (sasl == null) {
            throw new ProtocolException("the server continued a SASL exchange that had not begun");
        }
        return sasl;
    }

    private static Bytes bounded(Bytes data) {
        if (data.length() > MAX_SASL) {
            throw new ProtocolException(
                    "the server sent a SASL message of " + data.length() + " bytes; accepted are " + MAX_SASL);
        }
        return data;
    }

    private FrontendMessage gss(String name, String requireAuthName) {
        begin(name, requireAuthName, false);
        GssExchange exchange = GssExchange.begin(credentials);
        gss = exchange;
        return exchange.first();
    }

    private GssExchange runningGss() {
        if (gss == null) {
            throw new ProtocolException("the server continued a GSSAPI exchange that had not begun");
        }
        return gss;
    }

    private Secret password() {
        askedForPassword = true;
        Secret password = credentials.password();
        if (password == null || password.isEmpty()) {
            throw new ConfigException("password", "the server asks for one and none was given");
        }
        String text = password.reveal();
        if (text.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new ConfigException("password", "it has a NUL or an unpaired surrogate, which no server can store");
        }
        usedPassword = true;
        return password;
    }

    private static String md5Hex(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new ProtocolException(
                    "the server asks for an MD5 password, and this Java has no MD5", Delivery.NOT_SENT, e);
        }
    }
}
