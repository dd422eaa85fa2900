package dev.howdah.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConfigException;
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
import dev.howdah.message.PasswordMessage;
import dev.howdah.password.Secret;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests of a server are answered, refused, or a breach of the protocol. */
class AuthenticatorTest {
    private static final Bytes SOME = Bytes.utf8("some bytes");

    /** By their names in require_auth, how a server begins. */
    private static final Map<String, AuthenticationMessage> BEGINNINGS = beginnings();

    private static Map<String, AuthenticationMessage> beginnings() {
        Map<String, AuthenticationMessage> all = new LinkedHashMap<>();
        all.put("none", AuthenticationOk.INSTANCE);
        all.put("password", AuthenticationCleartextPassword.INSTANCE);
        all.put("md5", new AuthenticationMD5Password(0x01020304));
        all.put("gss", AuthenticationGSS.INSTANCE);
        all.put("sspi", AuthenticationSSPI.INSTANCE);
        all.put("scram-sha-256", new AuthenticationSASL(List.of("SCRAM-SHA-256")));
        all.put("oauth", new AuthenticationSASL(List.of("OAUTHBEARER")));
        return all;
    }

    /** A client that can do everything. */
    private static Logins able() {
        return new Logins()
                .tls()
                .gss(new GssSettings("postgres", false, (s, h, d) -> new ScriptedGss(2)))
                .oauth(new OAuthSettings(request -> Secret.of("token"), null, null, null, null));
    }

    @Test
    void everyMethodIsAnsweredWhereAllAreAllowed() {
        BEGINNINGS.forEach((name, request) -> {
            Authenticator client = able().authenticator();
            assertThat(client.answer(request) == null).as(name).isEqualTo(name.equals("none"));
        });
    }

    @Test
    void eachMethodAloneIsAllowedByItsName() {
        for (String allowed : Logins.ALL) {
            BEGINNINGS.forEach((name, request) -> {
                Authenticator client = able().methods(allowed).authenticator();
                if (name.equals(allowed)) {
                    client.answer(request);
                } else {
                    assertNotAllowed(client, request, name);
                }
            });
        }
    }

    @Test
    void eachMethodAloneIsForbiddenByItsName() {
        for (String forbidden : Logins.ALL) {
            String[] rest =
                    Logins.ALL.stream().filter(m -> !m.equals(forbidden)).toArray(String[]::new);
            BEGINNINGS.forEach((name, request) -> {
                Authenticator client = able().methods(rest).authenticator();
                if (name.equals(forbidden)) {
                    assertNotAllowed(client, request, name);
                } else {
                    client.answer(request);
                }
            });
        }
    }

