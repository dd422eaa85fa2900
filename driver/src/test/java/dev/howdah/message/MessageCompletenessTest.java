package dev.howdah.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No message of the protocol is missing, and none lacks its reader, writer, trace or seed. */
class MessageCompletenessTest {

    static Stream<String> all() {
        return MessageList.all();
    }

    @Test
    void everyMessageOfTheServerIsARecordAndNoOtherIs() {
        assertThat(leaves(BackendMessage.class)).containsExactlyInAnyOrderElementsOf(MessageList.BACKEND);
    }

    @Test
    void everyMessageOfTheClientIsARecordAndNoOtherIs() {
        assertThat(leaves(FrontendMessage.class)).containsExactlyInAnyOrderElementsOf(MessageList.FRONTEND);
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyMessageHasAReaderOfItsOwn(String name) throws ReflectiveOperationException {
        Class<?> type = Class.forName("dev.howdah.message." + name);
        Method read = type.getMethod("read", WireReader.class);
        assertThat(type.isRecord()).isTrue();
        assertThat(Modifier.isStatic(read.getModifiers())).isTrue();
        assertThat(read.getReturnType()).isEqualTo(type);
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyMessageHasASeedAndAWriterThatBeginsWithItsLetterAndLength(String name) {
        Message message = new MessageSamples(new Random(1)).make(name);
        WireWriter out = new WireWriter(16);
        message.write(out);
        assertThat(message.getClass().getSimpleName()).isEqualTo(name);
        int at = 0;
        if (!MessageList.WITHOUT_LETTER.contains(name)) {
            char letter = name.startsWith("Authentication") ? 'R' : MessageList.LETTERS.get(name);
            assertThat((char) out.array()[0]).isEqualTo(letter);
            at = 1;
        }
        assertThat(WireReader.int32At(out.array(), at)).isEqualTo(out.position() - at);
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyMessageHasATraceThatBeginsWithItsName(String name) {
        TraceLine line = new TraceLine();
        new MessageSamples(new Random(1)).make(name).trace(line);
        assertThat(line.toString().split("\t")[0]).isEqualTo(name);
    }

    @ParameterizedTest
    @MethodSource("all")
    void noMessageHoldsAnArray(String name) throws ReflectiveOperationException {
        assertThat(Class.forName("dev.howdah.message." + name).getRecordComponents())
                .noneMatch(component -> component.getType().isArray());
    }

    private static Set<String> leaves(Class<?> type) {
        Set<String> names = new TreeSet<>();
        if (type.isRecord()) {
            names.add(type.getSimpleName());
        } else {
            Arrays.stream(type.getPermittedSubclasses()).forEach(sub -> names.addAll(leaves(sub)));
        }
        return names;
    }
}
