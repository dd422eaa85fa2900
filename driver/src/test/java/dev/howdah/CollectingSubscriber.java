package dev.howdah;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Keeps what it is given, and asks for more only when it is told to. */
public final class CollectingSubscriber<T> implements Flow.Subscriber<T> {

    private static final long PATIENCE_SECONDS = 60;

    private final BlockingQueue<T> items = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private final Consumer<T> action;

    /** Makes one that has not subscribed. */
    public CollectingSubscriber() {
        this(item -> {});
    }

    /** Does something with each item first, on the thread that gives it. */
    public CollectingSubscriber(Consumer<T> action) {
        this.action = action;
    }

    /** Subscribes a new one and asks for that many. */
    public static <T> CollectingSubscriber<T> of(Flow.Publisher<T> publisher, long demand) {
        CollectingSubscriber<T> subscriber = new CollectingSubscriber<>();
        publisher.subscribe(subscriber);
        if (demand > 0) {
            subscriber.request(demand);
        }
        return subscriber;
    }

    /** Returns everything that a publisher gives. */
    public static <T> List<T> all(Flow.Publisher<T> publisher) throws Exception {
        CollectingSubscriber<T> subscriber = of(publisher, Long.MAX_VALUE);
        subscriber.awaitEnd();
        return new ArrayList<>(subscriber.items);
    }

    /** Asks for more. */
    public void request(long count) {
        subscription.join().request(count);
    }

    /** Cancels the subscription. */
    public void cancel() {
        subscription.join().cancel();
    }

    /** Takes the next item when it has come. */
    public T next() throws InterruptedException {
        T item = items.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (item == null) {
            throw new AssertionError("nothing came" + (end.isDone() ? ", and nothing more will" : ""));
        }
        return item;
    }

    /** Returns how many items have come and have not been taken. */
    public int waiting() {
        return items.size();
    }

    /** Returns whether the last signal has come. */
    public boolean hasEnded() {
        return end.isDone();
    }

    /** Waits for the end; throws what came as an error. */
    public void awaitEnd() throws InterruptedException, TimeoutException {
        try {
            end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        }
    }

    /** Waits for the error. */
    public Throwable error() throws InterruptedException, TimeoutException {
        try {
            end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return e.getCause();
        }
        throw new AssertionError("it ended without an error");
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription.complete(given);
    }

    @Override
    public void onNext(T item) {
        action.accept(item);
        items.add(item);
    }

    @Override
    public void onError(Throwable failure) {
        end.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        end.complete(null);
    }
}
