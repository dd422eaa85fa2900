package dev.howdah.largeobject;

/** What a role may do with a large object that it does not own. */
public enum LargeObjectPrivilege {
    /** It may read it. */
    SELECT,
    /** It may write and truncate it. Removing it is for the owner only. */
    UPDATE
}
