package dev.howdah.cli.demo;

import dev.howdah.cli.Timing;
import dev.howdah.error.InterruptedWaitException;
import java.util.List;

/** The telling of some chapters, one after the other. */
public final class Performance {

    private final Stage stage;

    /** A performance on this stage. */
    public Performance(Stage stage) {
        this.stage = stage;
    }

    /**
     * Tells them all; a chapter that fails does not keep the next from being told.
     *
     * @return whether everything was as expected
     */
    public boolean tell(List<Chapter> chapters) throws InterruptedException {
        long start = System.nanoTime();
        int failed = 0;
        for (Chapter chapter : chapters) {
            stage.narrator().chapter(chapter);
            if (!tell(chapter)) {
                failed++;
            }
        }
        String count = chapters.size() == 1 ? "1 chapter" : chapters.size() + " chapters";
        stage.narrator()
                .end(
                        failed == 0
                                ? count + " told in " + Timing.since(start) + ", everything as expected"
                                : count + " told, " + failed + " not as expected",
                        failed == 0);
        return failed == 0;
    }

    private boolean tell(Chapter chapter) throws InterruptedException {
        try {
            chapter.tell(stage);
            return true;
        } catch (UnmetException e) {
            stage.narrator().fails(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            if (Thread.interrupted() || e instanceof InterruptedWaitException) {
                InterruptedException interrupted = new InterruptedException("interrupted");
                interrupted.initCause(e);
                throw interrupted;
            }
            stage.narrator().fails(e.toString());
        }
        return false;
    }
}
