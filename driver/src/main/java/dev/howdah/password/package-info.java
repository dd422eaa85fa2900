/** Secrets that never print themselves, and the password verifiers that PostgreSQL stores. */
@NullMarked
package dev.howdah.password;

import org.jspecify.annotations.NullMarked;
