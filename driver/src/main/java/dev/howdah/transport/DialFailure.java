package dev.howdah.transport;

import dev.howdah.error.AuthenticationException;
import dev.howdah.error.ConfigException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What a failed attempt to connect means: how it is told, and whether to go on. */
final class DialFailure {

    private DialFailure() {}

    /** Returns why a name has no address, in words. */
    static String reason(DialPlan.Host host, UnknownHostException e) {
        String message = String.valueOf(e.getMessage());
        String prefix = host.name() + ": ";
        return message.startsWith(prefix)
                ? "the name cannot be looked up: " + message.substring(prefix.length())
                : "the name is not known";
    }

    /** Returns why an attempt failed, in words. */
    static String reason(Exception reason) {
        if (reason instanceof ConnectException
                && String.valueOf(reason.getMessage()).contains("refused")) {
            return "connection refused; is the server running there and accepting connections?";
        }
        String message = reason.getMessage() == null ? reason.getClass().getSimpleName() : reason.getMessage();
        return reason instanceof SSLException ? "TLS failed: " + message : message;
    }

    /** With and without TLS differ only in TLS and in what pg_hba.conf allows; a password is never sent a second time. */
    static boolean otherWayMayHelp(Exception reason, boolean askedForPassword) {
        return !askedForPassword && (reason instanceof SSLException || reason instanceof AuthenticationException);
    }

    /** Another host may help where this one cannot be talked to, not where it refuses us or we refuse it. */
    static boolean otherHostMayHelp(Exception reason) {
        if (reason instanceof ConfigException || reason instanceof SSLException) {
            return false;
        }
        if (reason instanceof ServerException server) {
            return server.sqlState().equals(SqlState.CANNOT_CONNECT_NOW);
        }
        return true;
    }

    /** Returns a time in seconds, as options have it. */
    static String text(@Nullable Duration time) {
        return time == null
                ? "no time"
                : BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
    }
}
