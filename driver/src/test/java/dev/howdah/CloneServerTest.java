package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.ScriptedServer.Peer;
import dev.howdah.error.ServerException;
import dev.howdah.message.AuthenticationOk;
import dev.howdah.message.CommandComplete;
import dev.howdah.message.ReadyForQuery;
import dev.howdah.message.TransactionStatus;
import dev.howdah.wire.WireWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that speak PostgreSQL's protocol and refuse some of its commands. */
@Timeout(60)
class CloneServerTest {

    /** What a clone has been asked, in order. */
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /** A server that refuses commands that begin like this with these codes, and takes all others. */
    private ScriptedServer refusing(Map<String, String> codes) {
        return new ScriptedServer(peer -> talk(peer, codes));
    }

    private void talk(Peer peer, Map<String, String> codes) throws IOException {
        peer.readUntyped();
        WireWriter ready = new WireWriter(64);
        AuthenticationOk.INSTANCE.write(ready);
        ReadyForQuery.of(TransactionStatus.IDLE).write(ready);
        peer.say(ready.toByteArray());
        for (byte[] body = peer.read(); body.length > 0; body = peer.read()) {
            String sql = new String(body, 0, body.length - 1, StandardCharsets.UTF_8);
            asked.add(sql);
            WireWriter answer = new WireWriter(64);
            String code = codes.entrySet().stream()
                    .filter(refused -> sql.startsWith(refused.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse("");
            if (code.isEmpty()) {
                new CommandComplete(sql.split(" ")[0]).write(answer);
            } else {
                answer.begin('E').int8('S').cstring("ERROR").int8('V').cstring("ERROR");
                answer.int8('C')
                        .cstring(code)
                        .int8('M')
                        .cstring("refused")
                        .int8(0)
                        .end();
            }
            ReadyForQuery.of(TransactionStatus.IDLE).write(answer);
            peer.say(answer.toByteArray());
        }
    }

    private static PgConnection connect(ScriptedServer server) {
        return Howdah.connect(server.dsn("sslmode=disable"));
    }

    @Test
    void whereDiscardAllIsNotKnownItsPartsAreTried() {
        for (String code : List.of("42601", "0A000")) {
            asked.clear();
            try (ScriptedServer server = refusing(Map.of(
                            "DISCARD", code, "UNLISTEN", "42601", "SELECT pg_advisory", "42883", "CLOSE", "0A000"));
                    PgConnection db = connect(server)) {
                db.addListener("news", (connection, notification) -> {});
                db.setReadOnly(true);
                asked.clear();
                db.reset();
                assertThat(asked)
                        .containsExactly(
                                "DISCARD ALL",
                                "CLOSE ALL",
                                "SET SESSION AUTHORIZATION DEFAULT",
                                "RESET ALL",
                                "DEALLOCATE ALL",
                                "UNLISTEN *",
                                "SELECT pg_advisory_unlock_all()",
                                "DISCARD PLANS",
                                "DISCARD TEMP",
                                "DISCARD SEQUENCES",
                                // UNLISTEN * was refused: what is still listened to is ended by its name.
                                "UNLISTEN \"news\"");
                assertThat(db.readOnly()).isNull();
                assertThat(db.info().errorMessage()).isNull();
            }
        }
    }

    @Test
    void anyOtherRefusalOfDiscardAllIsTheCallersAndLeavesTheRestAsItWas() {
        try (ScriptedServer server = refusing(Map.of("DISCARD", "57014"));
                PgConnection db = connect(server)) {
            db.setSession(TransactionMode.DEFAULT.withReadOnly(true), false);
            assertThatThrownBy(db::reset)
                    .isInstanceOfSatisfying(
                            ServerException.class,
                            e -> assertThat(e.sqlState().code()).isEqualTo("57014"));
            assertThat(asked).containsExactly("DISCARD ALL");
            assertThat(db.readOnly()).isTrue();
            assertThat(db.autocommit()).isFalse();
        }
    }

    @Test
    void aRefusedPartIsTheCallersToo() {
        try (ScriptedServer server = refusing(Map.of("DISCARD", "0A000", "RESET", "42501"));
                PgConnection db = connect(server)) {
            assertThatThrownBy(db::reset).hasMessageContaining("42501");
        }
    }

    @Test
    void aModeThatTheServerRefusesLeavesAllAsItWas() {
        try (ScriptedServer server = refusing(Map.of("SET default_transaction_isolation", "22023"));
                PgConnection db = connect(server)) {
            db.setReadOnly(true);
            assertThatThrownBy(() -> db.setSession(TransactionMode.of(Isolation.SERIALIZABLE)))
                    .hasMessageContaining("22023");
            assertThat(db.isolation()).isNull();
            assertThat(db.readOnly()).isTrue();
            asked.clear();
            db.setDeferrable(true);
            assertThat(asked).containsExactly("SET default_transaction_deferrable TO 'on';");
            db.setAutocommit(false);
            assertThat(asked)
                    .last()
                    .isEqualTo("SET default_transaction_read_only TO DEFAULT;"
                            + "SET default_transaction_deferrable TO DEFAULT;");
        }
    }
}
