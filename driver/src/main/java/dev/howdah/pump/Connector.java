package dev.howdah.pump;

import dev.howdah.error.ConnectFailedException;
import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.session.Session;
import dev.howdah.transport.DialPlan;
import dev.howdah.transport.Dialed;
import dev.howdah.transport.Dialing;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Connects on the thread that asks for it. */
public final class Connector {

    private Connector() {}

    /**
     * Connects to the first server of the plan that accepts us.
     *
     * @param sessions makes the session for an attempt
     * @param waits how to wait
     * @throws ConnectFailedException if none does
     * @throws InterruptedWaitException if the thread was interrupted; its flag is set again
     */
    public static Dialed connect(DialPlan plan, Supplier<Session> sessions, Waits waits) {
        Dialing dialing = new Dialing(plan, sessions, System::nanoTime);
        @Nullable Waiting waiting = null;
        boolean connected = false;
        try {
            for (int wanted = dialing.step(); wanted != 0; wanted = dialing.step()) {
                SocketChannel channel = dialing.channel();
                if (waiting == null || waiting.channel() != channel) {
                    closeQuietly(waiting);
                    waiting = new Waiting(channel, waits);
                }
                await(waiting, wanted, dialing);
            }
            connected = true;
            return dialing.result();
        } catch (HookFailedException e) {
            throw e.rethrow();
        } finally {
            if (!connected) {
                closeQuietly(waiting);
                dialing.close();
            } else if (waiting != null) {
                waiting.handOver();
            }
        }
    }

    private static void await(Waiting waiting, int wanted, Dialing dialing) {
        try {
            switch (waiting.await(wanted, dialing.deadline())) {
                case READY -> {}
                case TIMEOUT -> dialing.timedOut();
                case INTERRUPTED -> {
                    Thread.currentThread().interrupt();
                    throw new InterruptedWaitException(Delivery.NOT_SENT, null);
                }
            }
        } catch (IOException e) {
            dialing.failed(e);
        }
    }

    private static void closeQuietly(@Nullable Waiting waiting) {
        if (waiting != null) {
            waiting.close();
        }
    }
}
