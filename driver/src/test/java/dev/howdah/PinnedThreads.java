package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** Records where virtual threads keep their carrier though they wait, from when it is made. */
final class PinnedThreads implements AutoCloseable {

    private final Recording recording = new Recording();

    PinnedThreads() {
        recording.enable("jdk.VirtualThreadPinned").withoutThreshold().withStackTrace();
        recording.start();
    }

    /**
     * Ends recording and returns what was pinned by the driver.
     *
     * @param folder for the recording
     */
    List<String> byUs(Path folder) {
        Path file = folder.resolve("pinned.jfr");
        try {
            recording.stop();
            recording.dump(file);
            assertThat(Files.size(file)).isPositive();
            return byUsIn(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> byUsIn(Path file) throws IOException {
        List<String> pinned = new ArrayList<>();
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            // The driver's own events have its stack, too.
            if (event.getStackTrace() == null || event.getEventType().getName().startsWith("dev.howdah.")) {
                continue;
            }
            List<RecordedFrame> frames = event.getStackTrace().getFrames();
            boolean ours = frames.stream()
                    .anyMatch(frame -> frame.getMethod().getType().getName().startsWith("dev.howdah."));
            // A class that is loaded or initialised for the first time pins whoever gets there; that passes.
            boolean loading = frames.stream()
                    .map(RecordedFrame::getMethod)
                    .anyMatch(method -> method.getName().equals("<clinit>")
                            || method.getType().getName().startsWith("jdk.internal.loader.")
                            || method.getType().getName().equals("java.lang.ClassLoader"));
            // Events are written under a lock of the flight recorder's own, which is there because it records.
            boolean recorder = frames.getFirst().getMethod().getType().getName().startsWith("jdk.jfr.internal.");
            if (ours && !loading && !recorder) {
                pinned.add(event.toString());
            }
        }
        return pinned;
    }

    @Override
    public void close() {
        recording.close();
    }
}
