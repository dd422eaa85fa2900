package dev.howdah.auth;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.exception.ScramException;
import dev.howdah.error.ConfigException;
import dev.howdah.error.Delivery;
import dev.howdah.error.ProtocolException;
import dev.howdah.message.Bytes;
import dev.howdah.message.FrontendMessage;
import dev.howdah.message.SASLInitialResponse;
import dev.howdah.message.SASLResponse;
import dev.howdah.password.Secret;
import java.util.ArrayList;
import java.util.List;

/**
 * One SCRAM-SHA-256 or SCRAM-SHA-256-PLUS exchange, on the SCRAM client library. PostgreSQL takes the user from the
 * startup message and ignores the one in SCRAM.
 *
 * @see <a href="https://datatracker.ietf.org/doc/html/rfc5802">RFC 5802</a>
 */
final class ScramExchange {

    private static final String PLAIN = "SCRAM-SHA-256";
    private static final String PLUS = "SCRAM-SHA-256-PLUS";
    private static final String ENDPOINT = "tls-server-end-point";
    /** The most rounds of hashing that a server can make us do; PostgreSQL's default is 4,096. */
    private static final int MAX_ITERATIONS = 1_000_000;

    private final ScramClient client;
    private boolean verified;

    private ScramExchange(ScramClient client) {
        this.client = client;
    }

    static ScramExchange begin(List<String> offered, Credentials credentials, Secret password) {
        boolean plus = offered.contains(PLUS);
        boolean bind =
                credentials.channelBinding() != ChannelBinding.DISABLE && credentials.serverCertificateHash() != null;
        if (credentials.channelBinding() == ChannelBinding.REQUIRE && !(plus && bind)) {
            throw new ConfigException(
                    "channel_binding",
                    plus
                            ? "it is required, but the connection has no TLS certificate to bind to"
                            : "it is required, but the server does not offer " + PLUS);
        }
        List<String> usable = new ArrayList<>(offered);
        usable.retainAll(List.of(PLAIN, PLUS));
        if (!bind) {
            usable.remove(PLUS);
        }
        if (usable.isEmpty()) {
            throw new ConfigException(
                    null, "the server offers the SASL mechanisms " + offered + ", of which none can be used here");
        }
        try {
            var builder = ScramClient.builder()
                    .advertisedMechanisms(usable)
                    .username("*")
                    .password(password.reveal().toCharArray());
            Bytes hash = credentials.serverCertificateHash();
            if (bind && hash != null) {
                builder.channelBinding(ENDPOINT, hash.toByteArray());
            }
            return new ScramExchange(builder.build());
        } catch (IllegalArgumentException e) {
            throw new ProtocolException("the SCRAM exchange cannot begin", Delivery.NOT_SENT, e);
        }
    }

    String mechanism() {
        return client.getScramMechanism().getName();
    }

    boolean isBound() {
        return mechanism().equals(PLUS);
    }

    boolean isVerified() {
        return verified;
    }

    FrontendMessage first() {
        return new SASLInitialResponse(
                mechanism(), Bytes.utf8(client.clientFirstMessage().toString()));
    }

    FrontendMessage challenge(Bytes data) {
        try {
            int iterations = client.serverFirstMessage(data.utf8()).getIterationCount();
            if (iterations > MAX_ITERATIONS) {
                throw new ProtocolException("the server asks for " + iterations + " SCRAM iterations; at most "
                        + MAX_ITERATIONS + " are accepted");
            }
            return new SASLResponse(Bytes.utf8(client.clientFinalMessage().toString()));
        } catch (ScramException | IllegalArgumentException | IllegalStateException e) {
            throw new ProtocolException("the server's SCRAM challenge is not valid", Delivery.NOT_SENT, e);
        }
    }

    void verify(Bytes data) {
        try {
            client.serverFinalMessage(data.utf8());
        } catch (ScramException | IllegalArgumentException | IllegalStateException e) {
            throw new ProtocolException("the server did not prove that it knows the password", Delivery.NOT_SENT, e);
        }
        verified = true;
    }
}
