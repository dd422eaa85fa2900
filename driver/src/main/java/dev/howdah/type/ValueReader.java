package dev.howdah.type;

/** How values of one PostgreSQL type are read as one Java class, in both forms. Its exceptions give reasons only. */
interface ValueReader<T> {

    T binary(byte[] bytes, int offset, int length);

    T text(String text);
}
