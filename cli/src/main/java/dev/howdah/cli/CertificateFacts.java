package dev.howdah.cli;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a certificate says, for people and programs.
 *
 * @param subject whose it is, as of RFC 2253
 * @param issuer who vouches for it
 * @param names the host names and addresses that it is for; empty if it says none
 * @param from when its time begins
 * @param until when its time ends
 * @param sha256 its fingerprint, as {@code openssl x509 -fingerprint -sha256} prints it
 * @param untimely why it is not valid now, in one or two words; null if it is
 */
record CertificateFacts(
        String subject,
        String issuer,
        List<String> names,
        Instant from,
        Instant until,
        String sha256,
        @Nullable String untimely) {

    /** The kinds of names in RFC 5280, 4.2.1.6, that say which host it is. */
    private static final int DNS_NAME = 2;

    private static final int ADDRESS = 7;

    static CertificateFacts of(X509Certificate certificate) {
        return new CertificateFacts(
                certificate.getSubjectX500Principal().getName(),
                certificate.getIssuerX500Principal().getName(),
                names(certificate),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant(),
                fingerprint(certificate),
                untimely(certificate));
    }

    private static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            for (List<?> name : all == null ? List.<List<?>>of() : all) {
                if (name.get(0).equals(DNS_NAME) || name.get(0).equals(ADDRESS)) {
                    names.add(name.get(1).toString());
                }
            }
        } catch (CertificateParsingException e) {
            return List.of("unreadable: " + e.getMessage());
        }
        return List.copyOf(names);
    }

    private static @Nullable String untimely(X509Certificate certificate) {
        try {
            certificate.checkValidity();
            return null;
        } catch (CertificateExpiredException e) {
            return "expired";
        } catch (CertificateNotYetValidException e) {
            return "not yet valid";
        }
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(hash);
        } catch (CertificateException e) {
            throw new IllegalArgumentException("a certificate without its bytes", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
