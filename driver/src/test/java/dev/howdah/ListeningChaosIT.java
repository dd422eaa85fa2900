package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.DataException;
import dev.howdah.event.Notification;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.TestDatabase;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/**
 * Listeners that many threads add and remove on one connection, in transactions and outside of them, which commit and do not, while
 * somebody disturbs: in the end the server listens on the channels of those that stay, and each of them hears.
 */
class ListeningChaosIT extends SharedChaosIT {

    private static final int CHANNELS = 6;
    private static final String LAST = "the last word";

    private final Map<Ears, String> staying = new ConcurrentHashMap<>();
    private final Map<Ears, String> gone = new ConcurrentHashMap<>();

    /** No listener stays where somebody resets, and who has come may not hear. */
    private volatile boolean resets;

    /** Keeps what it is told. */
    private static final class Ears implements NotificationListener {
        private final Set<String> heard = ConcurrentHashMap.newKeySet();

        @Override
        public void onNotification(PgConnection connection, Notification notification) {
            heard.add(notification.payload());
        }
    }

    @Override
    List<Deed<PgConnection>> deeds() {
        return List.of(
                this::asks,
                this::asks,
                this::notifies,
                this::comes,
                this::comes,
                this::passesBy,
                this::passesBy,
                this::leaves,
                this::comesInATransaction,
                this::comesInATransaction,
                this::comesInASavepoint,
                this::comesInAFailedTransaction,
                this::leavesInATransaction,
                this::isForgotten);
    }

    private static String channel(Random random) {
        return "c" + random.nextInt(CHANNELS);
    }

    private void asks(PgConnection db, Random random) {
        int x = random.nextInt();
        assertThat(db.queryValue("select $1::int", Integer.class, x)).isEqualTo(x);
    }

    private void notifies(PgConnection db, Random random) {
        db.query("select pg_notify($1, 'something')", channel(random));
    }

    private void comes(PgConnection db, Random random) {
        Ears ears = new Ears();
        String channel = channel(random);
        try {
            db.addListener(channel, ears);
            staying.put(ears, channel);
        } catch (RuntimeException e) {
            gone.put(ears, channel);
            throw e;
        }
    }

    private void passesBy(PgConnection db, Random random) {
        Ears ears = new Ears();
        String channel = channel(random);
        gone.put(ears, channel);
        db.addListener(channel, ears);
        try {
            if (!resets && random.nextBoolean()) {
                db.query("select pg_notify($1, 'hello')", channel);
                Await.until("it hears", PATIENCE, () -> ears.heard.contains("hello"));
            }
        } finally {
            db.removeListener(channel, ears);
        }
    }

    private void leaves(PgConnection db, Random random) {
        Ears ears = staying.keySet().stream().findAny().orElseGet(Ears::new);
        String channel = staying.remove(ears);
        if (channel != null) {
            gone.put(ears, channel);
            db.removeListener(channel, ears);
        }
    }

    private void comesInATransaction(PgConnection db, Random random) {
        Ears ears = new Ears();
        String channel = channel(random);
        boolean commits = random.nextBoolean();
        boolean committed = false;
        try (Transaction tx = db.begin()) {
            db.addListener(channel, ears);
            db.query("select 1");
            if (commits) {
                tx.commit();
                committed = true;
            }
        } finally {
            settle(db, channel, ears, committed);
        }
    }

    /** What was not committed may hear all the same, where the server had listened before: it is taken away. */
    private void settle(PgConnection db, String channel, Ears ears, boolean committed) {
        if (committed) {
            staying.put(ears, channel);
        } else {
            gone.put(ears, channel);
            db.removeListener(channel, ears);
        }
    }

    private void comesInASavepoint(PgConnection db, Random random) {
        Ears outer = new Ears();
        Ears inner = new Ears();
        String one = channel(random);
        String other = channel(random);
        boolean keeps = random.nextBoolean();
        boolean committed = false;
        try (Transaction tx = db.begin()) {
            if (random.nextBoolean()) {
                db.addListener(one, outer);
            }
            try (Transaction nested = db.begin()) {
                db.addListener(other, inner);
                if (keeps) {
                    nested.commit();
                }
            }
            db.addListener(one, outer);
            db.removeListener(one, outer);
            tx.commit();
            committed = true;
        } finally {
            db.removeListener(one, outer);
            gone.put(outer, one);
            settle(db, other, inner, committed && keeps);
        }
    }

    private void comesInAFailedTransaction(PgConnection db, Random random) {
        Ears ears = new Ears();
        String channel = channel(random);
        try (Transaction tx = db.begin()) {
            db.addListener(channel, ears);
            db.query("select 1 / 0");
            tx.commit();
            throw new AssertionError("a division by zero gave something");
        } catch (DataException e) {
            assertThat(e.sqlState().code()).isEqualTo("22012");
        } finally {
            settle(db, channel, ears, false);
        }
    }

    private void leavesInATransaction(PgConnection db, Random random) {
        try (Transaction tx = db.begin()) {
            leaves(db, random);
            if (random.nextBoolean()) {
                tx.commit();
            }
        }
    }

    /** What a program does that knows nothing of listeners. */
    private void isForgotten(PgConnection db, Random random) {
        switch (random.nextInt(4)) {
            case 0 -> db.execute("unlisten *");
            case 1 -> db.execute("discard all");
            case 2 -> db.script("begin; unlisten *; rollback");
            default -> db.script("begin; unlisten *; commit");
        }
    }

    @Override
    void assertUsable(PgConnection db) {
        if (resets) {
            db.reset();
            gone.putAll(staying);
            staying.clear();
        }
        Set<String> expected = new HashSet<>(staying.values());
        db.query("select 1");
        assertThat(Set.copyOf(db.query("select pg_listening_channels()").values(String.class)))
                .isEqualTo(expected);
        for (int i = 0; i < CHANNELS; i++) {
            db.query("select pg_notify($1, $2)", "c" + i, LAST);
        }
        staying.forEach((ears, channel) ->
                Await.until("who stays on " + channel + " hears", PATIENCE, () -> ears.heard.contains(LAST)));
        assertThat(gone.keySet()).noneMatch(ears -> ears.heard.contains(LAST));
    }

    @Test
    @Override
    void whileSomebodyResets(TestDatabase database) throws Exception {
        resets = true;
        super.whileSomebodyResets(database);
    }
}
