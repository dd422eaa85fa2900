/**
 * What went wrong: {@link dev.howdah.error.PgException} is the unchecked, sealed root; {@link
 * dev.howdah.error.ServerException} and its families are the errors a server sends, with {@link
 * dev.howdah.error.SqlState}, {@link dev.howdah.error.Diagnostics} and {@link dev.howdah.error.Delivery}.
 *
 * <p>Misuse by the caller (a closed cursor, a bad argument) is not here: it is an {@link IllegalStateException} or an
 * {@link IllegalArgumentException}.
 */
@NullMarked
package dev.howdah.error;

import org.jspecify.annotations.NullMarked;
