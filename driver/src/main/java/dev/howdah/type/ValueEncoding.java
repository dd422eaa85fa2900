package dev.howdah.type;

/** How Java values become values of one PostgreSQL type. Its exceptions give reasons only. */
interface ValueEncoding {

    void binary(Object value, ValueWriter out);

    String text(Object value);
}
