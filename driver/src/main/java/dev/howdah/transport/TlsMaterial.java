package dev.howdah.transport;

import dev.howdah.error.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CRL;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What the files of TLS settings say. It is kept while a connection with these settings lives, or the garbage collector
 * has not run, and read again when a file has changed. Immutable, safe for several threads.
 */
final class TlsMaterial {

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Map<TlsSettings, TlsMaterial> READ = new WeakHashMap<>();

    private final @Nullable X509ExtendedTrustManager trust;
    private final @Nullable TlsIdentity identity;
    private final Map<Path, String> stamps;

    private TlsMaterial(
            @Nullable X509ExtendedTrustManager trust, @Nullable TlsIdentity identity, Map<Path, String> stamps) {
        this.trust = trust;
        this.identity = identity;
        this.stamps = stamps;
    }

    /**
     * Returns what the files say now.
     *
     * @throws ConfigException if one of them cannot be used
     */
    static TlsMaterial of(TlsSettings settings) {
        Map<Path, String> stamps = stamps(settings);
        LOCK.lock();
        try {
            TlsMaterial known = READ.get(settings);
            if (known != null && known.stamps.equals(stamps)) {
                return known;
            }
        } finally {
            LOCK.unlock();
        }
        TlsMaterial read = read(settings, stamps);
        LOCK.lock();
        try {
            READ.put(settings, read);
        } finally {
            LOCK.unlock();
        }
        return read;
    }

    /** Returns who judges certificates, or null if every one is good. */
    @Nullable
    X509ExtendedTrustManager trust() {
        return trust;
    }

    /** Returns what to show to a server that asks, or null for nothing. */
    @Nullable
    TlsIdentity identity() {
        return identity;
    }

    /** Notes of each file when it was changed; the owner of a key's permissions counts, too. */
    private static Map<Path, String> stamps(TlsSettings settings) {
        Map<Path, String> stamps = new HashMap<>();
        TlsSettings.Trust trust = settings.trust();
        stamp(trust.rootCertificates(), stamps);
        stamp(trust.revoked(), stamps);
        if (trust.revokedFolder() != null && settings.verifiesAuthority()) {
            TlsCertificates.filesOf(trust.revokedFolder()).forEach(file -> stamp(file, stamps));
        }
        stamp(settings.identity().certificate(), stamps);
        stamp(settings.identity().key(), stamps);
        return stamps;
    }

    private static void stamp(@Nullable Path file, Map<Path, String> stamps) {
        if (file == null) {
            return;
        }
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            stamps.put(file, attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey());
        } catch (NoSuchFileException e) {
            stamps.put(file, "missing");
        } catch (IOException e) {
            stamps.put(file, "unreadable");
        }
    }

    private static TlsMaterial read(TlsSettings settings, Map<Path, String> stamps) {
        TlsIdentity identity = TlsIdentity.read(settings.identity());
        if (!settings.verifiesAuthority()) {
            if (settings.policy() == TlsPolicy.REQUIRE && settings.trust().hasRevocations()) {
                throw new ConfigException(
                        settings.trust().revoked() != null ? "sslcrl" : "sslcrldir",
                        "revocation lists need authorities; sslrootcert names none");
            }
            return new TlsMaterial(null, identity, stamps);
        }
        try {
            return new TlsMaterial(judge(settings), identity, stamps);
        } catch (GeneralSecurityException e) {
            throw new ConfigException("sslrootcert", "it cannot be used: " + e.getMessage(), e);
        }
    }

    private static X509ExtendedTrustManager judge(TlsSettings settings) throws GeneralSecurityException {
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors(settings), new X509CertSelector());
        List<CRL> revocations = new ArrayList<>();
        TlsSettings.Trust trust = settings.trust();
        if (trust.revoked() != null) {
            revocations.addAll(TlsCertificates.readRevocations(trust.revoked()));
        }
        if (trust.revokedFolder() != null) {
            revocations.addAll(TlsCertificates.readRevocations(TlsCertificates.filesOf(trust.revokedFolder())));
        }
        parameters.setRevocationEnabled(trust.hasRevocations());
        if (trust.hasRevocations()) {
            parameters.addCertStore(
                    CertStore.getInstance("Collection", new CollectionCertStoreParameters(revocations)));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(new CertPathTrustManagerParameters(parameters));
        return extended(factory);
    }

    private static Set<TrustAnchor> anchors(TlsSettings settings) throws GeneralSecurityException {
        Set<TrustAnchor> anchors = new HashSet<>();
        Path file = settings.trust().rootCertificates();
        if (settings.trust().systemRoots()) {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init((KeyStore) null);
            for (X509Certificate root : extended(factory).getAcceptedIssuers()) {
                anchors.add(new TrustAnchor(root, null));
            }
        } else if (file != null) {
            TlsCertificates.read("sslrootcert", file).forEach(root -> anchors.add(new TrustAnchor(root, null)));
        } else {
            throw new ConfigException(
                    "sslrootcert",
                    "none is given, and there is no default root.crt; sslmode="
                            + settings.policy().keyword()
                            + " needs a file of trusted authorities, or system for those of the JDK with verify-full");
        }
        if (anchors.isEmpty()) {
            throw new ConfigException("sslrootcert", "the JDK's store of authorities is empty");
        }
        return anchors;
    }

    private static X509ExtendedTrustManager extended(TrustManagerFactory factory) throws GeneralSecurityException {
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new GeneralSecurityException("this JDK has no PKIX trust manager");
    }

    @Override
    public String toString() {
        return "TlsMaterial" + Objects.toString(stamps.keySet());
    }
}
