package dev.howdah.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ProtocolException;
import dev.howdah.wire.WireReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tag and its count. */
class CommandCompleteTest {

    @ParameterizedTest
    @CsvSource({
        "INSERT 0 5, 5",
        "SELECT 3, 3",
        "MERGE 2, 2",
        "COPY 7, 7",
        "FETCH 0, 0",
        "CREATE TABLE, -1",
        "BEGIN, -1",
        "SELECT 9223372036854775807, 9223372036854775807",
        "SELECT 9223372036854775808, -1",
        "SELECT 99999999999999999999, -1",
        "SELECT -1, -1",
        "'SELECT ', -1",
        "'', -1"
    })
    void theRowCountIsTheLastNumberOfTheTag(String tag, long count) {
        assertThat(new CommandComplete(tag).rowCount()).isEqualTo(count);
    }

    @Test
    void aTagThatRepeatsMakesNothing() {
        CommandComplete first = CommandComplete.read(body("UPDATE 17\0"));
        assertThat(CommandComplete.read(body("UPDATE 17\0"), first)).isSameAs(first);
        assertThat(CommandComplete.read(body("UPDATE 18\0"), first)).isEqualTo(new CommandComplete("UPDATE 18"));
        assertThat(CommandComplete.read(body("INSERT 0 1\0"))).isSameAs(CommandComplete.read(body("INSERT 0 1\0")));
    }

    @Test
    void aRepeatedTagIsReadToItsEnd() {
        WireReader in = body("INSERT 0 1\0");
        CommandComplete.read(in, null);
        assertThat(in.remaining()).isZero();
    }

    @Test
    void whatFollowsTheTagIsRefused() {
        CommandComplete begin = new CommandComplete("BEGIN");
        assertThatThrownBy(() -> CommandComplete.read(body("BEGIN\0x"), begin)).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> CommandComplete.read(body("BEGIN"), begin)).isInstanceOf(ProtocolException.class);
    }

    private static WireReader body(String text) {
        return new WireReader(text.getBytes(StandardCharsets.UTF_8));
    }
}
