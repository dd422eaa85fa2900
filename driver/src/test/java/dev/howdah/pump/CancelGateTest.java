package dev.howdah.pump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.Delivery;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.testkit.Await;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The next operation begins only when cancel requests meant for the one before have been passed on. */
@Timeout(30)
class CancelGateTest {

    private static Call call() {
        return new Call(CallLimits.NONE);
    }

    @Test
    void nothingIsCancelledWhileNothingRuns() {
        CancelGate gate = new CancelGate();
        assertThat(gate.beginCancel()).isFalse();
        gate.open(call(), true);
        assertThat(gate.isRunning()).isTrue();
        assertThat(gate.beginCancel()).isTrue();
        gate.endCancel();
        gate.close(true);
        assertThat(gate.beginCancel()).isFalse();
    }

    @Test
    void anOperationWaitsUntilALateCancelHasBeenPassedOn() throws Exception {
        CancelGate gate = new CancelGate();
        gate.open(call(), true);
        gate.beginCancel();
        gate.close(true);
        Thread next = Thread.ofPlatform().start(() -> gate.open(call(), true));
        Await.until(Duration.ofSeconds(10), () -> next.getState() == Thread.State.WAITING);
        assertThat(gate.isRunning()).isFalse();
        assertThat(gate.beginCancel()).isFalse();
        gate.endCancel();
        next.join();
        assertThat(gate.isRunning()).isTrue();
    }

    @Test
    void anOperationThatMayNotWaitLongerSendsNothing() {
        CancelGate gate = new CancelGate();
        gate.open(call(), true);
        gate.beginCancel();
        gate.close(true);
        assertThatThrownBy(() -> gate.open(new Call(CallLimits.within(Duration.ofMillis(20))), true))
                .isInstanceOfSatisfying(
                        QueryTimeoutException.class,
                        e -> assertThat(e.delivery()).isEqualTo(Delivery.NOT_SENT));
        assertThat(gate.isRunning()).isFalse();
    }

    @Test
    void whatWasLeftUnderWayCanBeCancelledUntilItIsGoneOnWithAndHasEnded() {
        CancelGate gate = new CancelGate();
        gate.open(new Call(CallLimits.NONE), true);
        gate.close(false);
        assertThat(gate.isRunning()).isTrue();
        assertThat(gate.beginCancel()).isTrue();
        gate.endCancel();
        gate.open(new Call(CallLimits.NONE), false);
        gate.close(false);
        gate.open(new Call(CallLimits.NONE), false);
        gate.close(true);
        assertThat(gate.isRunning()).isFalse();
        assertThat(gate.beginCancel()).isFalse();
    }

    @Test
    void whatEndedMeanwhileIsNotGoneOnWith() {
        CancelGate gate = new CancelGate();
        gate.open(new Call(CallLimits.NONE), true);
        gate.close(false);
        gate.open(new Call(CallLimits.NONE), true);
        gate.close(true);
        assertThat(gate.isRunning()).isFalse();
    }
}
