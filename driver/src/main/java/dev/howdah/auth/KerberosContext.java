package dev.howdah.auth;

import dev.howdah.error.ConfigException;
import dev.howdah.message.Bytes;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import javax.security.auth.Subject;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.GSSName;
import org.ietf.jgss.Oid;
import org.jspecify.annotations.Nullable;

/**
 * Kerberos by the JDK: with the credentials of the current {@link Subject}, else with the tickets that kinit got.
 *
 * @see <a href="https://www.postgresql.org/docs/current/gssapi-auth.html">GSSAPI authentication</a>
 */
final class KerberosContext implements GssContext {

    private static final String KERBEROS_V5 = "1.2.840.113554.1.2.2";
    private static final String LOGIN_MODULE = "com.sun.security.auth.module.Krb5LoginModule";

    private final String principal;
    private final boolean delegation;
    private @Nullable Subject subject;
    private GSSContext context;

    private KerberosContext(String principal, boolean delegation) throws GSSException {
        this.principal = principal;
        this.delegation = delegation;
        this.context = create();
    }

    static GssContext begin(String service, String host, boolean delegation) {
        try {
            return new KerberosContext(service + "@" + host, delegation);
        } catch (GSSException e) {
            throw failed(e);
        } catch (NoClassDefFoundError e) {
            throw new ConfigException(
                    null,
                    "The server asks for GSSAPI, and the JDK's module java.security.jgss is not there; add it with"
                            + " --add-modules java.security.jgss",
                    e);
        }
    }

    private GSSContext create() throws GSSException {
        GSSManager manager = GSSManager.getInstance();
        Oid mechanism = new Oid(KERBEROS_V5);
        GSSContext made = manager.createContext(
                manager.createName(principal, GSSName.NT_HOSTBASED_SERVICE),
                mechanism,
                null,
                GSSContext.DEFAULT_LIFETIME);
        made.requestMutualAuth(true);
        made.requestCredDeleg(delegation);
        return made;
    }

    @Override
    public Bytes step(Bytes challenge) {
        byte[] token = challenge.toByteArray();
        try {
            return bytes(subject == null ? context.initSecContext(token, 0, token.length) : as(subject, token));
        } catch (GSSException e) {
            if (token.length > 0 || subject != null) {
                throw failed(e);
            }
            return withTickets(e);
        }
    }

    /** Begins anew with the tickets of the user, since the program itself has no credentials. */
    private Bytes withTickets(GSSException reason) {
        try {
            Subject user = login();
            subject = user;
            context = create();
            return bytes(as(user, new byte[0]));
        } catch (LoginException e) {
            ConfigException failure = new ConfigException(
                    null,
                    "The server asks for GSSAPI, and there are no Kerberos credentials: run kinit, or connect within"
                            + " Subject.callAs of a Kerberos login (" + e.getMessage() + ")",
                    e);
            failure.addSuppressed(reason);
            throw failure;
        } catch (GSSException e) {
            throw failed(e);
        }
    }

    private byte @Nullable [] as(Subject user, byte[] token) throws GSSException {
        Callable<byte @Nullable []> step = () -> context.initSecContext(token, 0, token.length);
        try {
            return Subject.callAs(user, step);
        } catch (CompletionException e) {
            if (e.getCause() instanceof GSSException gss) {
                throw gss;
            }
            throw e;
        }
    }

    private static Subject login() throws LoginException {
        Configuration tickets = new Configuration() {
            @Override
            public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
                return new AppConfigurationEntry[] {
                    new AppConfigurationEntry(
                            LOGIN_MODULE,
                            AppConfigurationEntry.LoginModuleControlFlag.REQUIRED,
                            Map.of("useTicketCache", "true", "doNotPrompt", "true"))
                };
            }
        };
        LoginContext login = new LoginContext("howdah", new Subject(), null, tickets);
        login.login();
        return login.getSubject();
    }

    private static Bytes bytes(byte @Nullable [] token) {
        return token == null ? Bytes.EMPTY : Bytes.copyOf(token);
    }

    @Override
    public boolean isEstablished() {
        return context.isEstablished() && context.getMutualAuthState();
    }

    @Override
    public void dispose() {
        try {
            context.dispose();
        } catch (GSSException e) {
            throw failed(e);
        }
    }

    private static ConfigException failed(GSSException e) {
        return new ConfigException(
                null,
                "GSSAPI failed: " + e.getMessage()
                        + "; it needs a Kerberos configuration (krb5.conf) and credentials (kinit,"
                        + " or Subject.callAs of a Kerberos login)",
                e);
    }
}
