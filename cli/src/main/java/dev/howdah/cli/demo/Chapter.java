package dev.howdah.cli.demo;

/**
 * One part of the demo. It does something on a real server, tells what it does and what came back, and checks that this is what Howdah
 * promises. A chapter stands alone: it makes what it needs, and may run again on the same database.
 */
public interface Chapter {

    /** What the user types after {@code --only}: one lower-case word. */
    String name();

    /** What it shows, in a few words. */
    String summary();

    /**
     * Does it.
     *
     * @throws UnmetException if something is not as it should be
     */
    void tell(Stage stage) throws InterruptedException;
}
