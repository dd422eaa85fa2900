package dev.howdah.session;

import static dev.howdah.session.ByHand.IDLE;
import static dev.howdah.session.ByHand.INT4;
import static dev.howdah.session.ByHand.IN_TRANSACTION;
import static dev.howdah.session.ByHand.TEXT;
import static dev.howdah.session.ByHand.bytes;
import static dev.howdah.session.ByHand.columns;
import static dev.howdah.session.ByHand.error;
import static dev.howdah.session.ByHand.fatal;
import static dev.howdah.session.ByHand.joined;
import static dev.howdah.session.ByHand.notice;
import static dev.howdah.session.ByHand.parameter;
import static dev.howdah.session.ByHand.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConfigException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.IntegrityException;
import dev.howdah.error.PgException;
import dev.howdah.error.ProtocolException;
import dev.howdah.error.ServerException;
import dev.howdah.message.AuthenticationOk;
import dev.howdah.message.BackendKeyData;
import dev.howdah.message.BindComplete;
import dev.howdah.message.Bytes;
import dev.howdah.message.CloseComplete;
import dev.howdah.message.CommandComplete;
import dev.howdah.message.DataRow;
import dev.howdah.message.EmptyQueryResponse;
import dev.howdah.message.IntList;
import dev.howdah.message.Message;
import dev.howdah.message.NoData;
import dev.howdah.message.NotificationResponse;
import dev.howdah.message.ParameterDescription;
import dev.howdah.message.ParseComplete;
import dev.howdah.message.PortalSuspended;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One session driven by hand, byte by byte: no socket, no server, no thread. */
class SessionByHandTest {

    private static final Message[] STARTUP = {
        AuthenticationOk.INSTANCE,
        parameter("server_version", "18.1"),
        notice("welcome"),
        new BackendKeyData(42, Bytes.copyOf(new byte[] {1, 2, 3, 4})),
        IDLE
    };

    /** Every way to cut an answer in two, and every way to cut it into equal pieces, means the same. */
    private interface Talk {
        void run(ByHand hand, Feeder feeder);
    }

    private interface Feeder {
        void feed(ByHand hand, byte[] answer);
    }

    private static void inEveryPiece(int longest, Talk talk) {
        talk.run(new ByHand(), (hand, answer) -> hand.give(answer));
        for (int piece = 1; piece <= 7; piece++) {
            int size = piece;
            talk.run(new ByHand(), (hand, answer) -> hand.give(answer, size));
        }
        for (int cut = 1; cut < longest; cut++) {
            int at = cut;
            talk.run(new ByHand(), (hand, answer) -> {
                hand.give(Arrays.copyOf(answer, Math.min(at, answer.length)));
                hand.give(Arrays.copyOfRange(answer, Math.min(at, answer.length), answer.length));
            });
        }
    }

    private static void start(ByHand hand, Feeder feeder) {
        Startup startup = hand.startup();
        hand.session.submit(startup);
        assertThat(hand.take()).containsExactly("StartupMessage\t 3 0 \"user\" \"u\"");
        assertThat(startup.isDone()).isFalse();
        feeder.feed(hand, bytes(STARTUP));
        assertThat(startup.isDone()).isTrue();
        assertThat(startup.result()).isEqualTo(3 << 16);
        assertThat(hand.session.isOpen()).isTrue();
    }

    @Test
    void startsUp() {
        inEveryPiece(bytes(STARTUP).length, (hand, feeder) -> {
            start(hand, feeder);
            assertThat(hand.session.parameters()).containsEntry("server_version", "18.1");
            assertThat(hand.session.key()).isEqualTo(STARTUP[3]);
            assertThat(hand.notices).containsExactly(notice("welcome"));
            assertThat(hand.take()).isEmpty();
        });
    }

