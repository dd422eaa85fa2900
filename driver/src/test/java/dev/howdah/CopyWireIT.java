package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.copy.CopyIn;
import dev.howdah.copy.CopyOut;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.ConversionException;
import dev.howdah.testkit.Faults;
import dev.howdah.testkit.FaultyWire;
import dev.howdah.testkit.LeakCheck;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** COPY over a wire that gives and takes single bytes, or breaks at any place. */
@ExtendWith(PostgresExtension.class)
@Timeout(180)
class CopyWireIT {

    private static final int ROWS = 40;

    /** Copies both ways, rows and raw; the first part, before the rows are stored, is {@code ROWS} rows in. */
    private static void talk(PgConnection db) {
        try (CopyIn copy = db.copyIn("wired", "id", "name")) {
            for (int i = 0; i < ROWS; i++) {
                copy.row(i, "name " + i);
            }
            copy.finish();
        }
        try (CopyOut<Row> rows = db.copyOut("wired")) {
            assertThat(rows.stream().mapToInt(row -> row.getInt(0)).sum()).isEqualTo(ROWS * (ROWS - 1) / 2);
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        db.copyOut("copy wired to stdout", text);
        assertThat(text.toString(StandardCharsets.UTF_8)).startsWith("0\tname 0\n1\tname 1\n");
    }

    @ParameterizedTest
    @EnumSource
    void inPiecesOfOneByte(Place.Face face, TestDatabase database) throws Throwable {
        LeakCheck leaks = LeakCheck.start().backends(database);
        for (String tls : List.of(" sslmode=disable", " sslmode=require")) {
            makeTable(database);
            try (FaultyWire wire = FaultyWire.to(database.server())) {
                wire.toClient().chunk(1);
                wire.toServer().chunk(1);
                try (Faced faced =
                        Faced.connect(face, ConnectOptions.parse(wire.dsn(database.name(), Roles.TRUST) + tls))) {
                    faced.run(() -> {
                        talk(faced.db());
                        assertThatThrownBy(
                                        () -> faced.db().copyIn("wired", "id").from(List.of(List.of("x"))))
                                .isInstanceOf(ConversionException.class);
                    });
                }
            }
            assertThat(rows(database)).isEqualTo(String.valueOf(ROWS));
        }
        leaks.verify();
    }

    private static void makeTable(TestDatabase database) {
        database.execute("drop table if exists wired; create table wired (id int, name text)");
        database.execute("grant all on wired to public");
    }

    private static @Nullable String rows(TestDatabase database) {
        return database.execute("select count(*) from wired").getFirst().getFirst();
    }

    /** Wherever the wire breaks, all rows are stored or none, and the caller is told. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWireThatBreaksAnywhere(boolean toClient, TestDatabase database) {
        LeakCheck leaks = LeakCheck.start().sockets().backends(database);
        boolean whole = false;
        for (long at = 1; !whole; at += 53) {
            makeTable(database);
            try (FaultyWire wire = FaultyWire.to(database.server());
                    PgConnection db = Howdah.connect(wire.dsn(database.name(), Roles.TRUST) + " sslmode=disable")) {
                Faults faults = toClient ? wire.toClient() : wire.toServer();
                faults.closeAt(faults.passed() + at);
                try {
                    talk(db);
                    whole = true;
                } catch (ConnectionLostException e) {
                    assertThat(db.isOpen()).isFalse();
                }
            }
            assertThat(rows(database)).isIn("0", String.valueOf(ROWS));
            assertThat(at).isLessThan(20_000);
        }
        leaks.verify();
    }
}
