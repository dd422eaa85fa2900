package dev.howdah.session;

import dev.howdah.error.PgException;
import dev.howdah.message.TransactionStatus;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server whether it still has an open large object: for its position, within a savepoint, so that no answer does the
 * transaction any harm. In one that has failed nothing can be found out.
 */
final class ObjectProbe implements Conversation<Boolean> {

    private static final String SAVEPOINT = "SAVEPOINT howdah_object";

    private final ObjectPipe pipe;
    private final ObjectDescriptor descriptor;
    private @Nullable SimpleQuery question;
    private @Nullable SimpleQuery undo;

    ObjectProbe(ObjectPipe pipe, ObjectDescriptor descriptor) {
        this.pipe = pipe;
        this.descriptor = descriptor;
    }

    @Override
    public @Nullable Exchange<?> next() {
        SimpleQuery asked = question;
        if (asked == null) {
            if (pipe.session().transactionStatus() != TransactionStatus.IN_TRANSACTION) {
                return null;
            }
            SimpleQuery first =
                    query(SAVEPOINT + "; SELECT pg_catalog.lo_tell64(" + descriptor.fd() + "); RELEASE " + SAVEPOINT);
            question = first;
            return first;
        }
        PgException refusal = asked.failure();
        if (undo != null) {
            undo.result();
        } else if (refusal != null) {
            if (!ObjectDescriptor.isMissing(refusal)) {
                throw refusal;
            }
            descriptor.lost();
            SimpleQuery second = query("ROLLBACK TO " + SAVEPOINT + "; RELEASE " + SAVEPOINT);
            undo = second;
            return second;
        }
        descriptor.noteRollbacks();
        return null;
    }

    private SimpleQuery query(String sql) {
        return new SimpleQuery(sql, pipe.statements(), pipe.statements().types());
    }

    @Override
    public Boolean result() {
        return descriptor.whyGone() == null;
    }
}