    @Test
    void aScriptGivesTheResultsOfAllItsStatements() {
        byte[] answer = bytes(
                columns(INT4, TEXT),
                row("1", "one"),
                notice("half way"),
                row("2", null),
                new CommandComplete("SELECT 2"),
                parameter("TimeZone", "UTC"),
                new CommandComplete("CREATE TABLE"),
                new NotificationResponse(9, "news", "x"),
                IN_TRANSACTION);
        inEveryPiece(answer.length, (hand, feeder) -> {
            start(hand, feeder);
            SimpleQuery query = new SimpleQuery("a; b", hand.statements, hand.statements.types());
            hand.session.submit(query);
            assertThat(hand.take()).containsExactly("Query\t \"a; b\"");
            feeder.feed(hand, answer);
            assertThat(query.isDone()).isTrue();
            List<QueryResult> results = query.result();
            assertThat(results).hasSize(2);
            assertThat(results.getFirst().rows().size()).isEqualTo(2);
            assertThat(results.getFirst().command()).isEqualTo(new CommandComplete("SELECT 2"));
            assertThat(results.getLast().shape()).isNull();
            assertThat(hand.session.transactionStatus()).isEqualTo(IN_TRANSACTION.status());
            assertThat(hand.session.parameters()).containsEntry("TimeZone", "UTC");
            assertThat(hand.notifications).containsExactly(new NotificationResponse(9, "news", "x"));
            assertThat(hand.notices).contains(notice("half way"));
        });
    }

    private static final byte[] DESCRIBED = bytes(
            ParseComplete.INSTANCE,
            new ParameterDescription(IntList.of(INT4)),
            notice("meanwhile"),
            columns(INT4),
            IDLE);
    private static final byte[] RAN = bytes(
            BindComplete.INSTANCE,
            new NotificationResponse(1, "c", ""),
            new DataRow(List.of(Bytes.copyOf(new byte[] {0, 0, 0, 42}))),
            parameter("a", "b"),
            new CommandComplete("SELECT 1"),
            IDLE);

    @Test
    void aQueryWithParametersIsPreparedOnceAndThenTakesOneRoundTrip() {
        inEveryPiece(RAN.length, (hand, feeder) -> {
            start(hand, feeder);
            ExtendedQuery first = new ExtendedQuery(hand.session, hand.statements, "select $1", new Object[] {41});
            hand.session.submit(first.next());
            assertThat(hand.take())
                    .containsExactly("Parse\t \"howdah_1\" \"select $1\" 0", "Describe\t S \"howdah_1\"", "Sync");
            feeder.feed(hand, DESCRIBED);
            hand.session.submit(first.next());
            assertBound(hand);
            feeder.feed(hand, RAN);
            assertThat(first.next()).isNull();
            assertThat(first.result().rows().size()).isEqualTo(1);
            ExtendedQuery second = new ExtendedQuery(hand.session, hand.statements, "select $1", new Object[] {41});
            hand.session.submit(second.next());
            assertBound(hand);
            feeder.feed(hand, RAN);
            assertThat(second.next()).isNull();
        });
    }

    private static void assertBound(ByHand hand) {
        List<String> sent = hand.take();
        assertThat(sent).hasSize(3);
        assertThat(sent.getFirst())
                .startsWith("Bind\t \"\" \"howdah_1\" 1 1 1 4 ")
                .endsWith(" 1 1");
        assertThat(sent.subList(1, 3)).containsExactly("Execute\t \"\" 0", "Sync");
    }

    @Test
    void anErrorEndsOneQueryAndNotTheSession() {
        byte[] answer = bytes(error("23505", "duplicate"), IDLE);
        inEveryPiece(answer.length, (hand, feeder) -> {
            start(hand, feeder);
            SimpleQuery query = new SimpleQuery("x", hand.statements, hand.statements.types());
            hand.session.submit(query);
            hand.take();
            feeder.feed(hand, answer);
            assertThat(query.failure()).isInstanceOf(IntegrityException.class);
            assertThat(query.failure().delivery()).isEqualTo(Delivery.REFUSED);
            assertThat(hand.session.isOpen()).isTrue();
            assertThat(hand.session.isIdle()).isTrue();
        });
    }

    @Test
    void anErrorWhilePreparingSendsNoBind() {
        ByHand hand = ByHand.open();
        ExtendedQuery query = new ExtendedQuery(hand.session, hand.statements, "nonsense", new Object[0]);
        hand.session.submit(query.next());
        hand.take();
        hand.give(error("42601", "syntax error"), IDLE);
        assertThatThrownBy(query::next).isInstanceOf(ServerException.class);
        assertThat(hand.take()).isEmpty();
        assertThat(hand.statements.size()).isZero();
    }

