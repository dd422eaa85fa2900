package dev.howdah.transport;

import dev.howdah.error.ConnectAttempt;
import dev.howdah.error.ConnectStep;
import dev.howdah.error.PgException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Keeps what was tried to connect, and times its steps. Not safe for several threads. */
final class DialLog {

    private final LongSupplier nanoTime;
    private final List<ConnectAttempt> attempts = new ArrayList<>();
    private final List<ConnectStep> steps = new ArrayList<>();
    private ConnectStep.@Nullable Kind current;
    private long since;

    /**
     * Makes an empty one.
     *
     * @param nanoTime the clock, in nanoseconds
     */
    DialLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Notes that a step begins, and that the one before it has ended; nothing if it is the one under way. */
    void enter(ConnectStep.Kind step) {
        if (step != current) {
            leave();
            current = step;
        }
    }

    /** Notes that the step under way, if there is one, has ended. */
    void leave() {
        long now = nanoTime.getAsLong();
        if (current != null) {
            steps.add(new ConnectStep(current, Duration.ofNanos(Math.max(0, now - since))));
            current = null;
        }
        since = now;
    }

    /** Notes that an attempt failed. */
    void failed(Endpoint where, boolean tls, String reason, @Nullable PgException cause) {
        end(where.host(), where.port(), where.addressText(), tls, reason, cause);
    }

    /** Notes that a host has no address. */
    void failed(DialPlan.Host host, String reason) {
        end(host.name(), host.port(), null, false, reason, null);
    }

    /** Notes that an attempt went well. */
    void accepted(Endpoint where, boolean tls) {
        end(where.host(), where.port(), where.addressText(), tls, null, null);
    }

    private void end(
            String host,
            int port,
            @Nullable String address,
            boolean tls,
            @Nullable String reason,
            @Nullable PgException cause) {
        leave();
        attempts.add(new ConnectAttempt(host, port, address, tls, steps, reason, cause));
        steps.clear();
    }

    /** Returns what was tried so far, in order; unmodifiable. */
    List<ConnectAttempt> attempts() {
        return List.copyOf(attempts);
    }
}
