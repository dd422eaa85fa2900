package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A command of the query is done.
 *
 * @param tag the command, with counts where it has any, such as "INSERT 0 5"
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-COMMANDCOMPLETE">CommandComplete</a>
 */
public record CommandComplete(String tag) implements BackendMessage {

    /** Tags that come often, kept so that they are not made again and again. */
    private static final List<CommandComplete> COMMON = Stream.of(
                    "INSERT 0 1", "SELECT 1", "SELECT 0", "UPDATE 1", "DELETE 1", "BEGIN", "COMMIT", "ROLLBACK", "SET")
            .map(CommandComplete::new)
            .toList();

    private static final int MAX_DIGITS = 19;

    /** Reads the body. */
    public static CommandComplete read(WireReader in) {
        for (int i = 0; i < COMMON.size(); i++) {
            CommandComplete common = COMMON.get(i);
            if (common.isSpelledBy(in)) {
                return common.taken(in);
            }
        }
        CommandComplete message = new CommandComplete(in.cstring());
        in.finish("CommandComplete");
        return message;
    }

    /** Reads the body; returns {@code previous} if it says the same, so that repeated commands make nothing. */
    public static CommandComplete read(WireReader in, @Nullable CommandComplete previous) {
        return previous != null && previous.isSpelledBy(in) ? previous.taken(in) : read(in);
    }

    /** Returns how many rows the command touched or returned, -1 if its tag has no count. */
    public long rowCount() {
        int at = tag.lastIndexOf(' ') + 1;
        int digits = tag.length() - at;
        if (at == 0 || digits == 0 || digits > MAX_DIGITS) {
            return -1;
        }
        long count = 0;
        for (; at < tag.length(); at++) {
            int digit = tag.charAt(at) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            count = count * 10 + digit;
        }
        return count < 0 ? -1 : count;
    }

    @Override
    public void write(WireWriter out) {
        out.begin('C').cstring(tag).end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("CommandComplete").text(tag);
    }

    private boolean isSpelledBy(WireReader in) {
        int length = tag.length();
        byte[] array = in.array();
        int at = in.position();
        if (in.remaining() != length + 1 || array[at + length] != 0) {
            return false;
        }
        for (int i = length - 1; i >= 0; i--) {
            if (array[at + i] != tag.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private CommandComplete taken(WireReader in) {
        in.skip(in.remaining());
        return this;
    }
}
