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
import dev.howdah.password.OAuthRequest;
import dev.howdah.password.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OAUTHBEARER with a scripted server. */
class OAuthExchangeTest {
    private static final AuthenticationSASL OFFER = new AuthenticationSASL(List.of("OAUTHBEARER"));
    private static final String ISSUER = "https://login.example.com/realm";
    private static final String URL = ISSUER + "/.well-known/openid-configuration";
    private static final String REFUSAL =
            "{\"status\":\"invalid_token\", \"scope\": \"openid db\",\n \"openid-configuration\":\"" + URL + "\"}";

    private final List<OAuthRequest> requests = new ArrayList<>();

    private Logins login(@Nullable String token) {
        return login(token, ISSUER, null);
    }

    private Logins login(@Nullable String token, @Nullable String issuer, @Nullable String scope) {
        return new Logins()
                .tls()
                .oauth(new OAuthSettings(
                        request -> {
                            requests.add(request);
                            return token == null ? null : Secret.of(token);
                        },
                        issuer,
                        "client",
                        Secret.of("client secret"),
                        scope));
    }

    private static AuthenticationSASLContinue challenge(String json) {
        return new AuthenticationSASLContinue(Bytes.utf8(json));
    }

    private static String first(Authenticator client) {
        SASLInitialResponse first = (SASLInitialResponse) Objects.requireNonNull(client.answer(OFFER));
        assertThat(first.mechanism()).isEqualTo("OAUTHBEARER");
        return Objects.requireNonNull(first.response()).utf8();
    }

    @Test
    void theTokenIsSentAndTheServerAccepts() {
        Authenticator client = login("abc.DEF-123_~+/==").authenticator();
        assertThat(first(client)).isEqualTo("n,,\u0001auth=Bearer abc.DEF-123_~+/==\u0001\u0001");
        assertThat(client.answer(AuthenticationOk.INSTANCE)).isNull();
        assertThat(client.method()).isEqualTo("OAUTHBEARER");
        assertThat(client.usedPassword()).isFalse();
        assertThat(client.discovery()).isNull();
        assertThat(requests)
                .containsExactly(new OAuthRequest(
                        "alice", "db.example.com", ISSUER, "client", Secret.of("client secret"), null, null));
    }

    @Test
    void aTokenGotBeforeIsUsedWithoutAskingAgain() {
        Authenticator client = login("other").token("ready").authenticator();
        assertThat(first(client)).contains("Bearer ready");
        assertThat(requests).isEmpty();
    }

