package dev.howdah.type;

/** An encoding with its format settled; puts both types into its exceptions. */
record ValueParameterEncoder(PgType type, PartEncoding encoding, boolean binary) implements ParameterEncoder {

    @Override
    public void encode(Object value, ValueWriter out) {
        try {
            if (binary) {
                encoding.binary(value, out);
            } else {
                out.utf8(Utf8.checked(encoding.text(value)));
            }
        } catch (TextFormRequired e) {
            throw e;
        } catch (RuntimeException e) {
            throw Refusal.writing(type, value, e);
        }
    }

    @Override
    public void text(Object value, ValueWriter out) {
        try {
            out.utf8(Utf8.checked(encoding.text(value)));
        } catch (RuntimeException e) {
            throw Refusal.writing(type, value, e);
        }
    }
}
