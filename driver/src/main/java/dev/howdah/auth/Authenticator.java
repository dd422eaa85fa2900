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

    private final Credentials credentials;
    private @Nullable ScramExchange scram;
    private String method = "trust";
    private boolean usedPassword;
    private boolean askedForPassword;
    private int requests;

    /** Makes an authenticator for one connection attempt. */
    public Authenticator(Credentials credentials) {
        this.credentials = credentials;
    }

    /**
     * Returns the answer to a request, or null if none is due.
     *
     * @throws ConfigException if what the server asks for was not given, or what the user requires was not done
     * @throws ProtocolException if the server asks for what it may not
     */
    public @Nullable FrontendMessage answer(AuthenticationMessage request) {
        if (++requests > MAX_REQUESTS) {
            throw new ProtocolException("the server made more than " + MAX_REQUESTS + " authentication requests");
        }
        refuseMethod(request);
        return switch (request) {
            case AuthenticationOk ok -> accepted();
            case AuthenticationCleartextPassword cleartext -> cleartext();
            case AuthenticationMD5Password md5 -> md5(md5.salt());
            case AuthenticationSASL sasl -> begin(sasl);
            case AuthenticationSASLContinue step -> running().challenge(step.data());
            case AuthenticationSASLFinal end -> {
                running().verify(end.data());
                yield null;
            }
            case AuthenticationGSS gss -> throw unsupported("GSSAPI");
            case AuthenticationGSSContinue gss -> throw unsupported("GSSAPI");
            case AuthenticationSSPI sspi -> throw unsupported("SSPI");
            case AuthenticationKerberosV5 kerberos -> throw unsupported("Kerberos V5");
        };
    }

    /** Returns the name of what the server asked for last: trust, password, md5, SCRAM-SHA-256 or SCRAM-SHA-256-PLUS. */
    public String method() {
        return method;
    }

    /** Returns whether a password, or a proof of it, has been sent. */
    public boolean usedPassword() {
        return usedPassword;
    }

    /** Returns whether the server asked for a password. */
    public boolean askedForPassword() {
        return askedForPassword;
    }

    /** Refuses a method that the user does not allow, by the names that require_auth has for them. */
    private void refuseMethod(AuthenticationMessage request) {
        String asked = switch (request) {
            case AuthenticationOk ok -> requests == 1 ? "none" : null;
            case AuthenticationCleartextPassword cleartext -> "password";
            case AuthenticationMD5Password md5 -> "md5";
            case AuthenticationSASL sasl -> "scram-sha-256";
            case AuthenticationGSS gss -> "gss";
            case AuthenticationSSPI sspi -> "sspi";
            case AuthenticationKerberosV5 kerberos -> "krb5";
            case AuthenticationGSSContinue step -> null;
            case AuthenticationSASLContinue step -> null;
            case AuthenticationSASLFinal end -> null;
        };
        if (asked != null && !credentials.allowedMethods().contains(asked)) {
            throw new ConfigException(
                    "require_auth",
                    asked.equals("none")
                            ? "the server did not ask us to prove who we are"
                            : "the server asks for " + asked + ", which is not allowed");
        }
    }

    private @Nullable FrontendMessage accepted() {
        if (scram != null && !scram.isVerified()) {
            throw new ProtocolException("the server accepted us before it proved that it knows the password");
        }
        if (credentials.channelBinding() == ChannelBinding.REQUIRE && (scram == null || !scram.isBound())) {
            throw new ConfigException(
                    "channel_binding", "it is required, but the server accepted us by " + method + ", which has none");
        }
        return null;
    }

    private FrontendMessage cleartext() {
        method = "password";
        refuseUnbound();
        return new PasswordMessage(Bytes.utf8(password().reveal()));
    }

    private FrontendMessage md5(int salt) {
        method = "md5";
        refuseUnbound();
        String inner = md5Hex((password().reveal() + credentials.user()).getBytes(StandardCharsets.UTF_8));
        byte[] salted = new byte[inner.length() + Integer.BYTES];
        System.arraycopy(inner.getBytes(StandardCharsets.US_ASCII), 0, salted, 0, inner.length());
        for (int i = 0; i < Integer.BYTES; i++) {
            salted[inner.length() + i] = (byte) (salt >>> (24 - 8 * i));
        }
        return new PasswordMessage(Bytes.utf8("md5" + md5Hex(salted)));
    }

    private FrontendMessage begin(AuthenticationSASL request) {
        ScramExchange exchange = ScramExchange.begin(request.mechanisms(), credentials, password());
        scram = exchange;
        method = exchange.mechanism();
        return exchange.first();
    }

    private ScramExchange running() {
        if (scram == null) {
            throw new ProtocolException("the server continued a SASL exchange that had not begun");
        }
        return scram;
    }

    private Secret password() {
        askedForPassword = true;
        Secret password = credentials.password();
        if (password == null) {
            throw new ConfigException("password", "the server asks for one and none was given");
        }
        usedPassword = true;
        return password;
    }

    /** A password in clear, or as MD5, is not sent to a server that must prove that it knows it. */
    private void refuseUnbound() {
        if (credentials.channelBinding() == ChannelBinding.REQUIRE) {
            throw new ConfigException(
                    "channel_binding", "it is required, but the server asks for " + method + ", which has none");
        }
    }

    private static ConfigException unsupported(String what) {
        return new ConfigException(null, "the server asks for " + what + " authentication, which is not supported");
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
