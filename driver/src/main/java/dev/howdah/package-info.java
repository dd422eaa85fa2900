/** What a user touches: connections, their options, results. */
@NullMarked
package dev.howdah;

import org.jspecify.annotations.NullMarked;
