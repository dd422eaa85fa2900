package dev.howdah.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.howdah.ConnectionInfo;
import dev.howdah.error.ConnectAttempt;
import dev.howdah.error.ConnectFailedException;
import dev.howdah.error.ConnectStep;
import dev.howdah.error.SqlState;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer of {@code howdah ping --json}: one object; times are in microseconds. Programs rely on its names. */
final class PingJson {

    private PingJson() {}

    /**
     * The answer when a server was found.
     *
     * @param again a second connect
     * @param times the times of all round trips in nanoseconds, the shortest first
     * @param median their median
     */
    static String connected(ConnectionInfo info, PingCommand.Again again, long[] times, long median) {
        return JsonLine.of(object -> {
            object.writeBooleanField("connected", true);
            object.writeStringField("server", info.serverVersionText());
            object.writeNumberField("serverVersion", info.serverVersion());
            object.writeStringField("host", info.host());
            object.writeNumberField("port", info.port());
            object.writeStringField("database", info.dbname());
            object.writeStringField("user", info.user());
            object.writeBooleanField("tls", info.sslInUse());
            object.writeStringField("tlsProtocol", info.sslAttribute("protocol"));
            object.writeStringField("tlsCipher", info.sslAttribute("cipher"));
            writeCertificate(object, info);
            object.writeStringField("authentication", info.authenticationMethod());
            object.writeBooleanField("channelBinding", info.usedChannelBinding());
            object.writeStringField("protocol", PingCommand.protocol(info));
            object.writeNumberField("connectMicros", micros(info.connectReport().time()));
            object.writeNumberField("roundTrips", times.length);
            object.writeNumberField("minMicros", times[0] / 1000);
            object.writeNumberField("medianMicros", median / 1000);
            writeAttempts(object, info.connectReport().attempts());
            writeAgain(object, again);
        });
    }

    private static void writeAgain(JsonGenerator object, PingCommand.Again again) throws IOException {
        object.writeObjectFieldStart("again");
        if (again.report() != null) {
            object.writeBooleanField("connected", true);
            object.writeNumberField("connectMicros", micros(again.report().time()));
            writeAttempts(object, again.report().attempts());
        } else if (again.failure() != null) {
            writeFailure(object, again.failure());
        }
        object.writeEndObject();
    }

    /** The answer when none was found. */
    static String failed(ConnectFailedException failure) {
        return JsonLine.of(object -> writeFailure(object, failure));
    }

    private static void writeFailure(JsonGenerator object, ConnectFailedException failure) throws IOException {
        object.writeBooleanField("connected", false);
        object.writeStringField("error", Masking.mask(String.valueOf(failure.getMessage())));
        object.writeStringField("sqlState", text(failure.sqlState()));
        writeAttempts(object, failure.attempts());
    }

    private static void writeCertificate(JsonGenerator object, ConnectionInfo info) throws IOException {
        X509Certificate certificate = info.serverCertificate();
        if (certificate == null) {
            object.writeNullField("certificate");
            return;
        }
        CertificateFacts facts = CertificateFacts.of(certificate);
        object.writeObjectFieldStart("certificate");
        object.writeStringField("subject", facts.subject());
        object.writeStringField("issuer", facts.issuer());
        object.writeArrayFieldStart("names");
        for (String name : facts.names()) {
            object.writeString(name);
        }
        object.writeEndArray();
        object.writeStringField("validFrom", facts.from().toString());
        object.writeStringField("validUntil", facts.until().toString());
        object.writeBooleanField("validNow", facts.untimely() == null);
        object.writeStringField("sha256", facts.sha256());
        object.writeStringField(
                "verified",
                switch (info.serverVerification()) {
                    case NONE -> "none";
                    case AUTHORITY -> "authority";
                    case AUTHORITY_AND_HOST -> "authorityAndHost";
                });
        object.writeEndObject();
    }

    private static void writeAttempts(JsonGenerator object, List<ConnectAttempt> attempts) throws IOException {
        object.writeArrayFieldStart("attempts");
        for (ConnectAttempt attempt : attempts) {
            object.writeStartObject();
            object.writeStringField("host", attempt.host());
            object.writeNumberField("port", attempt.port());
            object.writeStringField("address", attempt.address());
            object.writeBooleanField("tls", attempt.tls());
            object.writeBooleanField("accepted", attempt.isAccepted());
            object.writeStringField("failedStep", name(attempt.failedStep()));
            object.writeStringField("reason", attempt.reason() == null ? null : Masking.mask(attempt.reason()));
            object.writeStringField("sqlState", text(attempt.sqlState()));
            object.writeNumberField("micros", micros(attempt.time()));
            object.writeArrayFieldStart("steps");
            for (ConnectStep step : attempt.steps()) {
                object.writeStartObject();
                object.writeStringField("step", name(step.kind()));
                object.writeNumberField("micros", micros(step.time()));
                object.writeEndObject();
            }
            object.writeEndArray();
            object.writeEndObject();
        }
        object.writeEndArray();
    }

    private static @Nullable String name(ConnectStep.@Nullable Kind kind) {
        return kind == null
                ? null
                : switch (kind) {
                    case NAME_LOOKUP -> "nameLookup";
                    case TOKEN -> "token";
                    case TLS_SETUP -> "tlsSetup";
                    case SOCKET -> "socket";
                    case TLS -> "tls";
                    case AUTHENTICATION -> "authentication";
                    case SESSION -> "session";
                    case SERVER_CHECK -> "serverCheck";
                };
    }

    private static @Nullable String text(@Nullable SqlState state) {
        return state == null ? null : state.code();
    }

    private static long micros(Duration time) {
        return time.toNanos() / 1000;
    }
}
