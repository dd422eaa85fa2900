package dev.howdah.cli;

import dev.howdah.replication.ResumeToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The file in which a command keeps how far it has got: one line with a {@link ResumeToken}. It is replaced as a whole, so that whoever reads
 * it, after a power failure, too, finds the old place or the new one. For one thread.
 */
final class ResumeFile {

    private final Path file;

    ResumeFile(Path file) {
        this.file = file;
    }

    /**
     * Returns what is in it.
     *
     * @return null if there is no such file
     */
    @Nullable
    ResumeToken read() {
        try {
            return Files.exists(file) ? ResumeToken.parse(Files.readString(file).strip()) : null;
        } catch (IllegalArgumentException e) {
            throw new UsageException(file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw UserFiles.failed(file.toString(), e);
        }
    }

    /** Replaces what is in it; returns when it is on disk. */
    void write(ResumeToken token) throws IOException {
        Path target = Files.exists(file) ? file.toRealPath() : file;
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try (FileChannel channel = FileChannel.open(
                part, StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer text = ByteBuffer.wrap((token + "\n").getBytes(StandardCharsets.UTF_8));
            while (text.hasRemaining()) {
                channel.write(text);
            }
            channel.force(true);
        }
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        Path folder = target.toAbsolutePath().getParent();
        if (folder != null && System.getProperty("file.separator").equals("/")) {
            // So that the new name lasts, too. Windows opens no folders.
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
