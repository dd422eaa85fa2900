package dev.howdah.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.wire.Framer;
import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The trace is what libpq's PQtrace makes of the same bytes, but for the differences that TraceFormat documents. */
class TraceFormatTest {

    /** What libpq shows and we mask, or shows nowhere: pattern to replacement. */
    private static final Map<String, String> DIFFERENCES = Map.of(
            "\tBackendKeyData\t (\\d+) .*", "\tBackendKeyData\t $1 ***",
            "\tPasswordMessage\t .*", "\tPasswordMessage\t ***",
            "\tSASLResponse\t .*", "\tSASLResponse\t ***",
            "\tSASLInitialResponse\t (\"[^\"]*\" \\d+) .*", "\tSASLInitialResponse\t $1 ***",
            "\t(AuthenticationSASL(?:Continue|Final))\t .*", "\t$1\t ***");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "conversation",
                "cleartext",
                "md5",
                "scram",
                "negotiate",
                "longkey",
                "extremes",
                "copyboth",
                "nullresult"
            })
    void traceIsThatOfLibpq(String name) throws IOException {
        Golden golden = new Golden(name);
        assertThat(golden.told()).isEqualTo(golden.expected());
        assertThat(golden.isUsedUp()).isTrue();
    }

    @Test
    void theAnswerToAnSslRequestIsTold() {
        TraceFormat format = new TraceFormat();
        assertThat(format.encryptionAnswer(false, 'N')).isEqualTo("B\t1\tSSLResponse\t N");
        assertThat(format.encryptionAnswer(true, 'G')).isEqualTo("B\t1\tGSSENCResponse\t G");
        assertThat(TraceFormat.line(SSLRequest.INSTANCE)).isEqualTo("F\t8\tSSLRequest\t 1234 5679");
    }

    @Test
    void theSessionBeginsAfterTheStartupMessageAndNotAfterASslRequest() {
        WireWriter out = new WireWriter(64);
        SSLRequest.INSTANCE.write(out);
        new StartupMessage(StartupMessage.VERSION_3_2, Map.of("user", "u")).write(out);
        Sync.INSTANCE.write(out);
        assertThat(new TraceFormat().frontend(out.array(), 0, out.position()))
                .containsExactly(
                        "F\t8\tSSLRequest\t 1234 5679", "F\t16\tStartupMessage\t 3 2 \"user\" \"u\"", "F\t4\tSync");
    }

    @Test
    void aMessageThatCannotBeReadIsToldWithTheReason() {
        assertThat(new TraceFormat().backend('Z', new byte[0], 0, 0)).startsWith("B\t4\tUnreadable\t \"");
    }

    @Test
    void timestampsHaveMicroseconds() {
        assertThat(TraceFormat.stamped(Instant.parse("2026-11-21T01:31:41.871941999Z"), ZoneOffset.UTC, "x"))
                .isEqualTo("2026-11-21 01:31:41.871941\tx");
    }

    /** Bytes of both sides and what libpq says about them. */
    private static final class Golden {

        private final byte[] frontend;
        private final Framer backend = new Framer(1 << 20);
        private final List<String> trace;
        private int at;

        Golden(String name) throws IOException {
            var client = new ByteArrayOutputStream();
            var server = new ByteArrayOutputStream();
            try (InputStream in = Objects.requireNonNull(TraceFormatTest.class.getResourceAsStream(name + ".golden"))) {
                List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList();
                int middle = lines.indexOf("trace");
                for (String line : lines.subList(0, middle)) {
                    if (!line.startsWith("#")) {
                        String[] parts = line.split(" ");
                        (parts[0].equals("frontend") ? client : server)
                                .writeBytes(HexFormat.of().parseHex(parts[1]));
                    }
                }
                trace = lines.subList(middle + 1, lines.size()).stream()
                        .filter(line -> !line.startsWith("mismatched message length"))
                        .toList();
            }
            frontend = client.toByteArray();
            byte[] bytes = server.toByteArray();
            for (int from = 0; from < bytes.length; ) {
                ByteBuffer space = backend.space();
                int count = Math.min(space.remaining(), bytes.length - from);
                space.put(bytes, from, count);
                backend.received(count);
                from += count;
            }
        }

        /** Returns what libpq wrote, masked as ours is. */
        List<String> expected() {
            return trace.stream()
                    .map(line -> {
                        String masked = line;
                        for (Map.Entry<String, String> difference : DIFFERENCES.entrySet()) {
                            masked = masked.replaceFirst(difference.getKey(), difference.getValue());
                        }
                        return masked;
                    })
                    .toList();
        }

        /** Returns what we write, taking the messages of the two sides in the order in which libpq told them. */
        List<String> told() {
            TraceFormat format = new TraceFormat();
            List<String> lines = new ArrayList<>();
            for (String line : trace) {
                lines.add(line.startsWith("F") ? client(format, lines.isEmpty()) : server(format));
            }
            return lines;
        }

        boolean isUsedUp() {
            return at == frontend.length && !backend.next() && !backend.hasLeftover();
        }

        private String client(TraceFormat format, boolean first) {
            int header = first ? 0 : 1;
            int length = header + WireReader.int32At(frontend, at + header);
            at += length;
            return format.frontend(frontend, at - length, length).get(0);
        }

        private String server(TraceFormat format) {
            String line = "none left";
            if (backend.next()) {
                line = format.backend(backend.type(), backend.array(), backend.bodyOffset(), backend.bodyLength());
            }
            return line.equals("B\t8\tAuthenticationOk") ? server(format) : line;
        }
    }
}
