package dev.howdah.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConversionException;
import dev.howdah.error.ProtocolException;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.TestDatabase;
import dev.howdah.type.TypeRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;

/** Messages of real servers, cut short and with bytes that are wrong: nothing but a ProtocolException comes of them. */
@ExtendWith(PostgresExtension.class)
class PgOutputCutsIT {

    private static final String PREPARATION = """
            create type mood as enum ('sad');
            create table t (id int primary key, doc text, price numeric, mood mood, at timestamptz, tags text[]);
            create table whole (id int8, doc text, b bytea);
            alter table whole replica identity full;
            alter table whole alter doc set storage external;
            create publication p for all tables
            """;

    private static final String VALUES = "1, 'x', 1.50, 'sad', now(), '{a,null}'";

    /** Records streams in which every kind of message is that a server sends when asked by SQL. */
    private static List<List<byte[]>> record(TestDatabase database) {
        String origin = "cut origin of " + database.name();
        database.execute("select pg_replication_origin_create('" + origin + "')");
        List<List<byte[]>> streams = new ArrayList<>();
        try (PgOutputSlot slot = PgOutputSlot.open(database, PREPARATION, true)) {
            slot.run("set logical_decoding_work_mem = '64kB'");
            slot.run(
                    "select pg_replication_origin_session_setup('" + origin + "')",
                    "begin; select pg_replication_origin_xact_setup('16/B374D848', now()); insert into t values ("
                            + VALUES + "); commit",
                    "select pg_replication_origin_session_reset()",
                    "update t set id = 2, doc = null",
                    "insert into whole values (1, repeat('x', 5000), '\\x00ff')",
                    "update whole set id = 2",
                    "delete from whole",
                    "select pg_logical_emit_message(false, 'prefix', 'content')",
                    "truncate t, whole",
                    "begin; insert into t values (" + VALUES + "); prepare transaction '" + database.name() + "'",
                    "commit prepared '" + database.name() + "'",
                    "begin; insert into t values (9" + VALUES + "); prepare transaction '" + database.name() + "'",
                    "rollback prepared '" + database.name() + "'");
            String many = "insert into t select i, repeat('x', 200), 1, 'sad', now() from generate_series(%d, %d) i";
            slot.run(
                    "begin",
                    "savepoint s",
                    many.formatted(100, 600),
                    "rollback to s",
                    many.formatted(100, 600),
                    "commit");
            slot.run("begin", many.formatted(1000, 1500), "prepare transaction '" + database.name() + "'");
            slot.run("commit prepared '" + database.name() + "'");
            for (String[] options : new String[][] {
                {"messages", "true", "binary", "true", "streaming", "true", "two_phase", "true"},
                {"messages", "true", "binary", "false", "proto_version", "1"}
            }) {
                streams.add(thinned(slot.peek(options)));
            }
            slot.record();
        } finally {
            database.execute("select pg_replication_origin_drop('" + origin + "')");
        }
        return streams;
    }

    /** Leaves out most of many rows in a row that are alike. */
    private static List<byte[]> thinned(List<byte[]> all) {
        List<byte[]> few = new ArrayList<>();
        int alike = 0;
        byte last = 0;
        for (byte[] message : all) {
            alike = message[0] == last ? alike + 1 : 0;
            last = message[0];
            if (alike < 3) {
                few.add(message);
            }
        }
        return few;
    }

    private static PgOutputMessage decode(PgOutputDecoder decoder, byte[] message) {
        return decoder.decode(message, 0, message.length);
    }

    @ParameterizedTest
    @PostgresVersions(from = 15)
    void ofACutMessageItIsSaidThatItIsCut(TestDatabase database) {
        List<List<byte[]>> streams = record(database);
        Set<Character> kinds = streams.stream()
                .flatMap(List::stream)
                .map(message -> (char) message[0])
                .collect(Collectors.toSet());
        assertThat(kinds)
                .contains('B', 'C', 'O', 'R', 'Y', 'I', 'U', 'D', 'T', 'M', 'S', 'E', 'c', 'A')
                .contains('b', 'P', 'K', 'r', 'p');
        for (List<byte[]> stream : streams) {
            PgOutputDecoder decoder = new PgOutputDecoder(TypeRegistry.global().child());
            for (byte[] message : stream) {
                for (int length = 0; length < message.length; length++) {
                    byte[] cut = Arrays.copyOf(message, length);
                    assertThatThrownBy(() -> decode(decoder, cut)).isInstanceOf(ProtocolException.class);
                }
                // The decoder is as it was, so that the whole message is understood.
                readAll(decode(decoder, message));
            }
        }
    }

    @ParameterizedTest
    @PostgresVersions(from = 15)
    void aWrongByteDoesNoHarm(TestDatabase database) {
        SplittableRandom random = new SplittableRandom(20_261_129);
        int refused = 0;
        for (List<byte[]> stream : record(database)) {
            PgOutputDecoder decoder = new PgOutputDecoder(TypeRegistry.global().child());
            for (byte[] message : stream) {
                for (int time = 0; time < 200; time++) {
                    byte[] wrong = message.clone();
                    for (int bytes = random.nextInt(1, 4); bytes > 0; bytes--) {
                        wrong[random.nextInt(wrong.length)] = (byte) random.nextInt();
                    }
                    refused += tried(decoder, wrong) ? 0 : 1;
                }
                tried(decoder, message);
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }

    /** Returns whether it was understood; what a wrong message has left behind may make a right one wrong. */
    private static boolean tried(PgOutputDecoder decoder, byte[] message) {
        try {
            readAll(decode(decoder, message));
            return true;
        } catch (ProtocolException e) {
            assertThat(e.getMessage()).contains("pgoutput");
            return false;
        }
    }

    /** Reads everything of a message that can be read; a value may be refused. */
    private static void readAll(PgOutputMessage message) {
        assertThat(message.toString()).isNotEmpty();
        List<ChangedRow> rows = new ArrayList<>();
        switch (message) {
            case Change.Insert insert -> rows.add(insert.newRow());
            case Change.Update update -> {
                rows.add(update.newRow());
                rows.add(update.filledRow());
                if (update.oldRow() != null) {
                    rows.add(update.oldRow());
                }
            }
            case Change.Delete delete -> rows.add(delete.oldRow());
            default -> {}
        }
        for (ChangedRow row : rows) {
            for (int i = 0; i < row.size(); i++) {
                int column = i;
                attempt(() -> row.get(column));
                attempt(() -> row.getString(column));
                attempt(() -> row.getInt(column));
                attempt(() -> row.getLong(column));
            }
        }
    }

    private static void attempt(Runnable read) {
        try {
            read.run();
        } catch (ConversionException | IllegalStateException e) {
            assertThat(e.getMessage()).contains("Column ");
        }
    }
}
