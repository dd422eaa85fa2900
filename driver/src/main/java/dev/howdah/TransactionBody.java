package dev.howdah;

/**
 * Work to be done in a transaction. It may be run several times, each time in a transaction of its own, so it should do
 * nothing outside the database that cannot be repeated.
 *
 * @param <T> what it yields
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface TransactionBody<T, X extends Exception> {

    /** Does the work; when it returns, the transaction is committed, when it throws, rolled back. */
    T run(Transaction transaction) throws X;
}
