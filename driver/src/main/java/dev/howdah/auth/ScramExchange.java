package dev.howdah.auth;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.exception.ScramException;
import com.ongres.scram.common.exception.ScramParseException;
import dev.howdah.error.ConfigException;
import dev.howdah.error.Delivery;
import dev.howdah.error.ProtocolException;
import dev.howdah.message.Bytes;
import dev.howdah.message.FrontendMessage;
import dev.howdah.message.SASLInitialResponse;
import dev.howdah.message.SASLResponse;
import dev.howdah.password.Secret;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One SCRAM-SHA-256 or SCRAM-SHA-256-PLUS exchange, on the SCRAM client library. PostgreSQL takes the user from the
 * startup message and ignores the one in SCRAM.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sasl-authentication.html#SASL-SCRAM-SHA-256">SCRAM-SHA-256</a>
 * @see <a href="https://datatracker.ietf.org/doc/html/rfc5802">RFC 5802</a>
 */
final class ScramExchange implements SaslExchange {

    static final String PLAIN = "SCRAM-SHA-256";
    static final String PLUS = "SCRAM-SHA-256-PLUS";
    private static final String ENDPOINT = "tls-server-end-point";
    /** How many characters our nonce has, as many as libpq's. */
    private static final int NONCE_LENGTH = 24;
    /** The longest nonce accepted, in characters, ours included; PostgreSQL's has 48. */
    private static final int MAX_NONCE = 512;
    /** The longest salt accepted, in bytes; PostgreSQL's has 16. */
    private static final int MAX_SALT = 256;

    private static final Pattern CHALLENGE = Pattern.compile(
            "r=(?<nonce>[!-+\\--~]+),s=(?<salt>[A-Za-z0-9+/]+=*),i=(?<iterations>[1-9][0-9]{0,9})(,[A-Za-z]=[^,]+)*");

    private static final Pattern PROOF = Pattern.compile("v=[A-Za-z0-9+/]+=*(,[A-Za-z]=[^,]+)*");

    private final Credentials credentials;
    private final Secret password;
    private final String mechanism;
    private final boolean bind;
    private final String nonce = ScramFunctions.nonce(NONCE_LENGTH, new SecureRandom());
    private Step step = Step.BEGINNING;
    private @Nullable ScramClient client;

    /** What has been done. */
    private enum Step {
        BEGINNING,
        FIRST_SENT,
        PROOF_SENT,
        VERIFIED
    }

    private ScramExchange(Credentials credentials, Secret password, String mechanism, boolean bind) {
        this.credentials = credentials;
        this.password = password;
        this.mechanism = mechanism;
        this.bind = bind;
    }

    static ScramExchange begin(List<String> offered, Credentials credentials, Secret password) {
        ChannelBinding binding = credentials.settings().channelBinding();
        boolean plus = offered.contains(PLUS);
        if (plus && !credentials.peer().encrypted()) {
            throw new ProtocolException("the server offers " + PLUS + " on a connection without TLS");
        }
        boolean bind = binding != ChannelBinding.DISABLE && credentials.peer().certificateHash() != null;
        if (binding == ChannelBinding.REQUIRE && !(plus && bind)) {
            throw new ConfigException(
                    "channel_binding",
                    plus
                            ? "it is required, but the server's certificate has no hash to bind to"
                            : "it is required, but the server does not offer " + PLUS);
        }
        if (!(plus && bind) && !offered.contains(PLAIN)) {
            throw new ConfigException(
                    "channel_binding",
                    "the server offers only " + PLUS + ", and "
                            + (binding == ChannelBinding.DISABLE
                                    ? "channel_binding is disable"
                                    : "the server's certificate has no hash to bind to"));
        }
        return new ScramExchange(credentials, password, plus && bind ? PLUS : PLAIN, bind);
    }

    @Override
    public String mechanism() {
        return mechanism;
    }

    @Override
    public boolean isBound() {
        return mechanism.equals(PLUS);
    }

