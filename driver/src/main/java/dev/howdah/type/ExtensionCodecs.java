package dev.howdah.type;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which codecs serve types of extensions. Their OIDs, names and schemas differ from database to database; the function
 * that reads their binary form tells what they are.
 *
 * @see <a href="https://www.postgresql.org/docs/current/contrib.html">Additional supplied modules</a>
 */
final class ExtensionCodecs {

    private static final BuiltinCodecs.Entry VERSIONED_TEXT = BuiltinCodecs.Entry.of(new VersionedTextCodec());

    private static final Map<String, BuiltinCodecs.Entry> ENTRIES = Map.of(
            "hstore_recv", BuiltinCodecs.Entry.of(new HstoreCodec()),
            "citextrecv", BuiltinCodecs.TEXT,
            "ltree_recv", VERSIONED_TEXT,
            "lquery_recv", VERSIONED_TEXT,
            "ltxtq_recv", VERSIONED_TEXT);

    private ExtensionCodecs() {}

    static BuiltinCodecs.@Nullable Entry find(String receiver) {
        return ENTRIES.get(receiver);
    }
}