    @Test
    void aBatchBindsEverySetAndSyncsOnce() {
        byte[] answer = bytes(
                BindComplete.INSTANCE,
                new CommandComplete("INSERT 0 1"),
                BindComplete.INSTANCE,
                notice("second"),
                new CommandComplete("INSERT 0 2"),
                IDLE);
        inEveryPiece(answer.length, (hand, feeder) -> {
            start(hand, feeder);
            BatchQuery batch = new BatchQuery(
                    hand.session,
                    hand.statements,
                    "insert",
                    List.of(1, 2).iterator(),
                    set -> new @Nullable Object[] {set},
                    hand.statements.types(),
                    null);
            hand.session.submit(batch.next());
            hand.take();
            feeder.feed(
                    hand,
                    bytes(ParseComplete.INSTANCE, new ParameterDescription(IntList.of(INT4)), NoData.INSTANCE, IDLE));
            Exchange<?> run = batch.next();
            hand.session.submit(run);
            List<String> sent = new ArrayList<>(hand.take());
            assertThat(run.suspended()).isTrue();
            batch.feed();
            sent.addAll(hand.take());
            assertThat(sent.stream().map(line -> line.split("\t")[0]))
                    .containsExactly("Bind", "Execute", "Bind", "Execute", "Sync");
            feeder.feed(hand, answer);
            assertThat(batch.next()).isNull();
            assertThat(batch.result().size()).isEqualTo(2);
            assertThat(batch.result().count(1)).isEqualTo(2);
        });
    }

    @Test
    void aPortalOutsideATransactionIsFlushedPageByPageAndSyncedAtItsEnd() {
        byte[] first = bytes(BindComplete.INSTANCE, row("1"), notice("page"), PortalSuspended.INSTANCE);
        byte[] second = bytes(row("2"), new CommandComplete("SELECT 2"));
        inEveryPiece(first.length, (hand, feeder) -> {
            start(hand, feeder);
            Conversation<Portal.FirstPage> opening = Portal.open(
                    hand.session, hand.statements, "select", new Object[0], 1, "p", hand.statements.types());
            hand.session.submit(opening.next());
            hand.take();
            feeder.feed(
                    hand, bytes(ParseComplete.INSTANCE, new ParameterDescription(IntList.EMPTY), columns(TEXT), IDLE));
            hand.session.submit(opening.next());
            assertThat(hand.take()).containsExactly("Bind\t \"\" \"howdah_1\" 0 0 1 1", "Execute\t \"\" 1", "Flush");
            feeder.feed(hand, first);
            assertThat(opening.next()).isNull();
            Portal portal = opening.result().portal();
            assertThat(opening.result().rows().size()).isEqualTo(1);
            assertThat(portal.isEnded()).isFalse();
            Exchange<RowBuffer> page = portal.next(1);
            hand.session.submit(page);
            assertThat(hand.take()).containsExactly("Execute\t \"\" 1", "Flush");
            feeder.feed(hand, second);
            assertThat(page.isDone()).isFalse();
            assertThat(hand.take()).containsExactly("Sync");
            feeder.feed(hand, bytes(IDLE));
            assertThat(page.result().size()).isEqualTo(1);
            assertThat(portal.isEnded()).isTrue();
        });
    }

    @Test
    void aPortalInsideATransactionHasANameAndSyncsEveryPage() {
        ByHand hand = ByHand.open();
        SimpleQuery begin = new SimpleQuery("begin", hand.statements, hand.statements.types());
        hand.session.submit(begin);
        hand.take();
        hand.give(new CommandComplete("BEGIN"), IN_TRANSACTION);
        Conversation<Portal.FirstPage> opening =
                Portal.open(hand.session, hand.statements, "select", new Object[0], 1, "p", hand.statements.types());
        hand.session.submit(opening.next());
        hand.take();
        hand.give(ParseComplete.INSTANCE, new ParameterDescription(IntList.EMPTY), columns(TEXT), IN_TRANSACTION);
        hand.session.submit(opening.next());
        assertThat(hand.take()).containsExactly("Bind\t \"p\" \"howdah_1\" 0 0 1 1", "Execute\t \"p\" 1", "Sync");
        hand.give(BindComplete.INSTANCE, row("1"), PortalSuspended.INSTANCE, IN_TRANSACTION);
        assertThat(opening.next()).isNull();
        Exchange<RowBuffer> close = opening.result().portal().close();
        hand.session.submit(close);
        assertThat(hand.take()).containsExactly("Close\t P \"p\"", "Sync");
        hand.give(CloseComplete.INSTANCE, IN_TRANSACTION);
        assertThat(close.isDone()).isTrue();
    }

