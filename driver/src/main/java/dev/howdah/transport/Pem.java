package dev.howdah.transport;

import dev.howdah.message.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a PEM file.
 *
 * @param label what a part is, such as CERTIFICATE
 * @param encrypted whether the part is encrypted in OpenSSL's old way, by headers of its own
 * @param der its content
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7468">RFC 7468</a>
 */
record Pem(String label, boolean encrypted, Bytes der) {

    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";

    /**
     * Reads all parts; text around them is skipped.
     *
     * @return empty if the file is no PEM file
     * @throws IllegalArgumentException if a part is broken; the message has nothing of its content
     */
    static List<Pem> parts(byte[] file) {
        List<Pem> parts = new ArrayList<>();
        @Nullable String label = null;
        boolean encrypted = false;
        StringBuilder content = new StringBuilder();
        for (String line : new String(file, StandardCharsets.ISO_8859_1).lines().toList()) {
            String text = line.strip();
            if (label == null) {
                if (text.startsWith(BEGIN) && text.endsWith(DASHES)) {
                    label = text.substring(BEGIN.length(), text.length() - DASHES.length());
                    encrypted = false;
                    content.setLength(0);
                }
            } else if (text.equals("-----END " + label + DASHES)) {
                parts.add(new Pem(label, encrypted, decode(label, content)));
                label = null;
            } else if (text.indexOf(':') >= 0) {
                encrypted |= text.startsWith("Proc-Type:") && text.endsWith("ENCRYPTED");
            } else {
                content.append(text);
            }
        }
        if (label != null) {
            throw new IllegalArgumentException("the part " + label + " has no end");
        }
        return parts;
    }

    @SuppressWarnings("UnusedException") // its message quotes the content
    private static Bytes decode(String label, CharSequence content) {
        try {
            return Bytes.copyOf(Base64.getDecoder().decode(content.toString()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the part " + label + " is not in Base64");
        }
    }
}
