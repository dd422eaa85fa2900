package dev.howdah;

import dev.howdah.pump.CallLimits;
import java.util.Spliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The rows of a portal as a stream: one page in memory at a time. */
final class RowStream implements Spliterator<Row> {

    private final Pages pages;

    private RowStream(Pages pages) {
        this.pages = pages;
    }

    static Stream<Row> open(Core core, CallLimits limits, int fetchSize, PagedQuery query) {
        Pages pages = Pages.open(core, limits, fetchSize, query, () -> {});
        return StreamSupport.stream(new RowStream(pages), false).onClose(pages::close);
    }

    @Override
    public boolean tryAdvance(Consumer<? super Row> action) {
        while (!pages.hasItem()) {
            if (pages.isEnded()) {
                pages.close();
                return false;
            }
            pages.fetch();
        }
        action.accept(pages.take());
        return true;
    }

    @Override
    public @Nullable Spliterator<Row> trySplit() {
        return null;
    }

    @Override
    public long estimateSize() {
        return Long.MAX_VALUE;
    }

    @Override
    public int characteristics() {
        return ORDERED | NONNULL;
    }
}
