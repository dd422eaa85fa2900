package dev.howdah;

/**
 * A column of a result. Immutable.
 *
 * @param name its name
 * @param typeOid the OID of its type
 * @param typeName the name of its type, or the OID in digits if the type is not known here
 * @param typeSize the size of the type in bytes, negative if it varies
 * @param typeModifier what the type was declared with, such as the length of a varchar; -1 if nothing
 * @param tableOid the OID of the table that it comes from, 0 if it is computed
 * @param tableColumn its number in that table, counted from 1; 0 if it is computed
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-ROWDESCRIPTION">RowDescription</a>
 */
public record Column(
        String name, long typeOid, String typeName, int typeSize, int typeModifier, long tableOid, int tableColumn) {}
