package dev.howdah.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class FaultyWireIT {

    @Test
    void aWholeTalkWithAServerPassesOneByteAtATimeOnAUnixSocketToo(PostgresServer server) throws IOException {
        Path folder = Files.createTempDirectory("wire");
        try (FaultyWire wire = FaultyWire.onSocket(folder, server)) {
            wire.toServer().chunk(1);
            wire.toClient().chunk(1);
            Path socket = folder.resolve(".s.PGSQL." + server.port());
            try (AdminSession session = AdminSession.connect(socket, server.superuser(), "postgres")) {
                assertThat(session.value("select repeat('x', 1000)")).hasSize(1000);
            }
            assertThat(wire.toClient().passed()).isGreaterThan(1000);
        }
        assertThat(folder).isEmptyDirectory();
        Files.delete(folder);
    }
}
