package dev.howdah.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ProtocolException;
import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written is read again; what is not well-formed is a ProtocolException and nothing else. */
class MessageRoundTripTest {

    private static final int ROUNDS = 100;
    private static final int MUTATIONS = 500;

    /** Messages whose last part goes on to the end, so that a shorter or longer one may be well-formed too. */
    private static final Set<String> REST_IS_DATA = Set.of(
            "AuthenticationGSSContinue",
            "AuthenticationSASLContinue",
            "AuthenticationSASLFinal",
            "BackendKeyData",
            "CancelRequest",
            "CopyData",
            "GSSResponse",
            "SASLResponse");

    static Stream<String> all() {
        return MessageList.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatIsWrittenIsReadAgain(String name) {
        MessageSamples samples = new MessageSamples(new Random(name.hashCode()));
        for (int i = 0; i < ROUNDS; i++) {
            Message message = samples.make(name);
            assertThat(MessageList.read(name, new WireReader(body(name, message))))
                    .isEqualTo(message);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aMessageCutAtAnyByteIsRefusedUnlessTheRestIsData(String name) {
        MessageSamples samples = new MessageSamples(new Random(name.hashCode()));
        for (int i = 0; i < 8; i++) {
            byte[] body = body(name, samples.make(name));
            for (int length = 0; length < body.length; length++) {
                WireReader cut = new WireReader().over(body, 0, length);
                if (REST_IS_DATA.contains(name)) {
                    checkReadable(name, cut);
                } else {
                    assertThatThrownBy(() -> MessageList.read(name, cut)).isInstanceOf(ProtocolException.class);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aByteTooManyIsRefusedUnlessTheRestIsData(String name) {
        byte[] body = body(name, new MessageSamples(new Random(2)).make(name));
        byte[] longer = new byte[body.length + 1];
        System.arraycopy(body, 0, longer, 0, body.length);
        longer[body.length] = 'x';
        if (REST_IS_DATA.contains(name)) {
            assertThat(MessageList.read(name, new WireReader(longer)).getClass().getSimpleName())
                    .isEqualTo(name);
        } else {
            assertThatThrownBy(() -> MessageList.read(name, new WireReader(longer)))
                    .isInstanceOf(ProtocolException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void whateverIsMutatedIsReadOrRefused(String name) {
        Random random = new Random(31L * name.hashCode());
        MessageSamples samples = new MessageSamples(random);
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] body = body(name, samples.make(name));
            for (int change = random.nextInt(4); change >= 0 && body.length > 0; change--) {
                byte[] extremes = {0, 1, -1, 0x7f, (byte) 0x80, (byte) random.nextInt()};
                body[random.nextInt(body.length)] = extremes[random.nextInt(extremes.length)];
            }
            checkReadable(name, new WireReader(body));
        }
    }

    @Test
    void randomBytesAreReadOrRefusedWhateverTheirType() {
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            byte[] body = new byte[random.nextInt(24)];
            random.nextBytes(body);
            char type = (char) random.nextInt(256);
            checked(() -> BackendMessage.read(type, new WireReader(body)));
            for (FrontendContext context : FrontendContext.values()) {
                checked(() -> FrontendMessage.read(type, new WireReader(body), context));
            }
            checked(() -> FrontendMessage.readStartup(new WireReader(body)));
            new TraceFormat().backend(type, body, 0, body.length);
        }
    }

    @Test
    void aCountThatTheMessageCannotHoldIsRefusedBeforeAnythingIsAllocatedForIt() {
        List<Object[]> lies = new ArrayList<>();
        for (char type : "DTtGHW".toCharArray()) {
            lies.add(new Object[] {type, new byte[] {(byte) 0xff, (byte) 0xff, 0, 0, 0, 0}});
        }
        lies.add(new Object[] {'v', new byte[] {0, 3, 0, 0, 0x7f, -1, -1, -1}});
        lies.add(new Object[] {'v', new byte[] {0, 3, 0, 0, -1, -1, -1, -1}});
        lies.add(new Object[] {'V', new byte[] {0x7f, -1, -1, -1}});
        lies.add(new Object[] {'V', new byte[] {-1, -1, -1, -2}});
        lies.add(new Object[] {'D', new byte[] {0, 1, 0x7f, -1, -1, -1}});
        for (Object[] lie : lies) {
            assertThatThrownBy(() -> BackendMessage.read((char) lie[0], new WireReader((byte[]) lie[1])))
                    .isInstanceOf(ProtocolException.class);
        }
    }

    @Test
    void anUnknownTypeIsNamed() {
        assertThatThrownBy(() -> BackendMessage.read('?', new WireReader()))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("'?'");
        assertThatThrownBy(() -> FrontendMessage.read('\u0007', new WireReader(), FrontendContext.NONE))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("0x07");
    }

    @Test
    void whatAPasswordMessageIsFollowsFromTheLastAuthenticationRequest() {
        assertThat(FrontendContext.after(AuthenticationCleartextPassword.INSTANCE))
                .isEqualTo(FrontendContext.PASSWORD);
        assertThat(FrontendContext.after(new AuthenticationMD5Password(1))).isEqualTo(FrontendContext.PASSWORD);
        assertThat(FrontendContext.after(AuthenticationSSPI.INSTANCE)).isEqualTo(FrontendContext.GSS);
        assertThat(FrontendContext.after(new AuthenticationSASL(List.of("X")))).isEqualTo(FrontendContext.SASL_BEGIN);
        assertThat(FrontendContext.after(AuthenticationOk.INSTANCE)).isEqualTo(FrontendContext.NONE);
        assertThatThrownBy(() -> FrontendMessage.read('p', new WireReader(new byte[1]), FrontendContext.NONE))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void moreItemsThanTheProtocolCanCountAreRefusedByTheWriter() {
        IntList tooMany = IntList.of(new int[65_536]);
        WireWriter out = new WireWriter(16);
        assertThatThrownBy(() -> new Parse("", "", tooMany).write(out))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65536")
                .hasMessageContaining("65535");
        out.truncate(0);
        assertThatThrownBy(() -> Bind.begin(out, "", "", IntList.EMPTY, 65_536))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sixtyFiveThousandFiveHundredThirtyFiveParametersAreReadAgain() {
        IntList many = IntList.of(new int[Bind.MAX_PARAMETERS]);
        Parse parse = new Parse("s", "select", many);
        assertThat(MessageList.read("Parse", new WireReader(body("Parse", parse))))
                .isEqualTo(parse);
    }

    private static void checkReadable(String name, WireReader body) {
        checked(() -> MessageList.read(name, body));
    }

    /** Runs a reader; what it returns must be writable and traceable, and it may throw nothing but ProtocolException. */
    private static void checked(Supplier<Message> reader) {
        Message message;
        try {
            message = reader.get();
        } catch (ProtocolException e) {
            assertThat(e.getMessage()).isNotEmpty();
            return;
        }
        message.write(new WireWriter(64));
        message.trace(new TraceLine());
    }

    private static byte[] body(String name, Message message) {
        WireWriter out = new WireWriter(64);
        message.write(out);
        int header = MessageList.header(name);
        return new WireReader()
                .over(out.array(), header, out.position() - header)
                .bytes(out.position() - header);
    }
}
