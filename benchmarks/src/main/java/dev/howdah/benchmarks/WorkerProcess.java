package dev.howdah.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link Worker} seen from outside. Closing it ends its process. */
final class WorkerProcess implements AutoCloseable {

    /**
     * The same for every client: enough heap for the hungriest, the JVM's usual garbage collector, and a heap that keeps what
     * it has: else the collection before each repetition gives it back, and the repetition measures page faults.
     */
    static final List<String> JVM_OPTIONS = List.of("-Xmx3g", "-XX:+UseG1GC", "-XX:MaxHeapFreeRatio=100");

    private static final int ERROR_TAIL = 4_000;

    private final Client client;
    private final Process process;
    private final Path errors;
    private final BufferedWriter commands;
    private final BufferedReader answers;

    private WorkerProcess(Client client, Process process, Path errors) {
        this.client = client;
        this.process = process;
        this.errors = errors;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    static WorkerProcess start(Client client, WorkloadId workload, Target target) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        command.addAll(JVM_OPTIONS);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Worker.class.getName());
        Path errors = Files.createTempFile("benchmark-", ".err");
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        WorkerProcess worker = new WorkerProcess(client, process, errors);
        try {
            worker.ask("open " + Worker.encode(client.name()) + " " + workload.name() + " "
                    + Worker.encode(target.host()) + " " + target.port() + " " + Worker.encode(target.database()) + " "
                    + Worker.encode(target.user()) + " " + Worker.encode(target.password()) + " " + target.keys());
            return worker;
        } catch (IOException | RuntimeException e) {
            worker.close();
            throw e;
        }
    }

    Client client() {
        return client;
    }

    Measure run(int count, int round) throws IOException {
        return Measure.parse(ask("run " + count + " " + round));
    }

    void startProfile() throws IOException {
        ask("profile");
    }

    String stopProfile() throws IOException {
        return Worker.text(ask("profiled"));
    }

    private String ask(String command) throws IOException {
        String answer;
        try {
            commands.write(command + "\n");
            commands.flush();
            answer = answers.readLine();
        } catch (IOException e) {
            throw new IOException(client.name() + "'s JVM is gone\n" + errorTail(), e);
        }
        if (answer == null || !answer.startsWith("ok ")) {
            throw new IOException(
                    client.name() + ": " + (answer == null ? "its JVM has ended" : answer) + "\n" + errorTail());
        }
        return answer.substring("ok ".length());
    }

    private String errorTail() throws IOException {
        String text = Files.readString(errors);
        return text.substring(Math.max(0, text.length() - ERROR_TAIL));
    }

    /** Lets it close its connections and end by itself; kills it when it does not within ten seconds. */
    @Override
    public void close() throws IOException {
        try {
            commands.close();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } finally {
            Files.deleteIfExists(errors);
        }
    }
}
