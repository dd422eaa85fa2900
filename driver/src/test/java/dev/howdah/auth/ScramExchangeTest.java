package dev.howdah.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConfigException;
import dev.howdah.error.ProtocolException;
import dev.howdah.message.AuthenticationOk;
import dev.howdah.message.AuthenticationSASL;
import dev.howdah.message.AuthenticationSASLContinue;
import dev.howdah.message.AuthenticationSASLFinal;
import dev.howdah.message.Bytes;
import dev.howdah.message.SASLInitialResponse;
import dev.howdah.message.SASLResponse;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SCRAM against a server that is scripted from the RFC, honest and hostile. */
class ScramExchangeTest {
    private static final String SALT = Base64.getEncoder().encodeToString(ScriptedScramServer.SALT);
    private static final AuthenticationSASL PLAIN = new AuthenticationSASL(List.of("SCRAM-SHA-256"));
    private static final AuthenticationSASL BOTH =
            new AuthenticationSASL(List.of("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"));
    private static final AuthenticationSASL PLUS = new AuthenticationSASL(List.of("SCRAM-SHA-256-PLUS"));

    private final ScriptedScramServer server = new ScriptedScramServer("open sesame", 4096);

    private static SASLInitialResponse first(Authenticator client, AuthenticationSASL offer) {
        return (SASLInitialResponse) Objects.requireNonNull(client.answer(offer));
    }

    private static String login(Authenticator client, ScriptedScramServer server, AuthenticationSASL offer) {
        SASLResponse last = (SASLResponse) client.answer(server.challenge(first(client, offer)));
        client.answer(server.end(Objects.requireNonNull(last)));
        client.answer(AuthenticationOk.INSTANCE);
        return server.flag();
    }

    @Test
    void bothSidesProveThatTheyKnowThePassword() {
        Authenticator client = new Logins().authenticator();
        assertThat(login(client, server, PLAIN)).isEqualTo("n");
        assertThat(client.method()).isEqualTo("SCRAM-SHA-256");
        assertThat(client.usedPassword()).isTrue();
        assertThat(client.askedForPassword()).isTrue();
    }

    @Test
    void theLoginIsBoundToTheCertificateWhereBothCan() {
        Authenticator client = new Logins().tls().authenticator();
        assertThat(login(client, server, BOTH)).isEqualTo("p=tls-server-end-point");
        assertThat(client.method()).isEqualTo("SCRAM-SHA-256-PLUS");
        assertThat(login(new Logins().tls().binding(ChannelBinding.REQUIRE).authenticator(), server, PLUS))
                .isEqualTo("p=tls-server-end-point");
    }

    @Test
    void theServerIsToldThatItsOfferOfBindingWasMissed() {
        assertThat(login(new Logins().tls().authenticator(), server, PLAIN)).isEqualTo("y");
    }

    @Test
    void theFlagSaysNoWhereThereIsNothingToBindTo() {
        assertThat(login(new Logins().tlsWithoutHash().authenticator(), server, BOTH))
                .isEqualTo("n");
        assertThat(login(new Logins().tls().binding(ChannelBinding.DISABLE).authenticator(), server, BOTH))
                .isEqualTo("n");
    }

    @Test
    void aRequiredBindingIsNotWaived() {
        assertRefused(new Logins().binding(ChannelBinding.REQUIRE), PLAIN, "does not offer");
        assertRefused(new Logins().tls().binding(ChannelBinding.REQUIRE), PLAIN, "does not offer");
        assertRefused(new Logins().tlsWithoutHash().binding(ChannelBinding.REQUIRE), BOTH, "no hash");
        assertRefused(new Logins().tls().binding(ChannelBinding.DISABLE), PLUS, "only SCRAM-SHA-256-PLUS");
        assertRefused(new Logins().tlsWithoutHash(), PLUS, "only SCRAM-SHA-256-PLUS");
    }

