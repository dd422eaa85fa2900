package dev.howdah.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether a certificate is for a host, by libpq's rules: subject alternative names of type dNSName, for an address also
 * iPAddress; the common name only if there is no alternative name of the host's own type. A wildcard stands for exactly
 * one whole label, the first.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-ssl.html#LIBQ-SSL-CERTIFICATES">Client verification of
 *     server certificates</a>
 */
final class TlsHostName {

    private static final int DNS = 2;
    private static final int IP = 7;
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private TlsHostName() {}

    /** Returns whether a host is given by its numeric address. */
    static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || IPV4.matcher(host).matches();
    }

    /** Returns whether a certificate is for a host. */
    static boolean matches(X509Certificate certificate, String host) throws CertificateParsingException {
        boolean numeric = isAddress(host);
        boolean commonNameCounts = true;
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        for (List<?> name : names == null ? List.<List<?>>of() : names) {
            int type = (Integer) name.get(0);
            if (type == (numeric ? IP : DNS)) {
                commonNameCounts = false;
            }
            if (type == DNS && isName((String) name.get(1), host, numeric)
                    || type == IP && numeric && isSame((String) name.get(1), host)) {
                return true;
            }
        }
        @Nullable String common = commonNameCounts ? Der.commonName(certificate.getSubjectX500Principal()) : null;
        return common != null && isName(common, host, numeric);
    }

    private static boolean isName(String pattern, String host, boolean numeric) {
        if (pattern.equalsIgnoreCase(host)) {
            return true;
        }
        int dot = host.indexOf('.');
        return !numeric
                && dot > 0
                && pattern.startsWith("*.")
                && pattern.substring(1)
                        .toLowerCase(Locale.ROOT)
                        .equals(host.substring(dot).toLowerCase(Locale.ROOT));
    }

    /** Compares numeric addresses; none of the two is looked up. */
    private static boolean isSame(String certified, String host) {
        int zone = host.indexOf('%');
        try {
            return isAddress(certified)
                    && InetAddress.getByName(certified)
                            .equals(InetAddress.getByName(zone < 0 ? host : host.substring(0, zone)));
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
