package dev.howdah.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultyWireTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private ServerSocket echo;
    private FaultyWire wire;

    @BeforeEach
    void startEcho() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(this::echoAll);
        wire = FaultyWire.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), echo.getLocalPort()));
    }

    @AfterEach
    void stop() throws IOException {
        wire.close();
        echo.close();
        Await.until(SOON, () -> wire.openConnections() == 0);
    }

    private void echoAll() {
        while (!echo.isClosed()) {
            try {
                Socket one = echo.accept();
                Thread.ofPlatform().daemon().start(() -> {
                    try (one) {
                        one.getInputStream().transferTo(one.getOutputStream());
                    } catch (IOException e) {
                        assertThat(e).isInstanceOf(SocketException.class);
                    }
                });
            } catch (IOException e) {
                assertThat(echo.isClosed()).isTrue();
            }
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(wire.host(), wire.port());
        socket.setSoTimeout((int) SOON.toMillis());
        return socket;
    }

    @Test
    void aFaultlessWirePassesEverythingAndCountsIt() throws IOException {
        byte[] much = new SeededRandom(1).bytes(1_000_000);
        try (Socket socket = connect()) {
            Thread.ofPlatform().start(() -> {
                try {
                    socket.getOutputStream().write(much);
                    socket.shutdownOutput();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(much);
        }
        assertThat(wire.toServer().passed()).isEqualTo(much.length);
        assertThat(wire.toClient().passed()).isEqualTo(much.length);
        assertThat(wire.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 10})
    void aConnectionResetAtNHasPassedNBytes(int n) throws IOException {
        wire.toClient().resetAt(n).chunk(3);
        try (Socket socket = connect()) {
            assertThatThrownBy(() -> {
                        socket.getOutputStream().write(new byte[10]);
                        socket.getInputStream().readNBytes(n + 1);
                    })
                    .isInstanceOf(SocketException.class);
        }
        assertThat(wire.toClient().passed()).isEqualTo(n);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 10})
    void aConnectionClosedAtNGivesNBytesAndThenTheEnd(int n) throws IOException {
        wire.toClient().closeAt(n);
        try (Socket socket = connect()) {
            if (n > 0) {
                // What is written to a connection that is closed already is answered with a reset.
                socket.getOutputStream().write(new byte[10]);
            }
            assertThat(socket.getInputStream().readAllBytes()).hasSize(n);
        }
    }

    @Test
    void aStallHoldsBytesBackUntilResumed() throws IOException {
        wire.toClient().stallAt(4);
        try (Socket socket = connect()) {
            socket.getOutputStream().write("12345678".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readNBytes(4)).hasSize(4);
            Await.until(SOON, () -> wire.toClient().stalled() == 1);
            assertThat(socket.getInputStream().available()).isZero();
            wire.toClient().resume();
            assertThat(socket.getInputStream().readNBytes(4)).hasSize(4);
        }
    }

    @Test
    void aBlackHoleAcceptsAndNeverAnswers() throws IOException {
        wire.blackHole(true);
        try (Socket socket = connect()) {
            socket.setSoTimeout(50);
            socket.getOutputStream().write(1);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            Await.until(SOON, () -> wire.openConnections() == 1);
        }
    }

    @Test
    void resetAllEndsEveryConnectionNow() throws IOException {
        try (Socket one = connect();
                Socket two = connect()) {
            one.getOutputStream().write(1);
            two.getOutputStream().write(1);
            one.getInputStream().read();
            two.getInputStream().read();
            wire.resetAll();
            assertThatThrownBy(() -> one.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> two.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void aServerThatIsNotThereIsAResetConnection() throws IOException {
        echo.close();
        try (Socket socket = connect()) {
            assertThatThrownBy(() -> {
                        while (socket.getInputStream().read() >= 0) {
                            assertThat(socket.isConnected()).isTrue();
                        }
                        throw new SocketException("closed");
                    })
                    .isInstanceOf(SocketException.class);
        }
    }

    @Test
    void closeLeavesNoThreadAndNoSocketBehind() throws IOException {
        LeakCheck leaks = LeakCheck.start()
                .threads(name -> name.startsWith("faulty wire"))
                .sockets();
        try (FaultyWire other =
                        FaultyWire.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), echo.getLocalPort()));
                Socket socket = new Socket(other.host(), other.port())) {
            socket.getOutputStream().write(1);
            assertThat(socket.getInputStream().read()).isEqualTo(1);
        }
        leaks.verify();
    }
}