    private static void assertRefused(Logins login, AuthenticationSASL offer, String why) {
        assertThatThrownBy(() -> login.authenticator().answer(offer))
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.keyword()).isEqualTo("channel_binding"))
                .hasMessageContaining(why);
    }

    @Test
    void bindingOfferedWithoutTlsIsALie() {
        assertThatThrownBy(() -> new Logins().authenticator().answer(BOTH))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("without TLS");
    }

    @Test
    void passwordsArePreparedAsTheServerDoesIt() {
        Map<String, String> prepared = Map.ofEntries(
                Map.entry("pl\u00e4in", "pl\u00e4in"),
                Map.entry("\u2168", "IX"),
                Map.entry("a\u00a0b", "a b"),
                Map.entry("I\u00adX", "IX"),
                Map.entry("\u200bx", " x"),
                Map.entry("\u00ad", "\u00ad"),
                Map.entry("\u1806", "\u1806"),
                Map.entry("\ufb01", "fi"),
                Map.entry("\u0007", "\u0007"),
                Map.entry("\u0221", "\u0221"),
                Map.entry("\u06271", "\u06271"),
                Map.entry("\u2000x", " x"));
        prepared.forEach((given, hashed) -> {
            Authenticator client = new Logins().password(given).authenticator();
            assertThat(login(client, new ScriptedScramServer(hashed, 10), PLAIN))
                    .as(hashed)
                    .isEqualTo("n");
        });
    }

    @Test
    void whatNoServerCanStoreIsNoPassword() {
        for (String password : List.of("", "a\0b", "\ud800")) {
            assertThatThrownBy(() ->
                            new Logins().password(password).authenticator().answer(PLAIN))
                    .isInstanceOfSatisfying(
                            ConfigException.class, e -> assertThat(e.keyword()).isEqualTo("password"));
        }
        assertThatThrownBy(() -> new Logins().password(null).authenticator().answer(PLAIN))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("none was given");
    }

    @Test
    void tooManyIterationsAreRefusedBeforeOneIsDone() {
        ScriptedScramServer greedy = new ScriptedScramServer("open sesame", Integer.MAX_VALUE);
        Authenticator client = new Logins().authenticator();
        AuthenticationSASLContinue challenge = greedy.challenge(first(client, PLAIN));
        assertThatThrownBy(() -> client.answer(challenge))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("2147483647")
                .hasMessageContaining("scram_max_iterations");
        Authenticator exact = new Logins().iterations(4096).authenticator();
        assertThat(login(exact, server, PLAIN)).isEqualTo("n");
        Authenticator less = new Logins().iterations(4095).authenticator();
        AuthenticationSASLContinue oneMore = server.challenge(first(less, PLAIN));
        assertThatThrownBy(() -> less.answer(oneMore)).hasMessageContaining("4096");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "r=,s=SALT,i=4096",
                "r=NONCE,s=SALT,i=4096",
                "r=otherNONCEx,s=SALT,i=4096",
                "r=NONCELONG,s=SALT,i=4096",
                "r=NONCEx,s=,i=4096",
                "r=NONCEx,s=LONG,i=4096",
                "r=NONCEx,s=!!!,i=4096",
                "r=NONCEx,i=4096",
                "r=NONCEx,s=SALT",
                "r=NONCEx,s=SALT,i=0",
                "r=NONCEx,s=SALT,i=-1",
                "r=NONCEx,s=SALT,i=99999999999",
                "r=NONCEx,s=SALT,i=x",
                "s=SALT,r=NONCEx,i=4096",
                "m=mandatory,r=NONCEx,s=SALT,i=4096",
                "v=c2lnbmF0dXJl",
                "e=other-error",
                "\ufffd"
            })
    void aChallengeThatIsNotValidIsRefused(String text) {
        Authenticator client = new Logins().authenticator();
        server.hear(first(client, PLAIN));
        String said =
                text.replace("NONCE", server.clientNonce).replace("SALT", SALT).replace("LONG", "LONG".repeat(200));
        assertThatThrownBy(() -> client.answer(server.say(said))).isInstanceOf(ProtocolException.class);
    }

    @Test
    void aLongMessageIsNotRead() {
        Authenticator client = new Logins().authenticator();
        server.hear(first(client, PLAIN));
        assertThatThrownBy(() -> client.answer(server.say("x".repeat(8193))))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("8193");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "v=", "v=c2lnbmF0dXJl", "v=!!", "e=invalid-proof", "x=y", "v=OTHER"})
    void aServerThatDoesNotKnowThePasswordIsRefused(String text) {
        Authenticator client = new Logins().authenticator();
        SASLResponse last =
                (SASLResponse) Objects.requireNonNull(client.answer(server.challenge(first(client, PLAIN))));
        String right = server.verify(last, Logins.HASH);
        String other = right.substring(2, 3).equals("A") ? "B" : "A";
        String said = text.replace("OTHER", other + right.substring(3));
        assertThatThrownBy(() -> client.answer(new AuthenticationSASLFinal(Bytes.utf8(said))))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("did not prove");
        assertThatThrownBy(() -> client.answer(AuthenticationOk.INSTANCE)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void noStepCanBeLeftOutOrDoneTwice() {
        Authenticator early = new Logins().authenticator();
        first(early, PLAIN);
        assertThatThrownBy(() -> early.answer(AuthenticationOk.INSTANCE))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("before it proved");
        Authenticator half = new Logins().authenticator();
        half.answer(server.challenge(first(half, PLAIN)));
        assertThatThrownBy(() -> half.answer(AuthenticationOk.INSTANCE)).hasMessageContaining("before it proved");
        Authenticator hasty = new Logins().authenticator();
        first(hasty, PLAIN);
        assertThatThrownBy(() -> hasty.answer(new AuthenticationSASLFinal(Bytes.utf8("v=c2ln"))))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("before it had our proof");
        Authenticator twice = new Logins().authenticator();
        AuthenticationSASLContinue challenge = server.challenge(first(twice, PLAIN));
        twice.answer(challenge);
        assertThatThrownBy(() -> twice.answer(challenge))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("second");
        Authenticator unasked = new Logins().authenticator();
        assertThatThrownBy(() -> unasked.answer(challenge)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void eachLoginHasItsOwnNonce() {
        server.hear(first(new Logins().authenticator(), PLAIN));
        String nonce = server.clientNonce;
        server.hear(first(new Logins().authenticator(), PLAIN));
        assertThat(server.clientNonce).hasSameSizeAs(nonce).isNotEqualTo(nonce);
    }

    @Test
    void keysAreKeptOnlyWhereAskedAndForTheSamePasswordOnly() {
        ScramKeyCache keys = new ScramKeyCache(2);
        login(new Logins().authenticator(), server, PLAIN);
        assertThat(keys.size()).isZero();
        for (int i = 0; i < 3; i++) {
            assertThat(login(new Logins().tls().keys(keys).authenticator(), server, BOTH))
                    .isEqualTo("p=tls-server-end-point");
            assertThat(keys.size()).isEqualTo(1);
        }
        Authenticator wrong = new Logins().keys(keys).password("wrong").authenticator();
        SASLResponse proof = (SASLResponse) Objects.requireNonNull(wrong.answer(server.challenge(first(wrong, PLAIN))));
        assertThat(server.verify(proof, Logins.HASH)).isEmpty();
    }

    @Test
    void keysKeptAreNotMadeAgainAndTheOldestMakeRoom() {
        ScramKeyCache keys = new ScramKeyCache(2);
        AtomicInteger made = new AtomicInteger();
        Bytes salt = Bytes.copyOf(ScriptedScramServer.SALT);
        for (String user : List.of("a", "a", "b", "a", "c", "a", "b")) {
            keys.get(user, "password", salt, 1, () -> {
                made.incrementAndGet();
                return ScramKeys.derive("password", salt, 1);
            });
        }
        assertThat(made).hasValue(4);
        assertThat(keys.size()).isEqualTo(2);
    }
}
