package dev.howdah.session;

import static dev.howdah.session.ByHand.IDLE;
import static dev.howdah.session.ByHand.error;
import static dev.howdah.session.ByHand.raw;
import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.ServerException;
import dev.howdah.message.CommandComplete;
import dev.howdah.message.CopyDone;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The ends of a replication stream that a server may send at any time, and that no test can have it send at will. */
class ReplicationByHandTest {

    private static final byte[] BEGUN = raw('W', (byte) 0, (byte) 0, (byte) 0);

    private final ByHand hand = ByHand.open();
    private final List<String> received = new ArrayList<>();
    private final ArrayDeque<byte[]> says = new ArrayDeque<>();
    private Runnable whenAllIsSaid = () -> {};
    private final ReplicationExchange exchange =
            new ReplicationExchange("START_REPLICATION SLOT \"s\" LOGICAL 0/0", new ReplicationLink() {
                @Override
                public void received(byte[] source, int offset, int length) {
                    received.add(new String(source, offset, length, StandardCharsets.US_ASCII));
                }

                @Override
                public boolean hasMessages() {
                    return false;
                }

                @Override
                public boolean isFull() {
                    return false;
                }

                @Override
                public byte @Nullable [] toSend() {
                    byte[] next = says.poll();
                    if (next == null) {
                        whenAllIsSaid.run();
                    }
                    return next;
                }
            });

    private static byte[] data(String text) {
        return raw('d', text.getBytes(StandardCharsets.US_ASCII));
    }

    @BeforeEach
    void begin() {
        hand.session.submit(exchange);
        hand.take();
        hand.give(BEGUN);
        exchange.read();
        hand.give(data("w before"));
    }

    @Test
    void allThatThereIsToSayIsSentAtOnce() {
        says.add(new byte[] {'h'});
        says.add(new byte[] {'r'});

        exchange.send();

        assertThat(hand.take()).hasSize(2).allMatch(sent -> sent.startsWith("CopyData"));
        assertThat(says).isEmpty();
    }

    /** Who stops the stream says how far he has got and then wants the end, while another thread sends what there was to say. */
    @Test
    void whatIsToBeSaidWhenTheEndIsWantedIsSaidBeforeIt() {
        whenAllIsSaid = () -> {
            whenAllIsSaid = () -> {};
            says.add(new byte[] {'r'});
            exchange.wantEnd();
        };
        exchange.send();
        List<String> sent = new ArrayList<>(hand.take());
        exchange.close();
        sent.addAll(hand.take());

        assertThat(sent).hasSize(2);
        assertThat(sent.getFirst()).startsWith("CopyData");
        assertThat(sent.getLast()).startsWith("CopyDone");
    }

    @Test
    void whatComesBehindTheServersEndIsDropped() {
        exchange.finish();
        assertThat(hand.take()).last().asString().startsWith("CopyDone");
        hand.give(data("w on its way"));
        hand.give(CopyDone.INSTANCE);
        hand.give(data("k"));
        hand.give(new CommandComplete("COPY 0"), new CommandComplete("START_REPLICATION"), IDLE);

        assertThat(exchange.isDone()).isTrue();
        assertThat(exchange.failure()).isNull();
        assertThat(exchange.isServerStopping()).isFalse();
        assertThat(received).containsExactly("w before");
        assertThat(exchange.dropped()).isEqualTo(1);
    }

    @Test
    void anEndWithoutCopyDoneIsAServerThatStops() {
        hand.give(data("k last"));
        hand.give(new CommandComplete("COPY 0"));

        assertThat(exchange.isServerStopping()).isTrue();
        assertThat(received).containsExactly("w before", "k last");
    }

    @Test
    void anErrorInTheStreamLeavesTheSessionToTheNextCommand() {
        hand.give(error("58P01", "requested WAL segment has already been removed"), IDLE);

        assertThat(exchange.isDone()).isTrue();
        assertThat(exchange.failure())
                .isInstanceOfSatisfying(
                        ServerException.class,
                        failure -> assertThat(failure.sqlState().code()).isEqualTo("58P01"));
        assertThat(hand.session.isIdle()).isTrue();
        assertThat(hand.session.isOpen()).isTrue();
    }
}
