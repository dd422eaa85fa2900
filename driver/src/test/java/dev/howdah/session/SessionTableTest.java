package dev.howdah.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.ProtocolException;
import dev.howdah.message.AuthenticationCleartextPassword;
import dev.howdah.message.AuthenticationGSS;
import dev.howdah.message.AuthenticationGSSContinue;
import dev.howdah.message.AuthenticationKerberosV5;
import dev.howdah.message.AuthenticationMD5Password;
import dev.howdah.message.AuthenticationOk;
import dev.howdah.message.AuthenticationSASL;
import dev.howdah.message.AuthenticationSASLContinue;
import dev.howdah.message.AuthenticationSASLFinal;
import dev.howdah.message.AuthenticationSSPI;
import dev.howdah.message.BackendKeyData;
import dev.howdah.message.BackendMessage;
import dev.howdah.message.BindComplete;
import dev.howdah.message.Bytes;
import dev.howdah.message.CloseComplete;
import dev.howdah.message.CommandComplete;
import dev.howdah.message.CopyBothResponse;
import dev.howdah.message.CopyData;
import dev.howdah.message.CopyDone;
import dev.howdah.message.CopyInResponse;
import dev.howdah.message.CopyOutResponse;
import dev.howdah.message.DataRow;
import dev.howdah.message.EmptyQueryResponse;
import dev.howdah.message.FunctionCallResponse;
import dev.howdah.message.IntList;
import dev.howdah.message.Message;
import dev.howdah.message.NegotiateProtocolVersion;
import dev.howdah.message.NoData;
import dev.howdah.message.NotificationResponse;
import dev.howdah.message.ParameterDescription;
import dev.howdah.message.ParseComplete;
import dev.howdah.message.PortalSuspended;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every state of a conversation against every message of a server: accepted or refused on purpose. */
class SessionTableTest {

    private static final Bytes FOUR = Bytes.copyOf(new byte[4]);

    private static final List<Message> ALL = List.of(
            AuthenticationOk.INSTANCE,
            AuthenticationKerberosV5.INSTANCE,
            AuthenticationCleartextPassword.INSTANCE,
            new AuthenticationMD5Password(1),
            AuthenticationGSS.INSTANCE,
            new AuthenticationGSSContinue(FOUR),
            AuthenticationSSPI.INSTANCE,
            new AuthenticationSASL(List.of("SCRAM-SHA-256")),
            new AuthenticationSASLContinue(FOUR),
            new AuthenticationSASLFinal(FOUR),
            new BackendKeyData(1, FOUR),
            BindComplete.INSTANCE,
            CloseComplete.INSTANCE,
            new CommandComplete("SELECT 1"),
            new CopyData(FOUR),
            CopyDone.INSTANCE,
            new CopyInResponse(0, IntList.of(0)),
            new CopyOutResponse(0, IntList.of(0)),
            new CopyBothResponse(0, IntList.of(0)),
            new DataRow(List.of(Bytes.utf8("1"))),
            EmptyQueryResponse.INSTANCE,
            ByHand.error("22000", "wrong"),
            new FunctionCallResponse(FOUR),
            new NegotiateProtocolVersion(0, List.of()),
            NoData.INSTANCE,
            ByHand.notice("n"),
            new NotificationResponse(1, "c", ""),
            new ParameterDescription(IntList.EMPTY),
            ByHand.parameter("a", "b"),
            ParseComplete.INSTANCE,
            PortalSuspended.INSTANCE,
            ByHand.IDLE,
            ByHand.columns(ByHand.TEXT));

    /** What may come at any time once the server has accepted us. */
    private static final Set<String> ALWAYS = Set.of("NoticeResponse", "NotificationResponse", "ParameterStatus");

    /** What every statement may be answered with: COPY is ended by us, with a clear exception. */
    private static final Set<String> STATEMENT =
            Set.of("ErrorResponse", "ReadyForQuery", "CopyInResponse", "CopyOutResponse", "CopyBothResponse");

    private record Row(Supplier<ByHand> state, Set<String> accepted) {}

    private static Map<String, Row> table() {
        Map<String, Row> table = new LinkedHashMap<>();
        // Authentication that is refused for what it asks ends the exchange, not the protocol.
        table.put(
                "starting",
                new Row(
                        SessionTableTest::starting,
                        union(
                                ALWAYS,
                                "AuthenticationOk",
                                "AuthenticationKerberosV5",
                                "AuthenticationCleartextPassword",
                                "AuthenticationMD5Password",
                                "AuthenticationGSS",
                                "AuthenticationSSPI",
                                "AuthenticationSASL",
                                "BackendKeyData",
                                "NegotiateProtocolVersion",
                                "ErrorResponse")));
        table.put(
                "accepted",
                new Row(
                        () -> after(starting(), AuthenticationOk.INSTANCE),
                        union(ALWAYS, "BackendKeyData", "ReadyForQuery", "ErrorResponse")));
        table.put("idle", new Row(ByHand::open, ALWAYS));
        table.put(
                "a script",
                new Row(
                        SessionTableTest::script,
                        union(ALWAYS, STATEMENT, "RowDescription", "CommandComplete", "EmptyQueryResponse")));
        table.put(
                "a script's rows",
                new Row(
                        () -> after(script(), ByHand.columns(ByHand.TEXT)),
                        union(
                                ALWAYS,
                                STATEMENT,
                                "RowDescription",
                                "DataRow",
                                "CommandComplete",
                                "EmptyQueryResponse")));
        table.put(
                "a COPY out by mistake",
                new Row(
                        () -> after(script(), new CopyOutResponse(0, IntList.of(0))),
                        union(
                                ALWAYS,
                                STATEMENT,
                                "CopyData",
                                "CopyDone",
                                "RowDescription",
                                "CommandComplete",
                                "EmptyQueryResponse")));
        table.putAll(extendedTable());
        return table;
    }

