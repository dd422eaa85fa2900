/** What went wrong: the exceptions that the driver throws and the facts they carry. */
package dev.howdah.error;
