/**
 * Large objects: bytes of up to 4 TiB that are read and written piece by piece. {@code PgConnection.largeObjects()} gives
 * them.
 *
 * @see <a href="https://www.postgresql.org/docs/current/largeobjects.html">Large objects</a>
 */
package dev.howdah.largeobject;
