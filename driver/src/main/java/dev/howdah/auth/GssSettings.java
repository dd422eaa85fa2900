package dev.howdah.auth;

/**
 * How GSSAPI is to be done.
 *
 * @param service the first part of the server's principal, usually postgres
 * @param delegation whether the server gets our credentials
 * @param contexts makes security contexts
 */
public record GssSettings(String service, boolean delegation, GssContext.Factory contexts) {

    /** Uses the JDK's Kerberos. */
    public static GssSettings kerberos(String service, boolean delegation) {
        return new GssSettings(service, delegation, KerberosContext::begin);
    }
}
