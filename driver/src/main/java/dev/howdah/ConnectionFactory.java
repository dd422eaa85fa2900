package dev.howdah;

/**
 * Makes a connection object of your own from a connection that has been made.
 *
 * @param <C> your subclass of {@link PgConnection}
 */
@FunctionalInterface
public interface ConnectionFactory<C extends PgConnection> {

    /** Makes the object, usually by calling the constructor with this parameter. */
    C create(OpenedConnection opened);
}
