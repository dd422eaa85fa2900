package dev.howdah.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;

/** The program {@code howdah}. */
public final class Main {

    private Main() {}

    /**
     * Runs one command and ends the process with its {@link ExitCode}.
     *
     * @param arguments the command line, as {@code howdah help} describes it
     */
    public static void main(String[] arguments) {
        Surroundings around = new Surroundings(
                // By channels: a thread that waits for a pipe or a terminal can be interrupted then.
                Channels.newInputStream(new FileInputStream(FileDescriptor.in).getChannel()),
                writer(FileDescriptor.out),
                Channels.newOutputStream(new FileOutputStream(FileDescriptor.out).getChannel()),
                writer(FileDescriptor.err),
                System.getenv(),
                Boolean.getBoolean("howdah.terminal.out"),
                Boolean.getBoolean("howdah.terminal.err"));
        Interruption interruption = Interruption.watch(Thread.currentThread());
        int code = HowdahCommand.run(around, arguments);
        interruption.over(code);
        System.exit(code);
    }

    /** UTF-8 whatever the locale says: what is written goes into files and pipes more often than not. */
    private static PrintWriter writer(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), false);
    }
}
