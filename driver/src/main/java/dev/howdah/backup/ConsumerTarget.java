package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** A consumer, who takes the files as they come. Not safe for several threads. */
final class ConsumerTarget implements BackupTarget {

    private static final int PIECE = 128 * 1024;

    private final BackupConsumer consumer;
    private final Reason reason;
    private final byte[] piece = new byte[PIECE];
    private @Nullable TarStore log;

    /**
     * Makes one.
     *
     * @param reason why the backup fails if he does
     */
    ConsumerTarget(BackupConsumer consumer, Reason reason) {
        this.consumer = consumer;
        this.reason = reason;
    }

    @Override
    public void prepare() {
        // He says so when he is given something.
    }

    @Override
    public void begin(BackupArchives archives) {
        // He learns of tablespaces by their files.
    }

    private BackupException failure(String what, Throwable cause) {
        return new BackupException(reason, what + ": " + cause, cause);
    }

    private OutputStream open(BackupFile file) {
        try {
            return consumer.open(file);
        } catch (IOException | RuntimeException e) {
            throw failure("cannot begin the file " + file.name() + " of the backup", e);
        }
    }

    @Override
    public WalStore log() {
        BackupFile file = new BackupFile(BackupFile.Kind.LOG, "pg_wal.tar", null);
        TarStore opened =
                new TarStore(open(file), e -> failure("cannot write the file " + file.name() + " of the backup", e));
        log = opened;
        return opened;
    }

    @Override
    public void take(BackupArchives.Archive archive) {
        String name = archive.file().name();
        OutputStream out = open(archive.file());
        try {
            for (int count = archive.read(piece, 0, PIECE); count >= 0; count = archive.read(piece, 0, PIECE)) {
                write(name, out, count);
            }
        } catch (RuntimeException | Error e) {
            try {
                out.close();
            } catch (IOException | RuntimeException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
        try {
            out.close();
        } catch (IOException | RuntimeException e) {
            throw failure("cannot finish the file " + name + " of the backup", e);
        }
    }

    private void write(String name, OutputStream out, int count) {
        try {
            out.write(piece, 0, count);
        } catch (IOException | RuntimeException e) {
            throw failure("cannot write the file " + name + " of the backup", e);
        }
    }

    @Override
    public void complete(BackupResult result) {
        if (log != null) {
            log.finish();
            log = null;
        }
        try {
            consumer.completed(result);
        } catch (IOException | RuntimeException e) {
            throw failure("cannot finish the backup", e);
        }
    }

    @Override
    public void failed(Throwable why) {
        try {
            if (log != null) {
                log.close();
            }
        } catch (BackupException e) {
            why.addSuppressed(e);
        }
        try {
            consumer.failed(why);
        } catch (RuntimeException e) {
            why.addSuppressed(e);
        }
    }
}
