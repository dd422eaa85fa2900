package dev.howdah.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Runs commands in this process and keeps what they print. */
final class Cli {

    private final Map<String, String> environment = new HashMap<>();
    private boolean terminal;
    private String in = "";
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** How a command ended. */
    record Outcome(int code, String out, String err) {}

    Cli on(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Cli onATerminal() {
        terminal = true;
        return this;
    }

    Cli reading(String text) {
        in = text;
        return this;
    }

    /** What commands have written that is no text. */
    byte[] bytes() {
        return bytes.toByteArray();
    }

    /** What is around a command here, for parts of one; nobody reads what it prints. */
    Surroundings around() {
        return around(new StringWriter(), new StringWriter());
    }

    private Surroundings around(StringWriter out, StringWriter err) {
        return new Surroundings(
                new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                new PrintWriter(out),
                bytes,
                new PrintWriter(err),
                environment,
                terminal,
                terminal);
    }

    Outcome run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Surroundings around = around(out, err);
        int code = HowdahCommand.run(around, arguments);
        return new Outcome(code, out.toString(), err.toString());
    }
}
