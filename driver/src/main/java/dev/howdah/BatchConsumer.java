package dev.howdah;

/**
 * Takes what a batch yields as it comes, so that nothing of it has to be kept. Called on the thread that runs the batch,
 * while the batch runs: what it is given becomes permanent only when {@code executeMany} returns. While it works nothing is
 * read, so a slow one slows the server down. It must not use the same connection, which it is told with an {@link
 * IllegalStateException}. What it throws is passed on when all of the batch has been undone.
 */
@FunctionalInterface
public interface BatchConsumer {

    /**
     * Takes the next page.
     *
     * @param firstSet which set the first one of the page is, counted from 0
     * @param page the sets that have been run since the page before, up to some thousands, with their rows. If one set
     *     alone returns more rows than a page has, they come in several: all but the last have only rows, and no set
     */
    void accept(int firstSet, BatchResult page);
}