    @Test
    void aRefusalIsAnsweredWithTheDummyAndExplained() {
        Authenticator client = login("tok").authenticator();
        first(client);
        assertThat(client.answer(challenge(REFUSAL))).isEqualTo(new SASLResponse(Bytes.utf8("\u0001")));
        assertThat(client.refusal())
                .contains("\"invalid_token\"", "\"openid db\"", URL)
                .doesNotContain("tok\"");
        assertThat(client.discovery()).isNull();
        assertThatThrownBy(() -> client.answer(AuthenticationOk.INSTANCE)).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> client.answer(challenge(REFUSAL)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("twice");
    }

    @Test
    void theServersWordsAreCutAndCleanedBeforeTheyAreShown() {
        Authenticator client = login("tok").authenticator();
        first(client);
        client.answer(challenge("{\"status\":\"\\u001b[2J" + "x".repeat(1_000) + "\"}"));
        assertThat(client.refusal())
                .contains("?[2Jxxx")
                .doesNotContain("\u001b")
                .hasSizeLessThan(400);
    }

    @Test
    void withoutATokenTheServerIsAskedWhereToGetOne() {
        Authenticator client = login(null).authenticator();
        assertThat(first(client)).isEqualTo("n,,\u0001auth=\u0001\u0001");
        assertThat(client.answer(challenge(REFUSAL))).isEqualTo(new SASLResponse(Bytes.utf8("\u0001")));
        assertThat(client.discovery()).isEqualTo(new OAuthDiscovery(URL, "openid db"));
        assertThat(client.refusal()).isNull();
    }

    @Test
    void aServerThatTakesNoTokenAtAllIsRefused() {
        Authenticator client = login(null).authenticator();
        first(client);
        assertThatThrownBy(() -> client.answer(AuthenticationOk.INSTANCE))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("without an OAuth token");
    }

    @Test
    void whatTheServerSaidGoesToTheSource() {
        OAuthSettings settings = login(null).oauth;
        settings.token("alice", "h", new OAuthDiscovery(URL, "openid db"));
        OAuthSettings fixed = login(null, ISSUER, "mine").oauth;
        fixed.token("alice", "h", new OAuthDiscovery(URL, "openid db"));
        assertThat(requests).extracting(OAuthRequest::discoveryUrl).containsExactly(URL, URL);
        assertThat(requests).extracting(OAuthRequest::scope).containsExactly("openid db", "mine");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://login.example.com/realm/.well-known/openid-configuration",
                "https://login.example.com/realm/.well-known/oauth-authorization-server",
                "https://login.example.com/.well-known/oauth-authorization-server/realm",
                "https://login.example.com/.well-known/openid-configuration/realm"
            })
    void theIssuerIsTheOneTrusted(String url) {
        Authenticator client = login(null).authenticator();
        first(client);
        client.answer(challenge("{\"status\":\"invalid_token\",\"openid-configuration\":\"" + url + "\"}"));
        assertThat(client.discovery()).isEqualTo(new OAuthDiscovery(url, null));
        Authenticator exact = login(null, url, null).authenticator();
        first(exact);
        exact.answer(challenge("{\"status\":\"invalid_token\",\"openid-configuration\":\"" + url + "\"}"));
        assertThat(exact.discovery()).isEqualTo(new OAuthDiscovery(url, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example.com/realm/.well-known/openid-configuration",
                "https://login.example.com/realm",
                "https://login.example.com/realm/",
                "https://login.example.com/other/.well-known/openid-configuration",
                "https://login.example.com/REALM/.well-known/openid-configuration",
                "https://login.example.com/realm/.well-known/openid-configuration-not",
                "https://login.example.com/realm/.well-known/openid-configuration/more",
                "https://login.example.com/realm/.well-known/openid-configuration?x=y",
                "http://login.example.com/realm/.well-known/openid-configuration",
                "/.well-known/openid-configuration",
                ""
            })
    void anotherIssuerIsNotTrusted(String url) {
        Authenticator client = login(null).authenticator();
        first(client);
        assertThatThrownBy(() -> client.answer(
                        challenge("{\"status\":\"invalid_token\",\"openid-configuration\":\"" + url + "\"}")))
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.keyword()).isEqualTo("oauth_issuer"));
    }

    @Test
    void withoutATrustedIssuerNobodyIsAsked() {
        assertThatThrownBy(() -> login(null, null, null).authenticator().answer(OFFER))
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.keyword()).isEqualTo("oauth_issuer"));
    }

    @Test
    void aTokenStaysOnTheMachineOrInsideTls() {
        for (Peer near :
                List.of(new Peer("/run/postgresql", false, true, null), new Peer("localhost", false, true, null))) {
            assertThat(first(login("tok").peer(near).authenticator())).contains("Bearer tok");
        }
        requests.clear();
        Authenticator far = login("tok")
                .peer(new Peer("db.example.com", false, false, null))
                .authenticator();
        assertThatThrownBy(() -> far.answer(OFFER))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("without TLS");
        assertThat(requests).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\u0001host=evil", "t\u00f6ken", "tok\n", "=", "a=b"})
    void whatIsNoTokenIsNotSent(String token) {
        assertThatThrownBy(() -> login(token).authenticator().answer(OFFER))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("OAuth token has characters");
    }

    @Test
    void withoutASourceTheExceptionSaysWhatToGive() {
        assertThatThrownBy(() -> new Logins().tls().authenticator().answer(OFFER))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("oauthToken");
    }

    @Test
    void whatASourceThrowsComesOut() {
        OAuthSettings failing = new OAuthSettings(
                request -> {
                    throw new IllegalStateException("no login");
                },
                null,
                null,
                null,
                null);
        assertThatThrownBy(
                        () -> new Logins().tls().oauth(failing).authenticator().answer(OFFER))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no login");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{}",
                "{\"scope\":\"x\"}",
                "{\"status\":1}",
                "{\"status\":\"x\"}}",
                "{\"status\":\"x\",}",
                "{\"status\":\"x\",\"status\":\"y\"}",
                "{\"status\":\"\\x\"}",
                "{\"status\":\"\\u00g0\"}",
                "{\"status\":\"x",
                "{\"status\":\"a\tb\"}",
                "{\"status\":\"x\",\"more\":nope}",
                "{\"status\":\"x\",\"more\":01}",
                "{\"status\":\"x\",\"more\":[1,]}",
                "{\"status\":\"x\",\"more\":[[[[[[[[[[1]]]]]]]]]]}",
                "{'status':'x'}"
            })
    void aChallengeThatIsNotValidIsRefused(String json) {
        Authenticator client = login("tok").authenticator();
        first(client);
        assertThatThrownBy(() -> client.answer(challenge(json))).isInstanceOf(ProtocolException.class);
    }

    @Test
    void deepChallengesDoNotOverflow() {
        Authenticator client = login("tok").authenticator();
        first(client);
        assertThatThrownBy(() -> client.answer(challenge("{\"a\":" + "[".repeat(8_000))))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void whatAChallengeSaysBesidesIsLeftOut() {
        Authenticator client = login("tok").authenticator();
        first(client);
        client.answer(challenge(" { \"n\" : -1.5e3 , \"l\":[true,false,null,{\"status\":\"inner\"}],"
                + "\"o\":{\"a\":{}} , \"status\" : \"in\\u0076alid\\/\\\"\" } "));
        assertThat(client.refusal()).contains("\"invalid/\"\"").doesNotContain("inner");
    }

    @Test
    void theExchangeHasNoLastWords() {
        Authenticator client = login("tok").authenticator();
        first(client);
        assertThatThrownBy(() -> client.answer(new AuthenticationSASLFinal(Bytes.EMPTY)))
                .isInstanceOf(ProtocolException.class);
    }
}