    private static Map<String, Row> extendedTable() {
        Map<String, Row> table = new LinkedHashMap<>();
        table.put(
                "a preparation",
                new Row(
                        SessionTableTest::preparation,
                        union(
                                ALWAYS,
                                STATEMENT,
                                "ParseComplete",
                                "CloseComplete",
                                "ParameterDescription",
                                "RowDescription",
                                "NoData")));
        table.put("a run", new Row(SessionTableTest::run, union(ALWAYS, STATEMENT, RUN)));
        table.put("a batch", new Row(SessionTableTest::batch, union(ALWAYS, STATEMENT, BATCH)));
        table.put("a page", new Row(SessionTableTest::page, union(ALWAYS, STATEMENT, PAGE)));
        return table;
    }

    private static final String[] RUN = {
        "ParseComplete",
        "BindComplete",
        "CloseComplete",
        "NoData",
        "RowDescription",
        "DataRow",
        "CommandComplete",
        "EmptyQueryResponse"
    };
    private static final String[] BATCH = {
        "ParseComplete", "BindComplete", "NoData", "CommandComplete", "EmptyQueryResponse"
    };
    private static final String[] PAGE = {
        "ParseComplete",
        "BindComplete",
        "CloseComplete",
        "DataRow",
        "PortalSuspended",
        "CommandComplete",
        "EmptyQueryResponse"
    };

    @TestFactory
    Stream<DynamicTest> everyStateAgainstEveryMessage() {
        return table().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    Set<String> accepted = new TreeSet<>();
                    for (Message message : ALL) {
                        ByHand hand = entry.getValue().state().get();
                        try {
                            hand.give(message);
                            accepted.add(name(message));
                        } catch (ProtocolException e) {
                            assertThat(hand.session.state()).as(name(message)).isInstanceOf(SessionState.Lost.class);
                            assertThat(hand.session.isIdle()).isTrue();
                        }
                    }
                    assertThat(accepted)
                            .containsExactlyInAnyOrderElementsOf(
                                    entry.getValue().accepted());
                }));
    }

    @Test
    void theTableKnowsEveryMessage() {
        Set<String> known = new TreeSet<>();
        ALL.forEach(message -> known.add(name(message)));
        Set<String> all = new TreeSet<>();
        leaves(BackendMessage.class, all);
        assertThat(known).isEqualTo(all);
    }

    private static void leaves(Class<?> type, Set<String> names) {
        Class<?>[] permitted = type.getPermittedSubclasses();
        if (permitted == null) {
            names.add(type.getSimpleName());
            return;
        }
        for (Class<?> one : permitted) {
            leaves(one, names);
        }
    }

    private static String name(Message message) {
        return message.getClass().getSimpleName();
    }

    private static Set<String> union(Set<String> first, String... more) {
        return union(first, Set.of(), more);
    }

    private static Set<String> union(Set<String> first, Set<String> second, String... more) {
        Set<String> all = new TreeSet<>(first);
        all.addAll(second);
        all.addAll(Arrays.asList(more));
        return all;
    }

    private static ByHand after(ByHand hand, Message... messages) {
        hand.give(messages);
        hand.take();
        return hand;
    }

    private static ByHand starting() {
        ByHand hand = new ByHand();
        hand.session.submit(hand.startup());
        hand.take();
        return hand;
    }

    private static ByHand submitted(ByHand hand, @Nullable Exchange<?> exchange) {
        hand.session.submit(exchange);
        hand.take();
        return hand;
    }

    private static ByHand script() {
        ByHand hand = ByHand.open();
        return submitted(hand, new SimpleQuery("q", hand.statements, hand.statements.types()));
    }

    private static ByHand preparation() {
        ByHand hand = ByHand.open();
        return submitted(hand, hand.statements.prepareOwn("q"));
    }

    private static ByHand run() {
        ByHand hand = ByHand.open();
        return running(
                hand,
                new ExtendedQuery(hand.session, hand.statements, "q", new Object[0]),
                ByHand.columns(ByHand.TEXT));
    }

    private static ByHand page() {
        ByHand hand = ByHand.open();
        return running(
                hand,
                Portal.open(hand.session, hand.statements, "q", new Object[0], 1, "p", hand.statements.types()),
                ByHand.columns(ByHand.TEXT));
    }

    private static ByHand batch() {
        ByHand hand = ByHand.open();
        BatchQuery batch = new BatchQuery(
                hand.session,
                hand.statements,
                "q",
                List.of(1).iterator(),
                set -> new @Nullable Object[0],
                hand.statements.types(),
                null);
        running(hand, batch, NoData.INSTANCE);
        batch.feed();
        hand.take();
        return hand;
    }

    private static ByHand running(ByHand hand, Conversation<?> conversation, Message result) {
        submitted(hand, conversation.next());
        hand.give(ParseComplete.INSTANCE, new ParameterDescription(IntList.EMPTY), result, ByHand.IDLE);
        return submitted(hand, conversation.next());
    }
}
