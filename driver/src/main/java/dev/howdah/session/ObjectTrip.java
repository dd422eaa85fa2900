package dev.howdah.session;

import org.jspecify.annotations.Nullable;

/** Sends what a call on a large object has encoded, and waits for what it wants. */
final class ObjectTrip implements Conversation<Boolean> {

    private final ObjectPipe pipe;
    private final ObjectWork work;
    private boolean begun;

    ObjectTrip(ObjectPipe pipe, ObjectWork work) {
        this.pipe = pipe;
        this.work = work;
    }

    @Override
    public @Nullable Exchange<?> next() {
        if (!begun) {
            begun = true;
            pipe.pursue(work);
        }
        if (!pipe.isReached() && pipe.isQuiet() && !pipe.isUnfinished()) {
            work.feed();
        }
        return pipe.isReached() || pipe.isQuiet() ? null : pipe.flight();
    }

    @Override
    public void feed() {
        work.feed();
        pipe.sync();
    }

    @Override
    public Boolean result() {
        pipe.pursue(null);
        return true;
    }
}
