package dev.howdah.transport;

import dev.howdah.auth.ChannelBinding;
import dev.howdah.password.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that dialling a server needs to know.
 *
 * @param hosts whom to try, in order
 * @param tls how TLS is to be done
 * @param user the role
 * @param password its password, or null if there is none
 * @param channelBinding whether SCRAM is to be tied to TLS
 * @param protocolVersion the newest protocol version to ask for, as in the startup message
 * @param parameters what the startup message says, user included
 * @param timeout how long one attempt may take, or null for no limit
 */
public record DialPlan(
        List<Host> hosts,
        TlsSettings tls,
        String user,
        @Nullable Secret password,
        ChannelBinding channelBinding,
        int protocolVersion,
        Map<String, String> parameters,
        @Nullable Duration timeout) {

    /**
     * One host to try.
     *
     * @param name a name, an address or the folder of a Unix socket
     * @param port its port
     */
    public record Host(String name, int port) {}

    /** Checks and copies. */
    public DialPlan {
        hosts = List.copyOf(hosts);
        parameters = Map.copyOf(parameters);
    }
}
