package dev.howdah;

import dev.howdah.event.QueryEvent.Kind;
import dev.howdah.pump.CallLimits;
import dev.howdah.pump.Lease;
import dev.howdah.pump.Occupant;
import dev.howdah.pump.ReplicationHost;
import dev.howdah.session.Conversation;
import dev.howdah.session.Session;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The connection as a replication stream of it sees it. */
final class ConnectionReplication implements ReplicationHost {

    private static final @Nullable Object[] NO_PARAMETERS = {};

    private final Core core;
    private final CallLimits limits;

    ConnectionReplication(Core core, CallLimits limits) {
        this.core = core;
        this.limits = limits;
    }

    @Override
    public Session session() {
        return core.session();
    }

    @Override
    public CallLimits limits() {
        return limits;
    }

    @Override
    public boolean isWalSender() {
        return core.isWalSender();
    }

    @Override
    public void take(Lease lease, Occupant holder, CallLimits within) {
        lease.heldBy(holder);
        core.pump().leases().grant(lease, within);
    }

    @Override
    public void streams() {
        core.noteStream();
    }

    @Override
    public boolean hasStreamed() {
        return core.hasStreamed();
    }

    @Override
    public void giveBack(Lease lease) {
        core.pump().leases().end(lease);
    }

    @Override
    public <R> R run(Conversation<R> step, CallLimits within) {
        return core.pump().run(step, within);
    }

    @Override
    public void watch(boolean wanted) {
        core.events().waiting(wanted ? 1 : -1);
    }

    @Override
    public boolean isWatchable() {
        return core.events().canWait();
    }

    @Override
    public boolean mayPark() {
        return core.pump().mayPark();
    }

    @Override
    public void hear() {
        core.pump().hear();
    }

    @Override
    public void nudge() {
        core.pump().nudge();
    }

    @Override
    public void cancel() {
        core.cancel();
    }

    @Override
    public void lose(IOException cause, Lease lease) {
        core.pump().lose(cause, CallLimits.CLEANUP.under(lease));
    }

    @Override
    public @Nullable Log log() {
        QueryLog.Watch watch = core.log().watch();
        return watch == null
                ? null
                : (command, messages, failure) ->
                        watch.tell(Kind.REPLICATION, command, NO_PARAMETERS, 0, null, messages, failure);
    }
}