    @Test
    void severalExchangesAreAnsweredInOrder() {
        ByHand hand = ByHand.open();
        SimpleQuery first = new SimpleQuery("1", hand.statements, hand.statements.types());
        SimpleQuery second = new SimpleQuery("2", hand.statements, hand.statements.types());
        hand.session.submit(first);
        hand.session.submit(second);
        assertThat(hand.take()).containsExactly("Query\t \"1\"", "Query\t \"2\"");
        hand.give(new CommandComplete("A"), IDLE);
        assertThat(first.isDone()).isTrue();
        assertThat(second.isDone()).isFalse();
        hand.give(EmptyQueryResponse.INSTANCE, IDLE);
        assertThat(second.isDone()).isTrue();
    }

    @Test
    void whatWasNeverSentIsKnownNotToHaveBeen() {
        ByHand hand = ByHand.open();
        SimpleQuery sent = new SimpleQuery("1", hand.statements, hand.statements.types());
        SimpleQuery waiting = new SimpleQuery("2", hand.statements, hand.statements.types());
        hand.session.submit(sent);
        hand.take();
        hand.session.submit(waiting);
        hand.session.endOfStream(null);
        assertThat(sent.failure()).isInstanceOf(ConnectionLostException.class);
        assertThat(sent.failure().delivery()).isEqualTo(Delivery.UNKNOWN);
        assertThat(waiting.failure().delivery()).isEqualTo(Delivery.NOT_SENT);
        assertThatThrownBy(() -> hand.session.submit(sent)).isInstanceOf(ConnectionLostException.class);
    }

    @Test
    void theServersLastWordsAreKept() {
        ByHand hand = ByHand.open();
        SimpleQuery query = new SimpleQuery("1", hand.statements, hand.statements.types());
        hand.session.submit(query);
        hand.take();
        hand.give(fatal("57P01", "shutting down"));
        hand.session.endOfStream(null);
        assertThat(query.failure()).isInstanceOf(ConnectionLostException.class).hasMessageContaining("shutting down");
        assertThat(((ConnectionLostException) query.failure()).lastWords()).isNotNull();
    }

    @Test
    void lastWordsWhileIdleAreNoBreachOfTheProtocol() {
        ByHand hand = ByHand.open();
        hand.give(fatal("57P01", "shutting down"));
        hand.session.endOfStream(null);
        assertThat(hand.session.state()).isInstanceOf(SessionState.Lost.class);
        assertThatThrownBy(() -> hand.session.submit(new SimpleQuery("1", hand.statements, hand.statements.types())))
                .isInstanceOf(ConnectionLostException.class)
                .hasMessageContaining("shutting down");
    }

    // A server that lies.

    private static void assertBreach(ByHand hand, byte[] bytes) {
        assertThatThrownBy(() -> hand.give(bytes)).isInstanceOf(ProtocolException.class);
        assertThat(hand.session.state()).isInstanceOf(SessionState.Lost.class);
        assertThat(hand.session.isIdle()).isTrue();
    }

    private static ByHand starting() {
        ByHand hand = new ByHand();
        hand.session.submit(hand.startup());
        hand.take();
        return hand;
    }

    private static ByHand querying(Message... before) {
        ByHand hand = ByHand.open();
        hand.session.submit(new SimpleQuery("q", hand.statements, hand.statements.types()));
        hand.take();
        hand.give(before);
        return hand;
    }

