package dev.howdah.session;

import org.jspecify.annotations.Nullable;

/**
 * A conversation that begins when nothing of a large object is under way: what has been written is sent, and all answers are
 * taken. If one of them is an error, that is kept for the object it is of, and the conversation finds its transaction failed.
 *
 * @param <R> what it yields
 */
final class BehindObjects<R> implements Conversation<R> {

    private final ObjectPipe pipe;
    private final Conversation<R> inner;
    private boolean settled;

    BehindObjects(ObjectPipe pipe, Conversation<R> inner) {
        this.pipe = pipe;
        this.inner = inner;
    }

    @Override
    public @Nullable Exchange<?> next() {
        if (!settled && pipe.session().isOpen()) {
            pipe.flush();
            if (!pipe.isSettled()) {
                pipe.pursue(new All());
                return pipe.flight();
            }
        }
        if (!settled) {
            settled = true;
            pipe.pursue(null);
        }
        return inner.next();
    }

    @Override
    public void feed() {
        inner.feed();
    }

    @Override
    public R result() {
        return inner.result();
    }

    /** Waits for all answers. */
    private final class All implements ObjectWork {
        @Override
        public void feed() {}

        @Override
        public boolean isHungry() {
            return false;
        }

        @Override
        public boolean isReached() {
            return pipe.isQuiet();
        }
    }
}
