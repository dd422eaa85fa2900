package dev.howdah.cli;

/** What the process ends with; {@code howdah help} lists them. */
public final class ExitCode {

    /** It went well. */
    public static final int OK = 0;
    /** The server answered with an error, the doctor found one, a backup is not sound, or the demo was not told what it expected. */
    public static final int SERVER_ERROR = 1;
    /** The command line or the connection text is wrong. */
    public static final int USAGE = 2;
    /** No connection could be made, or it was lost. */
    public static final int NO_CONNECTION = 3;
    /** The time that was allowed passed, or the user interrupted. */
    public static final int STOPPED = 4;
    /** A mistake in howdah itself. */
    public static final int INTERNAL = 70;

    /** A file that a server needs to recover is there and cannot be given to it; it stops at codes above 125. */
    public static final int NOT_RESTORED = 126;

    private ExitCode() {}
}
