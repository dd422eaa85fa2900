package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.Diagnostics;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.event.Notice;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What the server remarks comes at once, with all its fields, in order. */
class LogListenerIT extends DriverContract {

    @Override
    boolean hearsWhileIdle() {
        return true;
    }

    private final BlockingQueue<Notice> notices = new LinkedBlockingQueue<>();

    private Notice next() throws InterruptedException {
        Notice next = notices.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    private static String raise(String what) {
        return "do $$ begin raise " + what + "; end $$";
    }

    @Test
    void aNoticeHasAllItsFields() throws Exception {
        db.addLogListener(notices::add);
        db.execute(raise("warning 'the message' using detail = 'the detail', hint = 'the hint', errcode = 'W1234',"
                + " table = 'the_table'"));
        Notice notice = next();
        assertThat(notice.severity()).isEqualTo("WARNING");
        assertThat(notice.message()).isEqualTo("the message");
        assertThat(notice.detail()).isEqualTo("the detail");
        assertThat(notice.hint()).isEqualTo("the hint");
        assertThat(notice.sqlState()).isEqualTo(SqlState.of("W1234"));
        assertThat(notice.context()).contains("PL/pgSQL function inline_code_block line 1 at RAISE");
        assertThat(notice.position()).isZero();
        assertThat(notice.diagnostics().tableName()).isEqualTo("the_table");
        assertThat(notice).hasToString("WARNING: the message (detail: the detail; hint: the hint)");
        db.execute(raise("notice 'short'"));
        assertThat(next()).hasToString("NOTICE: short");
        Diagnostics positioned =
                Diagnostics.builder().put('M', "there").put('P', "7").build();
        assertThat(new Notice(positioned).position()).isEqualTo(7);
    }

    @Test
    void allSeveritiesThatTheClientAsksForCome() throws Exception {
        db.addLogListener(notices::add);
        db.execute("set client_min_messages = debug1");
        for (String severity : List.of("warning", "notice", "info", "log", "debug")) {
            db.execute(raise(severity + " 'from the test'"));
            Notice notice = next();
            while (!notice.message().equals("from the test")) {
                // The server has remarks of its own at this level.
                notice = next();
            }
            assertThat(notice.severity()).startsWithIgnoringCase(severity);
        }
        db.execute("set client_min_messages = error");
        db.execute(raise("warning 'not asked for'"));
        db.execute(raise("info 'always'"));
        while (!next().message().equals("always")) {
            assertThat(notices).extracting(Notice::message).doesNotContain("not asked for");
        }
        db.execute("reset client_min_messages");
    }

    @Test
    void comesAlsoWhenTheStatementFailsAndErrorsDoNot() throws Exception {
        db.addLogListener(notices::add);
        thrown(ServerException.class, () -> db.execute("do $$ begin raise notice 'before'; perform 1/0; end $$"));
        assertThat(next().message()).isEqualTo("before");
        db.execute(raise("notice 'after'"));
        assertThat(next().message()).isEqualTo("after");
    }

    @Test
    void comesWhileTheStatementRuns() throws Exception {
        CountDownLatch heard = new CountDownLatch(1);
        db.addLogListener(notice -> heard.countDown());
        var running = elsewhere(() -> db.execute("do $$ begin raise notice 'now'; perform pg_sleep(60); end $$"));
        assertThat(heard.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(running.isDone()).isFalse();
        db.cancel();
        thrown(Exception.class, () -> result(running));
    }

    @Test
    void keepsItsPlaceAmongNotifications() throws Exception {
        BlockingQueue<String> all = new LinkedBlockingQueue<>();
        db.addLogListener(notice -> all.add(notice.message()));
        db.addListener("c", (on, notification) -> all.add(notification.payload()));
        for (int i = 0; i < 50; i++) {
            db.execute(raise("notice 'notice " + i + "'"));
            db.execute("notify c, 'notification " + i + "'");
        }
        for (int i = 0; i < 50; i++) {
            assertThat(all.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("notice " + i);
            assertThat(all.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("notification " + i);
        }
    }

    @Test
    void theLastFiftyAreKept() {
        db.execute("do $$ begin for i in 1..70 loop raise notice '%', i; end loop; end $$");
        List<Notice> kept = db.notices();
        assertThat(kept).hasSize(50);
        assertThat(kept.getFirst().message()).isEqualTo("21");
        assertThat(kept.getLast().message()).isEqualTo("70");
    }

    @Test
    void aFloodIsBoundedAndHurtsNobody() throws Exception {
        PgConnection small = connect(options().toBuilder().notificationQueue(10).build());
        CountDownLatch release = new CountDownLatch(1);
        small.addLogListener(notice -> {
            try {
                if (release.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    notices.add(notice);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        small.execute("do $$ begin for i in 1..5000 loop raise notice '%', i; end loop; end $$");
        release.countDown();
        for (int i = 1; i <= 10; i++) {
            assertThat(next().message()).isEqualTo(Integer.toString(i));
        }
        assertThat(small.notices().getLast().message()).isEqualTo("5000");
    }

    @Test
    void whoIsRemovedHearsNoMoreAndWhoThrowsHurtsNobody() throws Exception {
        Consumer<Notice> removed = notice -> {
            throw new AssertionError("it was removed");
        };
        db.addLogListener(removed);
        db.removeLogListener(removed);
        db.addLogListener(notice -> {
            throw new IllegalStateException("thrown on purpose by a test");
        });
        db.addLogListener(notices::add);
        db.execute(raise("notice 'heard'"));
        assertThat(next().message()).isEqualTo("heard");
    }
}
