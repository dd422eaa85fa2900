package dev.howdah.transport;

import java.net.Socket;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Judges the certificate of one server while the handshake is under way, and says why it is refused. */
final class TlsJudge extends X509ExtendedTrustManager {

    private final TlsSettings settings;
    private final @Nullable X509ExtendedTrustManager authorities;
    private final String host;

    /**
     * Makes a judge.
     *
     * @param authorities who knows the trusted authorities, or null if every certificate is good
     * @param host the host that was asked for
     */
    TlsJudge(TlsSettings settings, @Nullable X509ExtendedTrustManager authorities, String host) {
        this.settings = settings;
        this.authorities = authorities;
        this.host = host;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        if (authorities == null) {
            return;
        }
        try {
            authorities.checkServerTrusted(chain, authType, engine);
        } catch (CertificateException e) {
            throw new CertificateException(reason(e), e);
        }
        if (settings.verifiesHost() && !TlsHostName.matches(chain[0], host)) {
            throw new CertificateException("the server's certificate ("
                    + chain[0].getSubjectX500Principal().getName() + ") is not for the host " + host
                    + ", as sslmode=verify-full requires");
        }
    }

    private String reason(CertificateException refusal) {
        for (Throwable e = refusal; e != null; e = e.getCause()) {
            if (e instanceof CertPathValidatorException path && path.getReason() instanceof BasicReason basic) {
                switch (basic) {
                    case EXPIRED, NOT_YET_VALID -> {
                        return "the server's certificate is not valid at this time: " + path.getMessage();
                    }
                    case REVOKED -> {
                        return "the server's certificate is revoked, says " + revocations();
                    }
                    case UNDETERMINED_REVOCATION_STATUS -> {
                        return "whether the server's certificate is revoked cannot be told from " + revocations();
                    }
                    case UNSPECIFIED, INVALID_SIGNATURE, ALGORITHM_CONSTRAINED -> {
                        return "the server's certificate cannot be verified: " + path.getMessage();
                    }
                }
            }
        }
        TlsSettings.Trust trust = settings.trust();
        return "the server's certificate does not come from an authority of sslrootcert="
                + (trust.systemRoots() ? "system" : trust.rootCertificates());
    }

    private String revocations() {
        TlsSettings.Trust trust = settings.trust();
        String file = trust.revoked() == null ? "" : "sslcrl=" + trust.revoked();
        String folder = trust.revokedFolder() == null ? "" : "sslcrldir=" + trust.revokedFolder();
        return file.isEmpty() || folder.isEmpty() ? file + folder : file + " and " + folder;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("a server is judged by its engine only");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("a server is judged by its engine only");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("there are no clients here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("there are no clients here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("there are no clients here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities == null ? new X509Certificate[0] : authorities.getAcceptedIssuers();
    }
}