    @Override
    public FrontendMessage first() {
        step = Step.FIRST_SENT;
        // The first message tells nothing of the keys, and they are not known before the server's salt.
        Bytes none = Bytes.copyOf(new byte[32]);
        return new SASLInitialResponse(
                mechanism,
                Bytes.utf8(
                        client(new ScramKeys(none, none)).clientFirstMessage().toString()));
    }

    @Override
    public FrontendMessage challenge(Bytes data) {
        if (step != Step.FIRST_SENT) {
            throw new ProtocolException("the server sent a second SCRAM challenge");
        }
        String text = data.utf8();
        try {
            ScramClient keyed = client(keys(text));
            keyed.clientFirstMessage();
            keyed.serverFirstMessage(text);
            FrontendMessage proof =
                    new SASLResponse(Bytes.utf8(keyed.clientFinalMessage().toString()));
            client = keyed;
            step = Step.PROOF_SENT;
            return proof;
        } catch (ScramParseException | IllegalArgumentException | IllegalStateException e) {
            throw new ProtocolException("the server's SCRAM challenge is not valid", Delivery.NOT_SENT, e);
        }
    }

    /** Checks what the server wants us to hash, and only then does it. */
    private ScramKeys keys(String challenge) {
        Matcher parts = CHALLENGE.matcher(challenge);
        if (!parts.matches()) {
            throw new ProtocolException("the server's SCRAM challenge is not valid");
        }
        String all = parts.group("nonce");
        if (!all.startsWith(nonce) || all.length() == nonce.length() || all.length() > MAX_NONCE) {
            throw new ProtocolException("the server's SCRAM nonce does not continue ours, or is too long");
        }
        long wanted = Long.parseLong(parts.group("iterations"));
        int most = credentials.settings().scramMaxIterations();
        if (wanted > most) {
            throw new ProtocolException("the server asks for " + wanted + " SCRAM iterations; accepted are at most "
                    + most + " (option scram_max_iterations)");
        }
        Bytes salt = Bytes.copyOf(Base64.getDecoder().decode(parts.group("salt")));
        if (salt.length() == 0 || salt.length() > MAX_SALT) {
            throw new ProtocolException(
                    "the server's SCRAM salt has " + salt.length() + " bytes; accepted are 1 to " + MAX_SALT);
        }
        int iterations = (int) wanted;
        String text = password.reveal();
        Supplier<ScramKeys> derive = () -> ScramKeys.derive(text, salt, iterations);
        ScramKeyCache kept = credentials.settings().scramKeys();
        return kept == null ? derive.get() : kept.get(credentials.user(), text, salt, iterations, derive);
    }

    @Override
    public void end(Bytes data) {
        if (step != Step.PROOF_SENT || client == null) {
            throw new ProtocolException("the server ended the SCRAM exchange before it had our proof");
        }
        String text = data.utf8();
        if (!PROOF.matcher(text).matches()) {
            throw new ProtocolException("the server did not prove that it knows the password");
        }
        try {
            client.serverFinalMessage(text);
        } catch (ScramException | IllegalArgumentException | IllegalStateException e) {
            throw new ProtocolException("the server did not prove that it knows the password", Delivery.NOT_SENT, e);
        }
        step = Step.VERIFIED;
    }

    @Override
    public void accepted() {
        if (step != Step.VERIFIED) {
            throw new ProtocolException("the server accepted us before it proved that it knows the password");
        }
    }

    /** Makes a client with our nonce; it binds, or says that it would, if the connection has what it takes. */
    private ScramClient client(ScramKeys keys) {
        var builder = ScramClient.builder()
                .advertisedMechanisms(List.of(mechanism))
                .username("*")
                .clientAndServerKey(
                        keys.clientKey().toByteArray(), keys.serverKey().toByteArray())
                .nonceSupplier(() -> nonce);
        Bytes hash = credentials.peer().certificateHash();
        if (bind && hash != null) {
            builder.channelBinding(ENDPOINT, hash.toByteArray());
        }
        return builder.build();
    }
}
