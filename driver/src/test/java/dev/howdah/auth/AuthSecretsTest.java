package dev.howdah.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.howdah.error.PgException;
import dev.howdah.message.AuthenticationCleartextPassword;
import dev.howdah.message.AuthenticationGSS;
import dev.howdah.message.AuthenticationGSSContinue;
import dev.howdah.message.AuthenticationMD5Password;
import dev.howdah.message.AuthenticationMessage;
import dev.howdah.message.AuthenticationOk;
import dev.howdah.message.AuthenticationSASL;
import dev.howdah.message.AuthenticationSASLContinue;
import dev.howdah.message.AuthenticationSASLFinal;
import dev.howdah.message.BackendMessage;
import dev.howdah.message.Bytes;
import dev.howdah.message.FrontendMessage;
import dev.howdah.message.PasswordMessage;
import dev.howdah.message.SASLInitialResponse;
import dev.howdah.message.SASLResponse;
import dev.howdah.message.TraceFormat;
import dev.howdah.password.OAuthRequest;
import dev.howdah.password.Secret;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Greps all that logins print, well or badly, for password, token, proof and keys. */
class AuthSecretsTest {
    private static final String PASSWORD = "alpha-password";
    private static final String TOKEN = "bravo-token";
    private static final String CLIENT_SECRET = "charlie-secret";

    private final List<String> secrets = new ArrayList<>(List.of(PASSWORD, TOKEN, CLIENT_SECRET));
    private final StringWriter printed = new StringWriter();

    @AfterEach
    void nothingPrintedHoldsASecret() {
        assertThat(printed.toString()).isNotEmpty();
        for (String secret : secrets) {
            assertThat(printed.toString()).doesNotContain(secret);
        }
    }

    private Logins login() {
        return new Logins()
                .tls()
                .password(PASSWORD)
                .oauth(new OAuthSettings(
                        request -> Secret.of(TOKEN), "https://i", "client", Secret.of(CLIENT_SECRET), null));
    }

    private void print(Object object) {
        printed.append(object.toString()).append('\n');
        switch (object) {
            case FrontendMessage message ->
                printed.append(TraceFormat.line(message)).append('\n');
            case BackendMessage message ->
                printed.append(TraceFormat.line(message)).append('\n');
            default -> {}
        }
    }

    private FrontendMessage answer(Authenticator client, AuthenticationMessage request) {
        print(request);
        FrontendMessage answer = Objects.requireNonNull(client.answer(request));
        print(answer);
        return answer;
    }

    private void refused(Authenticator client, AuthenticationMessage request) {
        print(request);
        PgException failure = catchThrowableOfType(PgException.class, () -> client.answer(request));
        failure.printStackTrace(new PrintWriter(printed));
    }

    private void hide(Bytes bytes) {
        secrets.add(bytes.hex());
        secrets.add(Base64.getEncoder().encodeToString(bytes.toByteArray()));
    }

    @Test
    void scramPrintsNoSecret() {
        ScriptedScramServer server = new ScriptedScramServer(PASSWORD, 7);
        ScramKeys keys = ScramKeys.derive(PASSWORD, Bytes.copyOf(ScriptedScramServer.SALT), 7);
        hide(keys.clientKey());
        hide(keys.serverKey());
        ScramKeyCache cache = new ScramKeyCache(1);
        print(keys);
        for (String end : List.of("", "v=c2lnbmF0dXJl", "right")) {
            Authenticator client = login().keys(cache).authenticator();
            SASLInitialResponse first = (SASLInitialResponse)
                    answer(client, new AuthenticationSASL(List.of("SCRAM-SHA-256", "SCRAM-SHA-256-PLUS")));
            SASLResponse last = (SASLResponse) answer(client, server.challenge(first));
            String text = last.data().utf8();
            secrets.add(text.substring(text.indexOf(",p=") + 3));
            String proof = server.verify(last, Logins.HASH);
            secrets.add(proof.substring(2));
            if (end.equals("right")) {
                client.answer(server.end(last));
                client.answer(AuthenticationOk.INSTANCE);
            } else {
                refused(client, new AuthenticationSASLFinal(Bytes.utf8(end)));
            }
            print(cache);
            print(client);
        }
        Authenticator misled = login().authenticator();
        answer(misled, new AuthenticationSASL(List.of("SCRAM-SHA-256")));
        refused(misled, new AuthenticationSASLContinue(Bytes.utf8("r=x,s=" + PASSWORD + ",i=" + PASSWORD)));
    }

    @Test
    void passwordsPrintNoSecret() {
        answer(login().authenticator(), AuthenticationCleartextPassword.INSTANCE);
        PasswordMessage hashed = (PasswordMessage) answer(login().authenticator(), new AuthenticationMD5Password(7));
        secrets.add(hashed.password().utf8().substring(3));
        for (String bad : List.of(PASSWORD + "\0", PASSWORD + "\ud800")) {
            refused(login().password(bad).authenticator(), AuthenticationCleartextPassword.INSTANCE);
            refused(login().password(bad).authenticator(), new AuthenticationMD5Password(7));
            refused(login().password(bad).authenticator(), new AuthenticationSASL(List.of("SCRAM-SHA-256")));
        }
    }

    @Test
    void oauthPrintsNoSecret() {
        AuthenticationSASL offer = new AuthenticationSASL(List.of("OAUTHBEARER"));
        Authenticator client = login().token(TOKEN).authenticator();
        answer(client, offer);
        answer(client, new AuthenticationSASLContinue(Bytes.utf8("{\"status\":\"invalid_token\"}")));
        print(Objects.requireNonNull(client.refusal()));
        refused(client, AuthenticationOk.INSTANCE);
        refused(login().token(TOKEN + " ").authenticator(), offer);
        print(new OAuthRequest("u", "h", null, "c", Secret.of(CLIENT_SECRET), null, null));
        print(login().token(TOKEN).credentials());
    }

    @Test
    void gssapiPrintsNoToken() {
        secrets.add("gss token");
        Authenticator client = login().gss(new GssSettings("postgres", false, (s, h, d) -> new ScriptedGss(3)))
                .authenticator();
        answer(client, AuthenticationGSS.INSTANCE);
        answer(client, new AuthenticationGSSContinue(Bytes.utf8("gss token of the server")));
        refused(client, AuthenticationOk.INSTANCE);
    }
}
