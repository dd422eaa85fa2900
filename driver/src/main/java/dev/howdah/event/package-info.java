/** What the server says unasked. */
package dev.howdah.event;
