package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.sql.Sql;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rows for subscribers of an asynchronous connection: in their turn, and as they ask for them. */
@SuppressWarnings("FutureReturnValueIgnored") // what a stage tells is often told by the next one
class AsyncPublisherIT extends AsyncContract {

    private static final String SERIES = "select generate_series(1, $1::int) as g";

    record Item(int g) {}

    private static List<Integer> numbers(int first, int last) {
        return IntStream.rangeClosed(first, last).boxed().toList();
    }

    private static List<Integer> all(Flow.Publisher<Row> publisher) throws Exception {
        return CollectingSubscriber.all(publisher).stream()
                .map(row -> row.getInt(0))
                .toList();
    }

    @Test
    void allRowsComeInEachForm() throws Exception {
        for (int page : new int[] {1, 3, 10, 100}) {
            assertThat(all(async.publish(SERIES, page, 10))).isEqualTo(numbers(1, 10));
        }
        Sql composed = Sql.named("select generate_series(1, :last::int) as g").bind("last", 3);
        assertThat(all(async.publish(composed, 2))).isEqualTo(numbers(1, 3));
        assertThat(CollectingSubscriber.all(async.publish(SERIES, 2, Item.class, 2)))
                .containsExactly(new Item(1), new Item(2));
        assertThat(CollectingSubscriber.all(async.publish(composed, 2, Integer.class)))
                .isEqualTo(numbers(1, 3));
        AsyncPreparedQuery query = got(async.prepare(SERIES));
        Flow.Publisher<Row> prepared = query.publish(2, 5);
        assertThat(all(prepared)).isEqualTo(numbers(1, 5));
        assertThat(CollectingSubscriber.all(query.publish(2, Integer.class, 3))).isEqualTo(numbers(1, 3));
        query.close();
        assertThat(CollectingSubscriber.of(prepared, 1).error()).isInstanceOf(IllegalStateException.class);
        assertThat(CollectingSubscriber.of(async.publish("selec", 1), 1).error())
                .isInstanceOf(dev.howdah.error.SyntaxErrorException.class);
    }

    @Test
    void aSubscribersQueryHasItsPlaceInTheOrderFromItsFirstRequestOn() throws Exception {
        got(async.execute("create temp table ordered (x int); insert into ordered values (1)"));
        Flow.Publisher<Row> count = async.publish("select count(*)::int from ordered", 10);
        CollectingSubscriber<Row> asksLater = CollectingSubscriber.of(count, 0);
        CompletableFuture<Void> release = occupy(async);
        async.execute("insert into ordered values (2)");
        CollectingSubscriber<Row> between = CollectingSubscriber.of(count, 1);
        awaitPending(2);
        async.execute("insert into ordered values (3)");
        awaitPending(3);
        asksLater.request(1);
        awaitPending(4);
        CompletableFuture<Result> last = async.execute("insert into ordered values (4)");
        release.complete(null);
        assertThat(between.next().getInt(0)).isEqualTo(2);
        assertThat(asksLater.next().getInt(0)).isEqualTo(3);
        got(last);
    }

    private void awaitPending(int count) {
        dev.howdah.testkit.Await.until("it has its place", PATIENCE, () -> async.pending() == count);
    }

    @Test
    void outsideATransactionOthersWaitForTheLastPage() throws Exception {
        CollectingSubscriber<Row> rows = CollectingSubscriber.of(async.publish(SERIES, 2, 10), 1);
        rows.next();
        CompletableFuture<Integer> other = async.queryValue("select 7", Integer.class);
        rows.request(5);
        for (int i = 2; i <= 6; i++) {
            assertThat(rows.next().getInt(0)).isEqualTo(i);
        }
        assertThat(other).isNotDone();
        rows.request(3);
        for (int i = 7; i <= 9; i++) {
            rows.next();
        }
        rows.request(1);
        rows.awaitEnd();
        assertThat(got(other)).isEqualTo(7);
        CollectingSubscriber<Row> lastPage = CollectingSubscriber.of(async.publish(SERIES, 10, 7), 1);
        lastPage.next();
        assertThat(got(async.queryValue("select 1", Integer.class))).isEqualTo(1);
        assertThat(lastPage.hasEnded()).isFalse();
        lastPage.request(6);
        lastPage.awaitEnd();
    }

    @Test
    void aSlowSubscriberKeepsOthersFromNothingButTheirTurn() throws Exception {
        CollectingSubscriber<Row> slow = CollectingSubscriber.of(async.publish(SERIES, 2, 10), 1);
        slow.next();
        QueryTimeoutException expired = failure(
                QueryTimeoutException.class,
                async.withTimeout(Duration.ofMillis(50)).query("select 1"));
        assertThat(expired.delivery()).isEqualTo(Delivery.NOT_SENT);
        CompletableFuture<Rows> cancelled = async.query("select 2");
        assertThat(cancelled.cancel(true)).isTrue();
        CollectingSubscriber<Row> second =
                CollectingSubscriber.of(async.withTimeout(Duration.ofMillis(50)).publish(SERIES, 2, 1), 1);
        assertThat(second.error()).isInstanceOf(QueryTimeoutException.class);
        CollectingSubscriber<Row> third = CollectingSubscriber.of(async.publish(SERIES, 2, 1), 1);
        awaitPending(1);
        third.cancel();
        awaitPending(0);
        CompletableFuture<Rows> waits = async.query("select 3");
        slow.cancel();
        got(waits);
        assertThat(third.waiting()).isZero();
        assertThat(third.hasEnded()).isFalse();
    }

