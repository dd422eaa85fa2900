package dev.howdah.type;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of PostgreSQL's catalog {@code pg_type}, as far as a driver needs it. Immutable.
 *
 * @param oid the type's OID; 0 stands for "not stated"
 * @param schema the schema it lives in, null if that is not known
 * @param name its name in the catalog, such as {@code int4}; for an array the catalog's name, such as {@code _int4}
 * @param kind what sort of type it is
 * @param elementOid for an array the OID of its elements, else 0
 * @param arrayOid the OID of the array of this type, 0 if there is none
 * @param baseOid for a domain the type below it, for a range the type of its bounds, for a multirange the range; else 0
 * @param delimiter what separates values of this type in the text form of an array; a comma but for {@code box}
 * @param attributes for a row type its attributes in order, without those that were dropped, null if they are not known;
 *     else null
 * @param labels for an enum its labels in order, null if they are not known; else null
 * @param receiver for a base type the name of the function that reads its binary form, such as {@code hstore_recv}, null
 *     if there is none or it is not known; else null
 * @see <a href="https://www.postgresql.org/docs/current/catalog-pg-type.html">pg_type</a>
 */
public record PgType(
        int oid,
        @Nullable String schema,
        String name,
        Kind kind,
        int elementOid,
        int arrayOid,
        int baseOid,
        char delimiter,
        @Nullable List<Attribute> attributes,
        @Nullable List<String> labels,
        @Nullable String receiver) {

    /**
     * One attribute of a row type.
     *
     * @param name its name
     * @param typeOid the OID of its type
     * @see <a href="https://www.postgresql.org/docs/current/catalog-pg-attribute.html">pg_attribute</a>
     */
    public record Attribute(String name, int typeOid) {}

    /** Copies the lists. */
    public PgType {
        attributes = attributes == null ? null : List.copyOf(attributes);
        labels = labels == null ? null : List.copyOf(labels);
    }

    /**
     * Makes a type without attributes, labels and receiver.
     *
     * @param oid the type's OID
     * @param schema the schema it lives in, null if that is not known
     * @param name its name in the catalog
     * @param kind what sort of type it is
     * @param elementOid for an array the OID of its elements, else 0
     * @param arrayOid the OID of the array of this type, 0 if there is none
     * @param baseOid for a domain the type below it, for a range that of its bounds, for a multirange the range; else 0
     * @param delimiter what separates values of this type in the text form of an array
     */
    public PgType(
            int oid,
            @Nullable String schema,
            String name,
            Kind kind,
            int elementOid,
            int arrayOid,
            int baseOid,
            char delimiter) {
        this(oid, schema, name, kind, elementOid, arrayOid, baseOid, delimiter, null, null, null);
    }

    /** What sort of type it is: {@code typtype} of the catalog, arrays told apart from other base types. */
    public enum Kind {
        /** A type with its own input and output functions. */
        BASE,
        /** An array of another type. */
        ARRAY,
        /** A row type, of a table or made by CREATE TYPE. */
        COMPOSITE,
        /** A type with constraints over another. */
        DOMAIN,
        /** A list of labels. */
        ENUM,
        /** A type that no column can have. */
        PSEUDO,
        /** A range. */
        RANGE,
        /** A set of ranges. */
        MULTIRANGE
    }

    /**
     * Makes a type whose name stands alone: neither array, domain nor range.
     *
     * @param oid the type's OID
     * @param schema the schema it lives in, null if that is not known
     * @param name its name in the catalog
     * @param kind what sort of type it is
     * @param arrayOid the OID of the array of this type, 0 if there is none
     * @return never null
     */
    public static PgType of(int oid, @Nullable String schema, String name, Kind kind, int arrayOid) {
        return new PgType(oid, schema, name, kind, 0, arrayOid, 0, ',');
    }

    /** {@return the name for messages: without the schema {@code pg_catalog}, and an array as {@code int4[]}} */
    public String displayName() {
        String plain = kind == Kind.ARRAY && name.startsWith("_") ? name.substring(1) + "[]" : name;
        return schema == null || schema.equals(BuiltinTypes.SCHEMA) ? plain : schema + "." + plain;
    }
}
