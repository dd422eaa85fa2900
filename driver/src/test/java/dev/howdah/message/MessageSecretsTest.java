package dev.howdah.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.wire.WireWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Passwords, tokens and keys show up in no text. */
class MessageSecretsTest {

    private static final String SECRET = "open sesame";
    private static final Bytes BYTES = Bytes.utf8(SECRET);

    static Stream<Message> secretMessages() {
        return Stream.of(
                new PasswordMessage(BYTES),
                new SASLInitialResponse("SCRAM-SHA-256", BYTES),
                new SASLResponse(BYTES),
                new GSSResponse(BYTES),
                new AuthenticationGSSContinue(BYTES),
                new AuthenticationSASLContinue(BYTES),
                new AuthenticationSASLFinal(BYTES),
                new BackendKeyData(1, BYTES),
                new CancelRequest(1, BYTES));
    }

    @ParameterizedTest
    @MethodSource("secretMessages")
    void secretsAreMaskedInToStringAndTrace(Message message) {
        TraceLine line = new TraceLine();
        message.trace(line);
        for (String text : List.of(message.toString(), line.toString())) {
            assertThat(text).contains("***").doesNotContain(SECRET).doesNotContain(BYTES.hex());
        }
    }

    @Test
    void everyMessageWithBytesEitherMasksThemOrSaysOnlyHowManyTheyAre() {
        assertThat(BYTES.toString()).isEqualTo("11 bytes");
        assertThat(new CopyData(BYTES).toString()).doesNotContain(SECRET);
    }

    @Test
    void anExceptionAboutAMalformedPasswordDoesNotShowIt() {
        WireWriter out = new WireWriter(64);
        new StartupMessage(StartupMessage.VERSION_3_0, Map.of("user", "u")).write(out);
        out.begin('p').utf8(SECRET).end();
        TraceFormat trace = new TraceFormat();
        trace.backend('R', new byte[] {0, 0, 0, 3}, 0, 4);
        assertThat(trace.frontend(out.array(), 0, out.position()))
                .hasSize(2)
                .last()
                .asString()
                .contains("Unreadable")
                .doesNotContain(SECRET);
    }
}
