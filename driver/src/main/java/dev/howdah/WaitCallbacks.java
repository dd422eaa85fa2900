package dev.howdah;

import dev.howdah.pump.HookedWaits;
import dev.howdah.pump.PendingWait;
import dev.howdah.pump.WaitHook;
import dev.howdah.pump.Waits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The callback of the process, and how callbacks become what the pump waits with. */
final class WaitCallbacks {

    private static volatile @Nullable WaitCallback ofProcess;

    private WaitCallbacks() {}

    static void setOfProcess(@Nullable WaitCallback callback) {
        ofProcess = callback;
    }

    static @Nullable WaitCallback ofProcess() {
        return ofProcess;
    }

    /** Returns how to wait for a connection with these options. */
    static Waits of(ConnectOptions options) {
        WaitCallback own = options.waitCallback();
        if (own != null) {
            WaitHook hook = hook(own);
            return new HookedWaits(() -> hook);
        }
        return new HookedWaits(() -> {
            WaitCallback current = ofProcess;
            return current == null ? null : hook(current);
        });
    }

    private static WaitHook hook(WaitCallback callback) {
        return wait -> callback.await(new View(wait));
    }

    /** Returns how long it is until a point in time. */
    static @Nullable Duration until(long deadline) {
        return deadline == Long.MAX_VALUE ? null : Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    /** A wait of the pump's, as callbacks see it. */
    static final class View implements Pollable {
        private final PendingWait wait;

        private View(PendingWait wait) {
            this.wait = wait;
        }

        @Override
        public PollState poll() {
            try {
                return PollState.of(wait.poll());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public SelectableChannel channel() {
            return wait.channel();
        }

        @Override
        public @Nullable Duration nextDeadline() {
            return until(wait.deadline());
        }

        /** Waits in the selector of the connection. */
        void select() {
            try {
                wait.select();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
