package dev.howdah.cli;

import dev.howdah.backup.WalCompression;
import dev.howdah.backup.WalReceiver;
import dev.howdah.backup.WalReceiverEvent;
import dev.howdah.backup.WalReceiverOptions;
import dev.howdah.backup.WalReceiverStatus;
import dev.howdah.error.PgException;
import dev.howdah.type.Lsn;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code howdah receive-wal}. */
@Command(
        name = "receive-wal",
        description = {
            "Receive the write-ahead log of a server into files, as pg_receivewal does, and go on where the folder ends. A lost connection"
                    + " is made anew, also to a standby that was promoted. Ctrl-C brings what has come to the disk, and ends it.",
            "With a base backup, and restore-wal as its restore_command, a server can be recovered to the last byte that came."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  howdah receive-wal /var/backups/wal --slot archive --create-slot",
            "  howdah receive-wal wal --slot archive --compress zstd:3 --synchronous",
            "  howdah receive-wal wal --start 0/16B3748 --end 0/5000000 --json"
        })
final class ReceiveWalCommand extends ConnectedCommand {

    private static final Duration LOOK = Duration.ofMillis(200);

    @Parameters(index = "0", paramLabel = "DIR", description = "The folder; it is made if it is not there.")
    private Path folder = Path.of(".");

    @Option(
            names = {"-s", "--slot"},
            paramLabel = "NAME",
            description = "The physical slot that keeps the log until it has been received.")
    private @Nullable String slot;

    @Option(names = "--create-slot", description = "Make the slot if it is not there.")
    private boolean createSlot;

    @Option(
            names = "--start",
            paramLabel = "LSN",
            converter = LsnConverter.class,
            description =
                    "Where to begin if the folder has no log; without it that is where the slot stands, or what the"
                            + " server writes now.")
    private @Nullable Lsn start;

    @Option(
            names = "--end",
            paramLabel = "LSN",
            converter = LsnConverter.class,
            description = "End when all before this place is on the disk.")
    private @Nullable Lsn end;

    @Option(
            names = "--compress",
            paramLabel = "METHOD",
            converter = WalCompressions.class,
            description = "Compress files that are whole: none, gzip or zstd, with or without a level, as in zstd:3.")
    private @Nullable WalCompression compression;

    @Option(
            names = "--synchronous",
            description = "Bring to the disk what comes at once, and tell the server, as one needs it that waits for it"
                    + " with each commit (synchronous_standby_names).")
    private boolean synchronous;

    @Option(
            names = "--no-reconnect",
            description = "End with exit code 3 when the connection is lost, instead of making a new one.")
    private boolean noReconnect;

    @Option(names = "--json", description = "Print one JSON object at the end: how far it got.")
    private boolean json;

    ReceiveWalCommand(Surroundings around) {
        super(around);
    }

    @Override
    int run(Target target) {
        if (createSlot && slot == null) {
            throw new UsageException("--create-slot needs the name of the slot: --slot NAME");
        }
        WalReceiverOptions settings = WalReceiverOptions.into(folder)
                .createSlot(createSlot)
                .startLsn(start)
                .endLsn(end)
                .synchronous(synchronous)
                .reads(WalCompressions.zstd())
                .listener(this::tell);
        settings = slot == null ? settings : settings.slot(slot);
        settings = compression == null ? settings : settings.compression(compression);
        WalReceiver receiver = target.receive(noReconnect ? settings.once() : settings);
        try (receiver) {
            await(receiver);
        }
        Throwable failure = receiver.failure();
        report(receiver.status(), failure);
        if (failure instanceof RuntimeException thrown) {
            throw thrown;
        } else if (failure instanceof Error thrown) {
            throw thrown;
        }
        return ExitCode.OK;
    }

    private void await(WalReceiver receiver) {
        long shown = 0;
        try (Progress progress = Progress.ofBytes(around(), "receiving", -1)) {
            while (!receiver.await(LOOK)) {
                WalReceiverStatus status = receiver.status();
                progress.step(status.bytes() - shown);
                shown = status.bytes();
                progress.note(status.writtenLsn() + (status.streaming() ? "" : ", not connected"));
            }
        } catch (InterruptedException e) {
            // Ctrl-C, the usual way to end it. The interrupt has done its work: closing must not be cut short by it.
            return;
        }
    }

    private void tell(WalReceiverEvent event) {
        switch (event) {
            case WalReceiverEvent.Streaming begun -> {
                if (verbose()) {
                    dim("receiving the timeline " + begun.timeline() + " from " + begun.from() + " on, from "
                            + begun.host() + ":" + begun.port());
                }
            }
            case WalReceiverEvent.SegmentCompleted completed -> {
                if (verbose()) {
                    dim(completed.segment() + " is whole");
                }
            }
            case WalReceiverEvent.TimelineEnded ended ->
                dim("the timeline " + ended.timeline() + " has ended; the timeline "
                        + ended.next().timeline() + " follows at "
                        + ended.next().position());
            case WalReceiverEvent.Interrupted interrupted ->
                dim(text(interrupted.cause()) + "; the next try is in "
                        + interrupted.pause().toMillis() + " ms");
        }
    }

    private static String text(Throwable thrown) {
        return thrown instanceof PgException e
                ? TextTable.visible(Failures.oneLine(Failures.message(e)))
                : String.valueOf(thrown);
    }

    /** Prints a line to standard error that is less important. */
    private void dim(String text) {
        Progress.remark(around(), errorStyle().dim("howdah: " + text));
    }

    private void report(WalReceiverStatus status, @Nullable Throwable failure) {
        if (json) {
            line(JsonLine.of(object -> {
                object.writeStringField("folder", folder.toString());
                object.writeNumberField("timeline", status.timeline());
                object.writeStringField("written_lsn", status.writtenLsn().toString());
                object.writeStringField("flushed_lsn", status.flushedLsn().toString());
                object.writeStringField("server_lsn", status.serverLsn().toString());
                object.writeNumberField("segments", status.segments());
                object.writeNumberField("bytes", status.bytes());
                object.writeNumberField("streams", status.streams());
                object.writeBooleanField(
                        "reached_end", end != null && status.flushedLsn().compareTo(end) >= 0);
                object.writeStringField("error", failure == null ? null : text(failure));
            }));
        } else if (status.streams() > 0) {
            remark("received " + ByteSize.text(status.bytes()) + ", " + status.segments()
                    + (status.segments() == 1 ? " whole file" : " whole files") + "; on the disk up to "
                    + status.flushedLsn() + " on the timeline " + status.timeline());
        }
    }
}
