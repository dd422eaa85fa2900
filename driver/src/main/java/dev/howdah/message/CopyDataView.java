package dev.howdah.message;

/**
 * Valid until the next message is taken from the framer: the data of one CopyData, in place. One view serves a whole
 * COPY. Not safe for several threads.
 */
public final class CopyDataView {

    private static final byte[] NOTHING = new byte[0];

    private byte[] array = NOTHING;
    private int offset;
    private int length;

    /** Makes a view of nothing. */
    public CopyDataView() {}

    /** Aims at the body of a CopyData. */
    public CopyDataView over(byte[] array, int bodyOffset, int bodyLength) {
        this.array = array;
        this.offset = bodyOffset;
        this.length = bodyLength;
        return this;
    }

    /** Returns the array that holds the data. */
    public byte[] array() {
        return array;
    }

    /** Returns where in {@link #array()} the data begin. */
    public int offset() {
        return offset;
    }

    /** Returns how many bytes of data there are. */
    public int length() {
        return length;
    }

    /** Returns a copy that lasts. */
    public CopyData toMessage() {
        return new CopyData(Bytes.copyOf(array, offset, length));
    }
}
