package dev.howdah.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.Map;

/**
 * What is around the command: where it reads and writes, and what it is told without arguments.
 *
 * @param in standard input
 * @param out standard output, written in UTF-8
 * @param outBytes standard output for what is no text; flush {@code out} before
 * @param err standard error, written in UTF-8
 * @param environment the environment variables
 * @param outIsTerminal whether somebody looks at the output as it comes
 * @param errIsTerminal the same for the errors
 */
public record Surroundings(
        InputStream in,
        PrintWriter out,
        OutputStream outBytes,
        PrintWriter err,
        Map<String, String> environment,
        boolean outIsTerminal,
        boolean errIsTerminal) {}
