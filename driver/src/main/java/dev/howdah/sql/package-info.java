/** Composing SQL safely. */
package dev.howdah.sql;
