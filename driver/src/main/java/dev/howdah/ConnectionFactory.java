package dev.howdah;

/**
 * Makes a connection object of your own from a connection that has been made.
 *
 * @param <C> your subclass of {@link PgConnection}
 */
@FunctionalInterface
public interface ConnectionFactory<C extends PgConnection> {

    /** Returns the options to connect with instead of those that were given; the same unless the class needs others. */
    default ConnectOptions options(ConnectOptions given) {
        return given;
    }

    /** Makes the object, usually by calling the constructor with this parameter. */
    C create(OpenedConnection opened);
}
