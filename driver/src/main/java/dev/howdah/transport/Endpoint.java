package dev.howdah.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One address of a server.
 *
 * @param host what the user asked for: a name, an address, or the folder of a Unix socket
 * @param port the port, also a part of a Unix socket's name
 * @param address where to connect to
 */
public record Endpoint(String host, int port, SocketAddress address) {

    /** Returns whether {@code host} names the folder of a Unix socket. */
    public static boolean isSocketFolder(String host) {
        return host.startsWith("/");
    }

    /**
     * Finds all addresses of a host, in the resolver's order. Blocks while DNS is asked.
     *
     * @throws UnknownHostException if there is none
     */
    public static List<Endpoint> resolve(DialPlan.Host target) throws UnknownHostException {
        String host = target.name();
        String address = target.address();
        int port = target.port();
        if (address == null && isSocketFolder(host)) {
            Path socket = Path.of(host, ".s.PGSQL." + port);
            return List.of(new Endpoint(host, port, UnixDomainSocketAddress.of(socket)));
        }
        List<Endpoint> endpoints = new ArrayList<>();
        for (InetAddress found : InetAddress.getAllByName(address == null ? host : address)) {
            endpoints.add(new Endpoint(host, port, new InetSocketAddress(found, port)));
        }
        return endpoints;
    }

    /** Returns whether this is a Unix socket. */
    public boolean isUnix() {
        return address instanceof UnixDomainSocketAddress;
    }

    /** Returns whether bytes to it do not leave this machine: a Unix socket, or a loopback address. */
    public boolean isLocal() {
        return isUnix()
                || address instanceof InetSocketAddress inet
                        && inet.getAddress().isLoopbackAddress();
    }

    /** Returns the numeric address, or the path of the Unix socket. */
    public String addressText() {
        return address instanceof InetSocketAddress inet ? inet.getAddress().getHostAddress() : address.toString();
    }

    /** Returns the endpoint as a user would write it. */
    @Override
    public String toString() {
        if (address instanceof InetSocketAddress inet) {
            String ip = inet.getAddress().getHostAddress();
            return (host.equals(ip) ? host : host + " (" + ip + ")") + " port " + port;
        }
        return host + " port " + port + " (Unix socket)";
    }
}
