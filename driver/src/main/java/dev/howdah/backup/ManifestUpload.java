package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import dev.howdah.pump.CallLimits;
import dev.howdah.pump.Interrupts;
import dev.howdah.pump.ReplicationHost;
import dev.howdah.session.Conversation;
import dev.howdah.session.ManifestExchange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Sends the manifest of an earlier backup, whatever its size, to a server that is to send what has changed since. */
final class ManifestUpload implements Conversation<Boolean> {

    private static final int PIECE = 64 * 1024;

    private final ManifestExchange exchange = new ManifestExchange();
    private final byte[] piece = new byte[PIECE];
    private final InputStream in;
    private @Nullable IOException unread;
    private boolean begun;

    private ManifestUpload(InputStream in) {
        this.in = in;
    }

    /**
     * Sends it.
     *
     * @throws dev.howdah.error.ServerException if the server refuses it: it does not summarize its log (55000), or the manifest is not one
     */
    static void send(ReplicationHost host, Path manifest) {
        try (InputStream in = Files.newInputStream(manifest)) {
            ManifestUpload upload = new ManifestUpload(in);
            try {
                host.run(upload, new CallLimits(null, Interrupts.CANCEL, null));
            } catch (RuntimeException e) {
                upload.requireRead(manifest, e);
                throw e;
            }
        } catch (IOException e) {
            throw failed(manifest, e);
        }
    }

    private void requireRead(Path manifest, RuntimeException refusal) {
        if (unread != null) {
            BackupException failure = failed(manifest, unread);
            failure.addSuppressed(refusal);
            throw failure;
        }
    }

    private static BackupException failed(Path manifest, IOException e) {
        return new BackupException(Reason.FILE_FAILED, "cannot read the manifest " + manifest + ": " + e, e);
    }

    @Override
    public @Nullable ManifestExchange next() {
        if (begun) {
            return null;
        }
        begun = true;
        return exchange;
    }

    @Override
    public void feed() {
        try {
            int count = in.read(piece);
            if (count < 0) {
                exchange.finish();
            } else {
                exchange.send(piece, count);
            }
        } catch (IOException e) {
            unread = e;
            exchange.abort();
        }
    }

    @Override
    public Boolean result() {
        return exchange.result();
    }
}
