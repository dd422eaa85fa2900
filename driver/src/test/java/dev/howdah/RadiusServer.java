package dev.howdah;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Just enough of a RADIUS server for PostgreSQL's method radius: it accepts one user with one password.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2865">RFC 2865</a>
 */
final class RadiusServer implements AutoCloseable {

    private static final int ACCEPT = 2;
    private static final int REJECT = 3;
    private static final int USER_NAME = 1;
    private static final int USER_PASSWORD = 2;
    private static final int HEADER = 20;

    private final DatagramSocket socket;
    private final byte[] secret;
    private final String user;
    private final String password;
    private final Thread thread;

    RadiusServer(String secret, String user, String password) throws IOException {
        this.secret = secret.getBytes(StandardCharsets.US_ASCII);
        this.user = user;
        this.password = password;
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        thread = new Thread(this::serve, "radius");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    private void serve() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
                socket.receive(packet);
                byte[] answer = answer(Arrays.copyOf(packet.getData(), packet.getLength()));
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (SocketException e) {
            if (!socket.isClosed()) {
                throw new UncheckedIOException(e);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] answer(byte[] request) {
        byte[] authenticator = Arrays.copyOfRange(request, 4, HEADER);
        Map<Integer, byte[]> attributes = new TreeMap<>();
        for (int at = HEADER; at < request.length; at += request[at + 1] & 0xff) {
            attributes.put((int) request[at], Arrays.copyOfRange(request, at + 2, at + (request[at + 1] & 0xff)));
        }
        String said = new String(attributes.get(USER_NAME), StandardCharsets.UTF_8);
        String proof = new String(opened(attributes.get(USER_PASSWORD), authenticator), StandardCharsets.UTF_8).strip();
        boolean fits = said.equals(user) && proof.equals(password);
        ByteBuffer head = ByteBuffer.allocate(4)
                .put((byte) (fits ? ACCEPT : REJECT))
                .put(request[1])
                .putShort((short) HEADER);
        return ByteBuffer.allocate(HEADER)
                .put(head.array())
                .put(md5(head.array(), authenticator, secret))
                .array();
    }

    /** Each block is hidden by a hash of the secret and the block before; zeros fill the last one. */
    private byte[] opened(byte[] hidden, byte[] authenticator) {
        byte[] open = new byte[hidden.length];
        byte[] before = authenticator;
        for (int at = 0; at < hidden.length; at += 16) {
            byte[] mask = md5(secret, before);
            before = Arrays.copyOfRange(hidden, at, at + 16);
            for (int i = 0; i < 16; i++) {
                open[at + i] = (byte) (before[i] ^ mask[i]);
            }
        }
        int length = open.length;
        while (length > 0 && open[length - 1] == 0) {
            length--;
        }
        return Arrays.copyOf(open, length);
    }

    private static byte[] md5(byte[]... parts) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            for (byte[] part : parts) {
                md5.update(part);
            }
            return md5.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
