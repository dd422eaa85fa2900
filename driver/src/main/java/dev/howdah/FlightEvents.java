package dev.howdah;

import dev.howdah.error.PasswordMask;
import dev.howdah.error.ServerException;
import dev.howdah.event.QueryEvent;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/**
 * What the JDK's flight recorder is told. No parameter and no payload is in it, and passwords in the text of statements are
 * hidden. Nothing is made while no recording wants it.
 */
final class FlightEvents {

    private FlightEvents() {}

    private static @Nullable String sqlState(@Nullable Throwable exception) {
        return exception instanceof ServerException refused ? refused.sqlState().code() : null;
    }

    private static @Nullable String name(@Nullable Throwable exception) {
        return exception == null ? null : exception.getClass().getName();
    }

    /** An operation on a connection. */
    @Name("dev.howdah.Query")
    @Label("Query")
    @Category({"Howdah", "PostgreSQL"})
    @Description("An operation on a PostgreSQL connection, waiting for its turn included")
    static final class Query extends Event {

        /** Is asked, never committed. */
        private static final Query ASKED = new Query();

        @Label("Kind")
        @Nullable
        String kind;

        @Label("SQL")
        @Description("The text with passwords hidden and without the values of parameters")
        @Nullable
        String sql;

        @Label("Sets of Parameters")
        int sets;

        @Label("Rows")
        @Description("Returned or affected; -1 if not known")
        long rows;

        @Label("Exception")
        @Nullable
        String exception;

        @Label("SQLSTATE")
        @Nullable
        String sqlState;

        static boolean isOn() {
            return ASKED.isEnabled();
        }

        /** Commits it if a recording wants one that took so long. */
        void commit(QueryEvent.Kind what, String text, int setsTaken, long rowCount, @Nullable Throwable failure) {
            if (shouldCommit()) {
                kind = what.name();
                sql = PasswordMask.apply(text);
                sets = setsTaken;
                rows = rowCount;
                exception = name(failure);
                sqlState = FlightEvents.sqlState(failure);
                commit();
            }
        }
    }

    /** An attempt to connect, which may have tried several hosts. */
    @Name("dev.howdah.Connect")
    @Label("Connect")
    @Category({"Howdah", "PostgreSQL"})
    @Description("Making a PostgreSQL connection, all hosts that were tried included")
    static final class Connect extends Event {

        @Label("Host")
        @Description("The one that was connected to; all that were given if it failed")
        @Nullable
        String host;

        @Label("Port")
        int port;

        @Label("Database")
        @Nullable
        String database;

        @Label("User")
        @Nullable
        String user;

        @Label("Backend PID")
        int backendPid;

        @Label("Exception")
        @Nullable
        String exception;

        /** Begins one; costs nothing while no recording wants it. */
        static Connect begun() {
            Connect event = new Connect();
            event.begin();
            return event;
        }

        void connected(ConnectionInfo info) {
            end();
            if (shouldCommit()) {
                host = info.host();
                port = info.port();
                database = info.dbname();
                user = info.user();
                backendPid = info.backendPid();
                commit();
            }
        }

        void failed(ConnectOptions options, Throwable failure) {
            end();
            if (shouldCommit()) {
                host = String.join(
                        ",",
                        options.hosts().stream()
                                .map(given -> String.valueOf(given.name()))
                                .toList());
                database = options.dbname();
                user = options.user();
                exception = name(failure);
                commit();
            }
        }
    }

    /** A notification that has arrived. */
    @Name("dev.howdah.Notification")
    @Label("Notification")
    @Category({"Howdah", "PostgreSQL"})
    @Description("A notification has arrived on a PostgreSQL connection")
    // Who happens to read it is of no interest.
    @StackTrace(false)
    static final class Arrival extends Event {

        private static final Arrival ASKED = new Arrival();

        @Label("Channel")
        @Nullable
        String channel;

        @Label("Sender's PID")
        int senderPid;

        @Label("Payload Length")
        @Description("In characters")
        int payloadLength;

        static void of(String channel, int senderPid, String payload) {
            if (ASKED.isEnabled()) {
                Arrival event = new Arrival();
                event.channel = channel;
                event.senderPid = senderPid;
                event.payloadLength = payload.length();
                event.commit();
            }
        }
    }
}