    private static void assertNotAllowed(Authenticator client, AuthenticationMessage request, String name) {
        assertThatThrownBy(() -> client.answer(request))
                .as(name)
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.keyword()).isEqualTo("require_auth"));
        assertThat(client.usedPassword()).isFalse();
    }

    @Test
    void ofSeveralMechanismsOneThatIsAllowedIsTaken() {
        AuthenticationSASL both = new AuthenticationSASL(List.of("OAUTHBEARER", "SCRAM-SHA-256", "X-OTHER"));
        Authenticator any = able().authenticator();
        any.answer(both);
        assertThat(any.method()).isEqualTo("SCRAM-SHA-256");
        Authenticator oauth = able().methods("oauth").authenticator();
        oauth.answer(both);
        assertThat(oauth.method()).isEqualTo("OAUTHBEARER");
        Authenticator neither = able().methods("none").authenticator();
        assertNotAllowed(neither, both, "scram-sha-256");
    }

    @Test
    void nothingWithoutBindingPassesWhereItIsRequired() {
        BEGINNINGS.forEach((name, request) -> {
            Authenticator client = able().binding(ChannelBinding.REQUIRE).authenticator();
            assertThatThrownBy(() -> client.answer(request))
                    .as(name)
                    .isInstanceOfSatisfying(
                            ConfigException.class, e -> assertThat(e.keyword()).isEqualTo("channel_binding"));
        });
    }

    @Test
    void aServerThatAsksForNothingIsTrusted() {
        Authenticator client = new Logins().password(null).authenticator();
        assertThat(client.answer(AuthenticationOk.INSTANCE)).isNull();
        assertThat(client.method()).isEqualTo("trust");
        assertThat(client.askedForPassword()).isFalse();
    }

    @Test
    void thePasswordIsSentAsTheServerAsks() {
        Authenticator clear = new Logins().authenticator();
        assertThat(clear.answer(AuthenticationCleartextPassword.INSTANCE))
                .isEqualTo(new PasswordMessage(Bytes.utf8("open sesame")));
        assertThat(clear.answer(AuthenticationOk.INSTANCE)).isNull();
        assertThat(clear.method()).isEqualTo("password");
        Authenticator md5 = new Logins().authenticator();
        PasswordMessage hashed =
                (PasswordMessage) Objects.requireNonNull(md5.answer(new AuthenticationMD5Password(0x01020304)));
        assertThat(hashed.password().utf8()).isEqualTo("md57f1bde06e13f9911e18ee345d412dec3");
        assertThat(md5.usedPassword()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\0b", "\ud800"})
    void whatCannotBeAPasswordIsNotSent(String password) {
        for (String name : List.of("password", "md5", "scram-sha-256")) {
            Authenticator client = new Logins().password(password).authenticator();
            assertThatThrownBy(() -> client.answer(Objects.requireNonNull(BEGINNINGS.get(name))))
                    .isInstanceOfSatisfying(
                            ConfigException.class, e -> assertThat(e.keyword()).isEqualTo("password"));
            assertThat(client.askedForPassword()).isTrue();
            assertThat(client.usedPassword()).isFalse();
        }
    }

    @Test
    void aServerAsksForOneMethodOnly() {
        BEGINNINGS.forEach((one, first) -> BEGINNINGS.forEach((two, second) -> {
            if (!one.equals("none") && !two.equals("none")) {
                Authenticator client = able().authenticator();
                client.answer(first);
                assertThatThrownBy(() -> client.answer(second))
                        .as(one + ", then " + two)
                        .isInstanceOf(ProtocolException.class)
                        .hasMessageContaining("after it asked for");
            }
        }));
    }

    @Test
    void noExchangeGoesOnThatHasNotBegun() {
        for (AuthenticationMessage step : List.of(
                new AuthenticationSASLContinue(SOME),
                new AuthenticationSASLFinal(SOME),
                new AuthenticationGSSContinue(SOME))) {
            assertThatThrownBy(() -> able().authenticator().answer(step))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("had not begun");
            Authenticator client = able().authenticator();
            client.answer(AuthenticationCleartextPassword.INSTANCE);
            assertThatThrownBy(() -> client.answer(step)).isInstanceOf(ProtocolException.class);
        }
    }

    @Test
    void requestsHaveAnEnd() {
        Authenticator client = able().gss(new GssSettings("postgres", false, (s, h, d) -> new ScriptedGss(1_000)))
                .authenticator();
        client.answer(AuthenticationGSS.INSTANCE);
        for (int i = 0; i < 15; i++) {
            client.answer(new AuthenticationGSSContinue(SOME));
        }
        assertThatThrownBy(() -> client.answer(new AuthenticationGSSContinue(SOME)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("16");
    }

    @Test
    void unknownMechanismsAreRefusedWithoutRepeatingThem() {
        for (Set<String> offer : List.of(Set.<String>of(), Set.of("X-EVIL\u001b[2J"))) {
            assertThatThrownBy(() -> able().authenticator().answer(new AuthenticationSASL(List.copyOf(offer))))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageNotContaining("EVIL");
        }
        assertThatThrownBy(() ->
                        able().authenticator().answer(new AuthenticationSASL(Collections.nCopies(33, "SCRAM-SHA-256"))))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void kerberosWithoutGssapiIsRefused() {
        assertThatThrownBy(() -> able().authenticator().answer(AuthenticationKerberosV5.INSTANCE))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Kerberos V5");
    }
}
