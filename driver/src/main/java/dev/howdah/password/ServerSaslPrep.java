package dev.howdah.password;

import com.ongres.saslprep.SASLprep;
import com.ongres.stringprep.Option;
import com.ongres.stringprep.Profile;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.Set;

/**
 * SASLprep in the order in which PostgreSQL applies it: prohibited and unassigned characters are looked for before the
 * normalisation, not after it. A text that is refused, or of which nothing would be left, stays as it is, and so does
 * ASCII.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4013">RFC 4013</a>
 */
final class ServerSaslPrep {
    private static final SASLprep STANDARD = new SASLprep();
    private static final Set<Option> MAPPING = EnumSet.of(Option.MAP_TO_NOTHING, Option.ADDITIONAL_MAPPING);
    private static final Rules MAP = new Rules(MAPPING);
    private static final Rules CHECK = new Rules(checks());

    /** A space by one table of RFC 3454, nothing by another; the server takes it as a space. */
    private static final char ZERO_WIDTH_SPACE = '\u200B';

    private ServerSaslPrep() {}

    static String prepare(String password) {
        if (StandardCharsets.US_ASCII.newEncoder().canEncode(password)) {
            return password;
        }
        // The library cannot handle a text of which nothing is left: a letter goes along.
        String mapped =
                MAP.prepareQuery("x" + password.replace(ZERO_WIDTH_SPACE, ' ')).substring(1);
        if (mapped.isEmpty() || !isAllowed(mapped)) {
            return password;
        }
        return Normalizer.normalize(mapped, Normalizer.Form.NFKC);
    }

    /** Whether the mapped text has no prohibited and no unassigned character, and no forbidden mix of directions. */
    private static boolean isAllowed(String mapped) {
        try {
            return CHECK.prepareStored(mapped).equals(mapped);
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    private static Set<Option> checks() {
        Set<Option> checks = EnumSet.copyOf(STANDARD.profile());
        checks.removeAll(MAPPING);
        checks.remove(Option.NORMALIZE_KC);
        return checks;
    }

    /** Some of SASLprep's steps. */
    private record Rules(Set<Option> profile) implements Profile {
        @Override
        public int[] additionalMappingTable(int codePoint) {
            return STANDARD.additionalMappingTable(codePoint);
        }
    }
}
