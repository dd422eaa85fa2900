package dev.howdah.benchmarks.howdah;

import dev.howdah.ConnectOptions;
import dev.howdah.backup.WalReceiver;
import dev.howdah.backup.WalReceiverOptions;
import dev.howdah.benchmarks.FreshFolder;
import dev.howdah.benchmarks.KeptLog;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.Target;
import dev.howdah.benchmarks.Workload;
import java.time.Duration;

/** W12. */
final class ReceivedLog implements Workload {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Target target;
    private final ConnectOptions options;
    private final FreshFolder folder = new FreshFolder(true);
    private WalReceiverOptions settings;

    ReceivedLog(Target target) {
        this.target = target;
        this.options = HowdahClient.options(target);
        this.settings = WalReceiverOptions.into(folder.renew());
    }

    @Override
    public void prepare(int count) {
        settings = WalReceiverOptions.into(folder.renew())
                .slot(KeptLog.SLOT)
                .endLsn(KeptLog.end(target))
                .once();
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) throws InterruptedException {
        try (WalReceiver receiver = WalReceiver.start(options, settings)) {
            if (!receiver.await(PATIENCE) || receiver.failure() != null) {
                throw new IllegalStateException(
                        "the receiver has not come to its end: " + receiver, receiver.failure());
            }
        }
        return Answer.of(folder.path());
    }

    @Override
    public void close() {
        folder.close();
    }
}
