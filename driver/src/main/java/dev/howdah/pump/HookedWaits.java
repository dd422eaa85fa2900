package dev.howdah.pump;

import java.nio.channels.SelectableChannel;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits by a hook, as long as there is one. */
public final class HookedWaits implements Waits {

    private final Supplier<@Nullable WaitHook> hook;

    /**
     * Makes one.
     *
     * @param hook is asked before each wait; null for the usual way
     */
    public HookedWaits(Supplier<@Nullable WaitHook> hook) {
        this.hook = hook;
    }

    @Override
    public boolean apply() {
        return hook.get() != null;
    }

    @Override
    public Waiter waiterFor(SelectableChannel channel) {
        return new HookedWaiter(channel, hook);
    }

    /** A cancel request is short, and may be asked for within the hook. */
    @Override
    public Waits whileCancelling() {
        return USUAL;
    }
}
