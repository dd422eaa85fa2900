package dev.howdah.event;

import dev.howdah.error.PgException;
import java.time.Instant;

/**
 * A time in which a subscription could not hear. Whatever was committed before {@code from} has been delivered, whatever is
 * committed after {@code until} will be; what was committed in between may have been told to nobody. Immutable.
 *
 * <p>Both moments are of this machine's clock, and the server's may differ. To find what was missed, ask for what has not
 * been processed; rows by their time or number may be committed in another order. A commit that waits for a synchronous
 * standby counts from when others see it.
 *
 * @param from the last moment for which the server's answer proves that all was heard: when the last probe that was answered
 *     was sent. It is mostly earlier than the loss itself, never later
 * @param until when the server had confirmed LISTEN for all channels again
 * @param cause why the connection before it was lost
 */
public record Gap(Instant from, Instant until, PgException cause) {}
