package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.PollState;
import dev.howdah.Polled;
import dev.howdah.PollingConnection;
import dev.howdah.Rows;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Many polling connections on one selector, driven by one thread. */
public final class PollingMany {

    private static final int CONNECTIONS = 10;

    private PollingMany() {}

    // @start region=client
    /** A connection, and how far its work has come. */
    private static final class Client {
        private final PollingConnection db;
        private final int number;
        private @Nullable Polled<Rows> query;
        private @Nullable SelectionKey key;

        Client(String conninfo, int number) {
            this.db = Howdah.connectPolling(conninfo);
            this.number = number;
        }

        void goOn(Selector selector) throws IOException {
            PollState state = db.poll();
            if (state == PollState.OK && query == null) { // it has connected
                query = db.query("select pg_sleep(0.1), $1::int as n", number);
                state = db.poll();
            }
            if (key != null && key.channel() != db.channel()) {
                key.cancel(); // while connecting the channel may change
            }
            key = db.channel().register(selector, state.interestOps(), this);
        }

        boolean isBusy() {
            return query == null || !query.isDone();
        }

        boolean isLate() {
            Duration deadline = db.nextDeadline();
            return isBusy() && deadline != null && deadline.isZero();
        }

        int result() {
            return Objects.requireNonNull(query).result().one().getInt("n");
        }
    }
    // @end

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) throws IOException {
        String conninfo = args.length > 0 ? args[0] : "";
        List<Client> clients = IntStream.range(0, CONNECTIONS)
                .mapToObj(number -> new Client(conninfo, number))
                .toList();
        // @start region=loop
        try (Selector selector = Selector.open()) {
            for (Client client : clients) {
                client.goOn(selector);
            }
            while (clients.stream().anyMatch(Client::isBusy)) {
                selector.select(100); // a timeout is noticed that late at most
                for (SelectionKey key : selector.selectedKeys()) {
                    ((Client) key.attachment()).goOn(selector);
                }
                selector.selectedKeys().clear();
                for (Client client : clients) {
                    if (client.isLate()) {
                        client.goOn(selector);
                    }
                }
            }
        }
        // @end
        System.out.println(clients.stream().map(Client::result).toList());
        clients.forEach(client -> client.db.close());
    }
}
