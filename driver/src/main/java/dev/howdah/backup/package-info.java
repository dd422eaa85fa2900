/**
 * The files of a whole server: base backups taken, verified and combined, and the write-ahead log received into segment files, so
 * that a server can be recovered from both.
 *
 * @see <a href="https://www.postgresql.org/docs/current/continuous-archiving.html">Continuous archiving and point-in-time recovery</a>
 */
@NullMarked
package dev.howdah.backup;

import org.jspecify.annotations.NullMarked;
