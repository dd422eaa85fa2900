package dev.howdah.cli;

/**
 * Counts the rows of a COPY while its data pass by, in pieces of any length. It believes what it sees: of data that the server is going to
 * refuse, the count means little. For one thread.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY, file formats</a>
 */
abstract class RowTally {

    /** For the text format: a backslash takes what follows it into the value, also a line end. */
    static RowTally ofText(boolean header) {
        return new Text(header);
    }

    /**
     * For the csv format: between quotes a line end is part of the value.
     *
     * @param quote what values are quoted by
     * @param escape what takes a quote within quotes into the value; may be the same
     */
    static RowTally ofCsv(boolean header, byte quote, byte escape) {
        return new Csv(header, quote, escape);
    }

    /** For the binary format. */
    static RowTally ofBinary() {
        return new BinaryTally();
    }

    /** Takes the next piece. */
    abstract void take(byte[] bytes, int offset, int length);

    /** How many rows have passed; a last line without a line end counts as well. */
    abstract long rows();

    /** Lines that end with a line feed, a carriage return or both. */
    private abstract static class Lines extends RowTally {
        private final boolean header;
        private long lines;
        private boolean afterReturn;
        /** How many bytes the line has so far. */
        private long length;

        private boolean ended;

        Lines(boolean header) {
            this.header = header;
        }

        /** Whether this byte is part of a value even if it is a line end; it is the first, second ... of its line, from 1. */
        abstract boolean isValue(byte one, long place);

        /** Here is the end, whatever follows. */
        final void end() {
            ended = true;
            length = 0;
        }

        @Override
        final void take(byte[] bytes, int offset, int count) {
            for (int i = offset; i < offset + count && !ended; i++) {
                byte one = bytes[i];
                boolean secondOfTwo = one == '\n' && afterReturn;
                afterReturn = false;
                if (secondOfTwo) {
                    continue;
                }
                length++;
                if (!isValue(one, length) && (one == '\n' || one == '\r')) {
                    afterReturn = one == '\r';
                    lines++;
                    length = 0;
                }
            }
        }

        @Override
        long rows() {
            long all = lines + (length > 0 ? 1 : 0);
            return header && all > 0 ? all - 1 : all;
        }
    }

    private static final class Text extends Lines {
        private boolean escaped;

        Text(boolean header) {
            super(header);
        }

        @Override
        boolean isValue(byte one, long place) {
            if (escaped) {
                escaped = false;
                if (one == '.' && place == 2) {
                    end();
                }
                return true;
            }
            escaped = one == '\\';
            return escaped;
        }
    }

    private static final class Csv extends Lines {
        private final byte quote;
        private final byte escape;
        private boolean quoted;
        private boolean escaped;

        Csv(boolean header, byte quote, byte escape) {
            super(header);
            this.quote = quote;
            this.escape = escape;
        }

        /** As the server does it: a doubled quote ends the quotes and begins them again. */
        @Override
        boolean isValue(byte one, long place) {
            if (quoted && one == escape && escape != quote) {
                escaped = !escaped;
            } else if (one == quote && !escaped) {
                quoted = !quoted;
            } else {
                escaped = false;
            }
            return quoted;
        }
    }

    /** Walks from count to count; what stands between is skipped. */
    private static final class BinaryTally extends RowTally {

        private static final int SIGNATURE_AND_FLAGS = 15;

        private enum Next {
            EXTENSION(4),
            TUPLE(2),
            FIELD(4),
            /** The end, or no data of this format. */
            NOTHING(0);

            private final int size;

            Next(int size) {
                this.size = size;
            }
        }

        private Next next = Next.EXTENSION;
        private int skip = SIGNATURE_AND_FLAGS;
        private int number;
        private int have;
        private int fields;
        private long rows;

        @Override
        void take(byte[] bytes, int offset, int length) {
            int end = offset + length;
            int i = offset;
            while (i < end && next != Next.NOTHING) {
                if (skip > 0) {
                    int count = Math.min(skip, end - i);
                    skip -= count;
                    i += count;
                } else {
                    number = number << Byte.SIZE | bytes[i++] & 0xff;
                    have++;
                    if (have < next.size) {
                        continue;
                    }
                    numberRead();
                }
                if (skip == 0 && next == Next.FIELD && fields == 0) {
                    rows++;
                    next = Next.TUPLE;
                }
            }
        }

        private void numberRead() {
            int value = next == Next.TUPLE ? (short) number : number;
            number = 0;
            have = 0;
            switch (next) {
                case EXTENSION -> {
                    skip = value;
                    next = value < 0 ? Next.NOTHING : Next.TUPLE;
                }
                case TUPLE -> {
                    fields = value;
                    next = value < 0 ? Next.NOTHING : Next.FIELD;
                }
                case FIELD -> {
                    // -1 is NULL.
                    skip = Math.max(value, 0);
                    fields--;
                    next = value < -1 ? Next.NOTHING : Next.FIELD;
                }
                case NOTHING -> {}
            }
        }

        @Override
        long rows() {
            return rows;
        }
    }
}
