package dev.howdah.transport;

import com.ongres.scram.common.util.TlsServerEndpoint;
import dev.howdah.error.ConfigException;
import dev.howdah.message.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CRL;
import java.security.cert.CRLException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Reads certificates and revocation lists from files, and what a server's certificate says. */
final class TlsCertificates {

    private static final String CRL_LABEL = "X509 CRL";
    /** How OpenSSL names the files of a folder of revocation lists. */
    private static final Pattern HASHED = Pattern.compile("[0-9a-f]{8}\\.r\\d+");

    private TlsCertificates() {}

    /**
     * Reads all certificates of a file, PEM or DER.
     *
     * @return at least one
     */
    static List<X509Certificate> read(String keyword, Path file) {
        try {
            byte[] content = Files.readAllBytes(file);
            List<Pem> parts = Pem.parts(content);
            List<X509Certificate> certificates = new ArrayList<>();
            for (Pem part : parts) {
                if (part.label().equals("CERTIFICATE") || part.label().equals("X509 CERTIFICATE")) {
                    certificates.add(certificate(part.der().toByteArray()));
                }
            }
            if (parts.isEmpty()) {
                certificates.add(certificate(content));
            }
            if (certificates.isEmpty()) {
                throw new ConfigException(keyword, "the file " + file + " has no certificate");
            }
            return certificates;
        } catch (IOException e) {
            throw TlsKeyFile.unreadable(keyword, file, e);
        } catch (CertificateException | IllegalArgumentException e) {
            throw new ConfigException(keyword, "the certificate file " + file + " cannot be used: " + reason(e), e);
        }
    }

    private static X509Certificate certificate(byte[] der) throws CertificateException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** Reads all revocation lists of a file, PEM or DER. */
    static List<CRL> readRevocations(Path file) {
        List<CRL> lists = readRevocations("sslcrl", file, true);
        if (lists.isEmpty()) {
            throw new ConfigException("sslcrl", "the file " + file + " has no revocation list");
        }
        return lists;
    }

    private static List<CRL> readRevocations(String keyword, Path file, boolean mayBeDer) {
        try {
            byte[] content = Files.readAllBytes(file);
            List<Pem> parts = Pem.parts(content);
            List<CRL> lists = new ArrayList<>();
            for (Pem part : parts) {
                if (part.label().equals(CRL_LABEL)) {
                    lists.add(revocations(part.der().toByteArray()));
                }
            }
            if (parts.isEmpty() && mayBeDer) {
                lists.add(revocations(content));
            }
            return lists;
        } catch (IOException e) {
            throw TlsKeyFile.unreadable(keyword, file, e);
        } catch (CertificateException | CRLException | IllegalArgumentException e) {
            throw new ConfigException(keyword, "the revocation list " + file + " cannot be used: " + reason(e), e);
        }
    }

    private static CRL revocations(byte[] der) throws CertificateException, CRLException {
        return CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
    }

    /** Reads all revocation lists in the files of {@link #filesOf}; files with something else are skipped. */
    static List<CRL> readRevocations(List<Path> files) {
        List<CRL> lists = new ArrayList<>();
        for (Path file : files) {
            boolean hashed = HASHED.matcher(file.getFileName().toString()).matches();
            lists.addAll(readRevocations("sslcrldir", file, hashed));
        }
        return lists;
    }

    /** Returns the plain files of a folder of revocation lists. */
    static List<Path> filesOf(Path folder) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, Files::isRegularFile)) {
            all.forEach(files::add);
        } catch (IOException e) {
            throw TlsKeyFile.unreadable("sslcrldir", folder, e);
        }
        return files;
    }

    /** Reads what was agreed on in a handshake that is over. */
    static TlsInfo info(SSLEngine engine) throws SSLPeerUnverifiedException {
        SSLSession session = engine.getSession();
        X509Certificate certificate = (X509Certificate) session.getPeerCertificates()[0];
        String application = engine.getApplicationProtocol();
        return new TlsInfo(
                session.getProtocol(),
                session.getCipherSuite(),
                certificate,
                endPoint(certificate),
                application == null ? "" : application);
    }

    private static @Nullable Bytes endPoint(X509Certificate certificate) {
        try {
            byte[] hash = TlsServerEndpoint.getChannelBindingData(certificate);
            return hash.length == 0 ? null : Bytes.copyOf(hash);
        } catch (CertificateEncodingException e) {
            return null;
        }
    }
}
