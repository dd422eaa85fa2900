package dev.howdah.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.howdah.error.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Text that ends with a zero byte, wherever it stands and whatever stands around it. */
class WireReaderTest {

    private static byte[] surrounded(String text, int before, int after) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[before + utf8.length + 1 + after];
        Arrays.fill(all, (byte) 1);
        System.arraycopy(utf8, 0, all, before, utf8.length);
        all[before + utf8.length] = 0;
        return all;
    }

    @Test
    void textEndsAtTheFirstZeroOfAnyLengthAtAnyPlace() {
        String alphabet = "\u0001a\u007f\u0080\u00ffß€😀";
        for (int length = 0; length < 40; length++) {
            String text = alphabet.repeat(6).substring(0, length);
            if (length > 0 && Character.isHighSurrogate(text.charAt(length - 1))) {
                continue;
            }
            for (int before = 0; before < 9; before++) {
                for (int after = 0; after < 9; after++) {
                    byte[] all = surrounded(text, before, after);
                    WireReader in = new WireReader().over(all, before, all.length - before);
                    assertThat(in.cstring()).isEqualTo(text);
                    assertThat(in.remaining()).isEqualTo(after);
                }
            }
        }
    }

    @Test
    void textWithoutEndIsRefusedEvenIfAZeroStandsBehindThePartRead() {
        for (int length = 0; length < 20; length++) {
            byte[] all = surrounded("x".repeat(length), 0, 3);
            WireReader in = new WireReader().over(all, 0, length);
            assertThatExceptionOfType(ProtocolException.class).isThrownBy(in::cstring);
            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(
                            () -> new WireReader().over(all, 0, all.length - 4).cstring(new RepeatedText()));
        }
    }

    @Test
    void lastTextEndsWithTheMessage() {
        for (String text : new String[] {"", "x", "örders", "x".repeat(100)}) {
            byte[] all = surrounded(text, 3, 0);
            WireReader in = new WireReader().over(all, 3, all.length - 3);
            assertThat(in.lastCstring("It")).isEqualTo(text);
            assertThat(in.remaining()).isZero();
            WireReader cut = new WireReader().over(all, 3, all.length - 4);
            assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> cut.lastCstring("It"));
        }
        byte[] more = {'a', 0, 'b', 0};
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> new WireReader(more).lastCstring("It"))
                .withMessage("It has 2 bytes too many");
    }

    @Test
    void textThatComesAgainIsNotMadeAnew() {
        RepeatedText last = new RepeatedText();
        for (String text : new String[] {"", "orders", "order", "orders2", "Orders", "örders", "", "ö"}) {
            byte[] all = surrounded(text, 2, 5);
            WireReader in = new WireReader().over(all, 2, all.length - 2);
            String read = in.cstring(last);
            assertThat(read).isEqualTo(text);
            assertThat(in.remaining()).isEqualTo(5);
            assertThat(new WireReader(surrounded(text, 0, 0)).cstring(last)).isSameAs(read);
        }
    }

    @Test
    void textWithoutEndIsRefusedAlsoIfItComesAgain() {
        RepeatedText last = new RepeatedText();
        byte[] all = surrounded("orders", 0, 3);
        assertThat(new WireReader(all).cstring(last)).isEqualTo("orders");
        for (int length = 0; length <= "orders".length(); length++) {
            WireReader cut = new WireReader().over(all, 0, length);
            assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> cut.cstring(last));
        }
        assertThat(new WireReader(all).cstring(last)).isEqualTo("orders");
    }
}
