package dev.howdah.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConfigException;
import dev.howdah.error.ProtocolException;
import dev.howdah.message.AuthenticationGSS;
import dev.howdah.message.AuthenticationGSSContinue;
import dev.howdah.message.AuthenticationMessage;
import dev.howdah.message.AuthenticationOk;
import dev.howdah.message.AuthenticationSSPI;
import dev.howdah.message.Bytes;
import dev.howdah.message.GSSResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** GSSAPI with scripted tokens, since there is no Kerberos server here, and with the JDK's as far as it goes without. */
class GssExchangeTest {
    private final ScriptedGss context = new ScriptedGss(2);
    private final List<String> asked = new ArrayList<>();
    private final GssSettings scripted = new GssSettings("pg", true, (service, host, delegation) -> {
        asked.add(service + "@" + host + " " + delegation);
        return context;
    });

    private static AuthenticationGSSContinue token(String text) {
        return new AuthenticationGSSContinue(Bytes.utf8(text));
    }

    @Test
    void tokensGoToAndFroUntilBothSidesAreSure() {
        for (AuthenticationMessage request : List.of(AuthenticationGSS.INSTANCE, AuthenticationSSPI.INSTANCE)) {
            ScriptedGss one = new ScriptedGss(3);
            Authenticator client = new Logins()
                    .gss(new GssSettings("postgres", false, (s, h, d) -> one))
                    .authenticator();
            assertThat(client.answer(request)).isEqualTo(new GSSResponse(Bytes.utf8("gss token 1")));
            assertThat(client.answer(token("a"))).isEqualTo(new GSSResponse(Bytes.utf8("gss token 2")));
            assertThat(client.answer(token("b"))).isNull();
            assertThat(client.answer(AuthenticationOk.INSTANCE)).isNull();
            assertThat(one.heard).containsExactly("", "a", "b");
            assertThat(one.disposed).isTrue();
            assertThat(client.method()).isEqualTo(request == AuthenticationGSS.INSTANCE ? "GSSAPI" : "SSPI");
            assertThat(client.usedPassword()).isFalse();
        }
    }

    @Test
    void theServersPrincipalIsMadeOfServiceAndHost() {
        new Logins().gss(scripted).authenticator().answer(AuthenticationGSS.INSTANCE);
        assertThat(asked).containsExactly("pg@db.example.com true");
    }

    @Test
    void aSocketHasNoPrincipal() {
        Authenticator client = new Logins()
                .gss(scripted)
                .peer(new Peer("/run/postgresql", false, true, null))
                .authenticator();
        assertThatThrownBy(() -> client.answer(AuthenticationGSS.INSTANCE))
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.keyword()).isEqualTo("host"));
    }

    @Test
    void aServerThatHasNotProvedItselfIsRefused() {
        Authenticator client = new Logins().gss(scripted).authenticator();
        client.answer(AuthenticationGSS.INSTANCE);
        assertThatThrownBy(() -> client.answer(AuthenticationOk.INSTANCE))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("before the GSSAPI exchange had ended");
        assertThat(context.disposed).isTrue();
    }

    @Test
    void anExchangeThatHasEndedDoesNotGoOn() {
        Authenticator client = new Logins().gss(scripted).authenticator();
        client.answer(AuthenticationGSS.INSTANCE);
        client.answer(token("a"));
        assertThatThrownBy(() -> client.answer(token("b")))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("had ended");
    }

    @Test
    void aTokenThatIsNotRightEndsTheExchange() {
        List<Boolean> disposed = new ArrayList<>();
        GssContext failing = new GssContext() {
            @Override
            public Bytes step(Bytes challenge) {
                if (challenge.length() > 0) {
                    throw new ConfigException(null, "GSSAPI failed: defective token");
                }
                return Bytes.utf8("x");
            }

            @Override
            public boolean isEstablished() {
                return false;
            }

            @Override
            public void dispose() {
                disposed.add(true);
            }
        };
        Authenticator client = new Logins()
                .gss(new GssSettings("postgres", false, (s, h, d) -> failing))
                .authenticator();
        client.answer(AuthenticationGSS.INSTANCE);
        assertThatThrownBy(() -> client.answer(token("?"))).hasMessageContaining("defective");
        assertThat(disposed).containsExactly(true);
    }

    @Test
    void withoutKerberosCredentialsTheExceptionSaysWhatToDo() {
        Authenticator client = new Logins().authenticator();
        assertThatThrownBy(() -> client.answer(AuthenticationGSS.INSTANCE))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("GSSAPI")
                .hasMessageContaining("kinit");
    }
}
