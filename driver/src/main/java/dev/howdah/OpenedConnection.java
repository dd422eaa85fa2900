package dev.howdah;

/** What a connection is made of, for the constructors of {@link PgConnection} and its subclasses. */
public final class OpenedConnection {

    private final Core core;
    private final ConnectionInfo info;
    private final ConnectOptions options;
    private final Events events;

    OpenedConnection(Core core, ConnectionInfo info, ConnectOptions options, Events events) {
        this.core = core;
        this.info = info;
        this.options = options;
        this.events = events;
        events.opened(core);
    }

    Core core() {
        return core;
    }

    ConnectionInfo info() {
        return info;
    }

    ConnectOptions options() {
        return options;
    }

    Events events() {
        return events;
    }
}
