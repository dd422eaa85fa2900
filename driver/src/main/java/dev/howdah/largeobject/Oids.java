package dev.howdah.largeobject;

/** The numbers of large objects: 32 bits without a sign, 0 is none. */
final class Oids {

    private static final long MAX = 0xffff_ffffL;

    private Oids() {}

    /** Returns an OID if it is one. */
    static long checked(long oid) {
        if (oid < 1 || oid > MAX) {
            throw new IllegalArgumentException("an OID is a number from 1 to " + MAX + ", not " + oid);
        }
        return oid;
    }
}
