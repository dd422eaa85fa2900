package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConversionException;
import dev.howdah.largeobject.LargeObject;
import dev.howdah.largeobject.LargeObjectMode;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Large objects as text and as streams. */
class LargeObjectTextIT extends DriverContract {

    private static final String TEXT = "a\u00e9\u20ac\ud83d\ude00 end";

    private LargeObject object;

    @BeforeEach
    void begin() {
        // A Transaction would belong to this thread, and tests of some faces run on another.
        db.execute("begin");
        object = db.createLargeObject();
    }

    @AfterEach
    void rollBack() {
        object.close();
        db.execute("rollback");
    }

    @Test
    void noCharacterIsCut() {
        assertThat(object.writeText(TEXT)).isEqualTo(TEXT.getBytes(StandardCharsets.UTF_8).length);
        object.seek(0);
        assertThat(object.readText(0)).isEmpty();
        assertThat(object.readText(1)).isEqualTo("a");
        assertThat(object.tell()).isEqualTo(1);
        assertThat(object.readText(2)).isEqualTo("\u00e9\u20ac");
        assertThat(object.tell()).isEqualTo(6);
        assertThat(object.readText(1)).isEmpty();
        assertThat(object.tell()).isEqualTo(6);
        assertThat(object.readText(2)).isEqualTo("\ud83d\ude00");
        assertThat(object.readText(100)).isEqualTo(" end");
        assertThat(object.readText(100)).isEmpty();
        object.seek(1);
        assertThat(object.readText()).isEqualTo(TEXT.substring(1));
        assertThatThrownBy(() -> object.readText(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void longTextInPiecesOfAllSizes() {
        StringBuilder text = new StringBuilder();
        Random random = new Random(3);
        while (text.length() < 400_000) {
            text.append(TEXT, 0, random.nextInt(4)).append("\ud83d\ude00").append(random.nextInt());
        }
        object.writeText(text);
        object.seek(0);
        assertThat(object.readText()).isEqualTo(text.toString());
        object.seek(0);
        StringBuilder again = new StringBuilder();
        while (again.length() < text.length()) {
            String piece = object.readText(2 + random.nextInt(150_000));
            assertThat(piece).isNotEmpty();
            again.append(piece);
        }
        assertThat(again.toString()).isEqualTo(text.toString());
    }

    @Test
    void whatIsNoTextIsRefusedAndNothingMoves() {
        object.write(new byte[] {'o', 'k', (byte) 0xff, 'x'});
        object.seek(1);
        assertThatThrownBy(() -> object.readText())
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("byte 2")
                .hasMessageContaining(String.valueOf(object.oid()));
        assertThat(object.tell()).isEqualTo(1);
        assertThat(object.readText(1)).isEqualTo("k");
        object.seek(3);
        object.write(new byte[] {(byte) 0xe2, (byte) 0x82});
        object.seek(3);
        assertThatThrownBy(() -> object.readText()).isInstanceOf(ConversionException.class);
        object.seek(0);
        assertThatThrownBy(() -> new BufferedReader(object.reader(StandardCharsets.UTF_8)).readLine())
                .isInstanceOf(MalformedInputException.class);
    }

    @Test
    void readersAndWriters() throws IOException {
        Writer writer = object.writer(StandardCharsets.UTF_8);
        for (int i = 0; i < TEXT.length(); i++) {
            writer.write(TEXT.charAt(i));
        }
        assertThat(object.size()).isEqualTo(TEXT.getBytes(StandardCharsets.UTF_8).length);
        writer.write("\n".repeat(30_000) + TEXT + "\ud83d");
        assertThatThrownBy(writer::close).isInstanceOf(ConversionException.class);
        object.seek(0);
        BufferedReader reader = new BufferedReader(object.reader(StandardCharsets.UTF_8));
        assertThat(reader.readLine()).isEqualTo(TEXT);
        assertThat(reader.lines().skip(29_999)).containsExactly(TEXT);
        try (Writer latin = object.truncate().writer(StandardCharsets.ISO_8859_1)) {
            latin.write("\u00e9");
            assertThatThrownBy(() -> latin.write("\u20ac")).isInstanceOf(ConversionException.class);
        }
        object.seek(0);
        assertThat(object.read()).containsExactly(0xe9);
        assertThatThrownBy(() -> {
                    Writer closed = object.writer(StandardCharsets.UTF_8);
                    closed.close();
                    closed.write("x");
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void streamsOfBytes() throws IOException {
        byte[] bytes = LargeObjectIT.random(300_000, 6);
        try (OutputStream out = new GZIPOutputStream(object.outputStream())) {
            out.write(bytes);
        }
        assertThat(object.isOpen()).isTrue();
        object.seek(0);
        try (InputStream in = new GZIPInputStream(object.inputStream())) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
        object.truncate();
        OutputStream single = object.outputStream();
        for (int i = 0; i < 1000; i++) {
            single.write(i);
        }
        single.flush();
        try (LargeObject read = db.largeObject(object.oid(), LargeObjectMode.READ)) {
            InputStream in = read.inputStream();
            for (int i = 0; i < 500; i++) {
                assertThat(in.read()).isEqualTo(i & 0xff);
            }
            assertThat(in.skip(100)).isEqualTo(100);
            assertThat(in.skip(-5)).isZero();
            assertThat(in.read()).isEqualTo(600 & 0xff);
            assertThat(in.readNBytes(9)).hasSize(9);
            ByteArrayOutputStream rest = new ByteArrayOutputStream();
            assertThat(in.transferTo(rest)).isEqualTo(390);
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.read(new byte[3])).isEqualTo(-1);
            assertThat(in.skip(10)).isZero();
            in.close();
            assertThatThrownBy(in::read).isInstanceOf(IOException.class);
            assertThat(read.isOpen()).isTrue();
        }
        single.close();
        assertThatThrownBy(() -> single.write(1)).isInstanceOf(IOException.class);
    }

    @Test
    void theChannelOfTheJdk() throws IOException {
        byte[] bytes = LargeObjectIT.random(100_000, 8);
        try (OutputStream out = Channels.newOutputStream(object)) {
            out.write(bytes);
            object.position(0);
            ByteBuffer direct = ByteBuffer.allocateDirect(100_000);
            while (direct.hasRemaining() && object.read(direct) >= 0) {}
            assertThat(direct.flip()).isEqualTo(ByteBuffer.wrap(bytes));
            direct.clear().position(10).limit(20);
            object.position(5);
            assertThat(object.write(direct)).isEqualTo(10);
            assertThat(direct.hasRemaining()).isFalse();
        }
        assertThat(object.isOpen()).isFalse();
        assertThat(Arrays.copyOfRange(db.largeObjects().read(object.oid()), 5, 15))
                .isEqualTo(Arrays.copyOfRange(bytes, 10, 20));
    }
}