    @Test
    void closingAnswersSubscribersToo() throws Exception {
        CollectingSubscriber<Row> slow = CollectingSubscriber.of(async.publish(SERIES, 2, 10), 1);
        slow.next();
        CollectingSubscriber<Row> waits = CollectingSubscriber.of(async.publish(SERIES, 2, 10), 1);
        awaitPending(1);
        CompletableFuture<Rows> behind = async.query("select 1");
        CollectingSubscriber<Row> never = CollectingSubscriber.of(async.publish(SERIES, 2, 10), 0);
        got(async.close(Duration.ofMillis(100)));
        assertThat(slow.error()).isInstanceOf(ConnectionClosedException.class);
        assertThat(waits.error()).isInstanceOf(ConnectionClosedException.class);
        assertThat(never.error()).isInstanceOf(ConnectionClosedException.class);
        failure(ConnectionClosedException.class, behind);
        assertThat(CollectingSubscriber.of(async.publish(SERIES, 2, 10), 1).error())
                .isInstanceOf(ConnectionClosedException.class);
        expectEnd(async);
    }

    @Test
    void closingLetsASubscriberThatTakesItsRowsHaveThem() throws Exception {
        CollectingSubscriber<Row> rows = CollectingSubscriber.of(async.publish(SERIES, 2, 9), 3);
        rows.next();
        CompletableFuture<Integer> behind = async.queryValue("select 1", Integer.class);
        CompletableFuture<Void> closed = async.close();
        rows.request(Long.MAX_VALUE);
        rows.awaitEnd();
        assertThat(rows.waiting()).isEqualTo(8);
        assertThat(got(behind)).isEqualTo(1);
        got(closed);
        expectEnd(async);
    }

    @Test
    void aLossIsToldToWhoAsksForNothing() throws Exception {
        CollectingSubscriber<Row> rows = CollectingSubscriber.of(async.publish(SERIES, 2, 10), 1);
        rows.next();
        CompletableFuture<Rows> behind = async.query("select 1");
        database()
                .server()
                .execute("select pg_terminate_backend(" + async.info().backendPid() + ")");
        assertThat(rows.error()).isInstanceOf(ConnectionLostException.class);
        assertThat(failure(ConnectionLostException.class, behind).delivery()).isEqualTo(Delivery.NOT_SENT);
        expectEnd(async);
    }

    @Test
    void insideATransactionItBelongsToThatAndOthersRunBetweenThePages() throws Exception {
        AsyncTransaction tx = got(async.begin());
        got(tx.execute(
                "create temp table inside (x int) on commit drop; insert into inside select generate_series(1, 9)"));
        CollectingSubscriber<Row> rows = CollectingSubscriber.of(tx.publish("select x from inside order by x", 2), 3);
        CollectingSubscriber<Row> more = CollectingSubscriber.of(tx.publish(SERIES, 3, 10), 3);
        CollectingSubscriber<Row> outside =
                CollectingSubscriber.of(async.publish("select to_regclass('pg_temp.inside')::text is null", 1), 1);
        for (int i = 1; i <= 3; i++) {
            assertThat(rows.next().getInt(0)).isEqualTo(i);
            got(tx.execute("insert into inside values ($1)", 100 + i));
            assertThat(more.next().getInt(0)).isEqualTo(i);
        }
        assertThat(outside.waiting()).isZero();
        rows.request(Long.MAX_VALUE);
        more.request(Long.MAX_VALUE);
        rows.awaitEnd();
        more.awaitEnd();
        assertThat(rows.waiting()).isEqualTo(6);
        Flow.Publisher<Row> late = tx.publish(SERIES, 3, 10);
        AsyncTransaction inner = got(tx.begin());
        assertThat(all(inner.publish("select count(*)::int from inside", 1))).containsExactly(12);
        got(inner.commit());
        got(tx.commit());
        assertThat(outside.next().getBoolean(0)).isTrue();
        assertThat(CollectingSubscriber.of(late, 1).error())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has ended");
    }

    @Test
    void aSubscriberInATransactionMayUseItAndWaitForThat() throws Exception {
        got(async.execute("create temp table doubled (x int)"));
        AsyncTransaction tx = got(async.begin());
        CollectingSubscriber<Row> rows = new CollectingSubscriber<>(row ->
                tx.execute("insert into doubled values ($1)", 2 * row.getInt(0)).join());
        tx.publish(SERIES, 2, 7).subscribe(rows);
        rows.request(Long.MAX_VALUE);
        rows.awaitEnd();
        got(tx.commit());
        assertThat(got(async.queryValue("select sum(x) from doubled", Long.class)))
                .isEqualTo(56);
        got(async.setAutocommit(false));
        CollectingSubscriber<Row> implicit = CollectingSubscriber.of(async.publish(SERIES, 2, 7), 1);
        implicit.next();
        assertThat(got(async.queryValue("select 1", Integer.class))).isEqualTo(1);
        implicit.request(10);
        implicit.awaitEnd();
        got(async.commit());
        got(async.setAutocommit(true));
    }

    @Test
    void cancelsAreHeededWhereverTheyMeetIt() throws Exception {
        int rounds = place.amount(100, 20);
        for (int i = 0; i < rounds; i++) {
            CollectingSubscriber<Row> rows = CollectingSubscriber.of(async.publish(SERIES, 2, 50), 1 + i % 7);
            CompletableFuture<Integer> next = async.queryValue("select $1::int", Integer.class, i);
            if (i % 2 == 0) {
                TimeUnit.MICROSECONDS.sleep(100L * (i % 9));
            }
            rows.cancel();
            assertThat(got(next)).isEqualTo(i);
        }
    }
}