    @Test
    void anAnnouncedLengthThatIsTooLongOrTooShortIsRefusedAtOnce() {
        for (int length : new int[] {Integer.MAX_VALUE, 0x4000_0001, 3, 0, -1, Integer.MIN_VALUE}) {
            assertBreach(querying(), lying('D', length));
        }
        assertBreach(starting(), lying('S', 64 * 1024 + 1));
    }

    @Test
    void aLongAnnouncedLengthCostsNothingUntilItsBytesCome() {
        ByHand hand = querying(columns(TEXT));
        hand.give(lying('D', 0x4000_0000));
        assertThat(hand.session.inbound().capacity()).isLessThan(1024 * 1024);
    }

    private static byte[] lying(char type, int length) {
        return new byte[] {
            (byte) type, (byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length
        };
    }

    @Test
    void rowsThatLieAreRefused() {
        byte[][] bodies = {
            {},
            {0},
            {0, 2, 0, 0, 0, 0},
            {0, 0},
            {0, 1},
            {0, 1, 0, 0, 0, 5, 1},
            {0, 1, 0x7f, -1, -1, -1, 1},
            {0, 1, -1, -1, -1, -2},
            {0, 1, 0, 0, 0, 0, 9},
            {-1, -1, 0, 0, 0, 0},
        };
        for (byte[] body : bodies) {
            assertBreach(querying(columns(TEXT)), raw('D', body));
        }
    }

    @Test
    void bodiesThatAreCutShortAreRefused() {
        for (char type : "TZSAKERGHWvtCN".toCharArray()) {
            assertBreach(querying(), raw(type, (byte) 1));
        }
    }

    @Test
    void unknownTypesAreRefused() {
        for (char type = 0; type < 256; type++) {
            if ("RKB23CdcGHWDIEVvnNAtS1sZT".indexOf(type) < 0) {
                assertBreach(querying(), raw(type));
            }
        }
    }

    @Test
    void readyBeforeAuthenticationIsRefused() {
        assertBreach(starting(), bytes(IDLE));
    }

    @Test
    void whyWeRefuseAServerIsNotForgottenWhenItGoesOnInTheSamePacket() {
        ByHand hand = new ByHand();
        Startup startup = hand.startup(Set.of("scram-sha-256"));
        hand.session.submit(startup);
        hand.take();
        hand.give(STARTUP);
        assertThat(startup.failure()).isInstanceOf(ConfigException.class);
    }

    @Test
    void aSecondAcceptanceIsRefused() {
        assertBreach(starting(), bytes(AuthenticationOk.INSTANCE, AuthenticationOk.INSTANCE));
    }

    @Test
    void aFloodOfNoticesBeforeAcceptanceIsRefusedAndAfterwardsAllowed() {
        byte[] flood = new byte[0];
        for (int i = 0; i <= 100; i++) {
            flood = joined(flood, bytes(notice("n" + i)));
        }
        assertBreach(starting(), flood);
        ByHand hand = ByHand.open();
        hand.give(flood);
        assertThat(hand.notices).hasSize(101);
    }

    @Test
    void aFloodOfParametersIsRefused() {
        byte[] flood = new byte[0];
        for (int i = 0; i <= 1000; i++) {
            flood = joined(flood, bytes(parameter("p" + i, "v")));
        }
        assertBreach(ByHand.open(), flood);
    }

    @Test
    void anExchangeUnderWayFailsWhenTheServerBreaksTheProtocol() {
        ByHand hand = ByHand.open();
        SimpleQuery query = new SimpleQuery("q", hand.statements, hand.statements.types());
        hand.session.submit(query);
        hand.take();
        assertBreach(hand, bytes(AuthenticationOk.INSTANCE));
        assertThat(query.isDone()).isTrue();
        PgException failure = query.failure();
        assertThat(failure).isInstanceOf(ConnectionLostException.class).hasCauseInstanceOf(ProtocolException.class);
        assertThat(failure.delivery()).isEqualTo(Delivery.UNKNOWN);
    }

    private static DataRow row(@Nullable String... values) {
        List<@Nullable Bytes> all = new ArrayList<>();
        for (String value : values) {
            all.add(value == null ? null : Bytes.utf8(value));
        }
        return new DataRow(all);
    }
}
