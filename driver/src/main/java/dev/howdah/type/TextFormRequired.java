package dev.howdah.type;

/**
 * A value has a {@link TextForm} in it and so has no binary form; {@link ParameterEncoder#text} writes it. No failure: it
 * is thrown without a stack trace.
 */
public final class TextFormRequired extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TextFormRequired() {
        super("the value has a part in the text form", null, false, false);
    }
}
