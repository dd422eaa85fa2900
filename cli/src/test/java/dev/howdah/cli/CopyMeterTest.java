package dev.howdah.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CopyMeterTest {

    private final CopyMeter meter = new CopyMeter(Progress.none(), true, RowTally.ofText(false));

    @AfterEach
    void forgetTheInterrupt() {
        Thread.interrupted();
    }

    @Test
    void whatPassesByIsCountedAndIsWhatItWas() throws IOException {
        byte[] data = "a\nb\n".getBytes(UTF_8);
        try (InputStream in = meter.counting(new ByteArrayInputStream(data), false)) {
            assertThat(in.readAllBytes()).isEqualTo(data);
        }
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        OutputStream out = meter.counting(to);
        out.write('c');
        out.write("d\n".getBytes(UTF_8));
        out.flush();
        assertThat(to.toString(UTF_8)).isEqualTo("cd\n");
        assertThat(meter.summary(3)).startsWith("3 rows, 7 bytes in ");
        assertThat(meter.summary(1)).startsWith("1 row of 3, 7 bytes in ");
        assertThat(meter.json(1)).startsWith("{\"rows\":1,\"read\":3,\"bytes\":7,\"seconds\":");
    }

    @Test
    void sizesAreForPeople() throws IOException {
        OutputStream out = meter.counting(OutputStream.nullOutputStream());
        out.write('a');
        assertThat(meter.summary(1)).startsWith("1 row, 1 byte in ");
        out.write(new byte[1_499]);
        assertThat(meter.summary(1_234_567)).startsWith("1,234,567 rows, 1.5 kB in ");
        out.write(new byte[2_000_000]);
        assertThat(meter.summary(0)).startsWith("0 rows of 1, 1.9 MB in ");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theEndOfTheDataIsNotBelievedByAnInterruptedThread(boolean shared) {
        InputStream ends = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("pieces are read");
            }

            @Override
            public int read(byte[] piece, int offset, int length) {
                Thread.currentThread().interrupt();
                return -1;
            }
        };
        assertThatThrownBy(() -> meter.counting(ends, shared).read(new byte[10]))
                .isInstanceOf(ClosedByInterruptException.class);
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    @Test
    void anInterruptedThreadWritesNothing() {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> meter.counting(to).write(new byte[10])).isInstanceOf(ClosedByInterruptException.class);
        assertThat(to.size()).isZero();
    }
}
