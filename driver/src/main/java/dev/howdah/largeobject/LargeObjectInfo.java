package dev.howdah.largeobject;

import org.jspecify.annotations.Nullable;

/**
 * What the catalog says of a large object.
 *
 * @param oid its number
 * @param owner the role that it belongs to
 * @param comment its comment, null if it has none
 * @param acl who may do what with it, in PostgreSQL's own form such as {@code {alice=rw/alice,bob=r/alice}}; null if only
 *     the owner may, as at first
 */
public record LargeObjectInfo(
        long oid,
        String owner,
        @Nullable String comment,
        @Nullable String acl) {}
