package dev.howdah.session;

import dev.howdah.error.ConversionException;
import dev.howdah.error.Delivery;
import dev.howdah.type.ParameterEncoder;
import dev.howdah.type.TextFormRequired;
import dev.howdah.wire.WireWriter;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Writes Bind messages with values straight from Java objects, through the encoders of the statement. The record {@link
 * dev.howdah.message.Bind} is the same message for those who have the bytes already.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-BIND">Bind</a>
 */
final class BindEncoder {

    /** The most parameters that a statement can have: the count is a 16-bit number. */
    static final int MAX_PARAMETERS = 65_535;

    private static final int TEXT = 0;
    private static final int BINARY = 1;

    private final WireWriter out;
    private final WireValueWriter values;
    /** The parameters whose values go as text though their types have a binary form; usually none. */
    private final BitSet texts = new BitSet();

    private int refusedParameter = -1;

    BindEncoder(WireWriter out) {
        this.out = out;
        this.values = new WireValueWriter(out);
    }

    /** Refuses more parameters than any statement can have, before anything is sent. */
    static void checkCount(int given) {
        if (given > MAX_PARAMETERS) {
            throw new IllegalArgumentException(
                    "a statement has at most " + MAX_PARAMETERS + " parameters, " + given + " were given");
        }
    }

    /** Refuses another count of values than a statement takes. */
    static void checkCount(int taken, int given) {
        if (given != taken) {
            throw new IllegalArgumentException("the statement takes " + taken + " parameter" + (taken == 1 ? "" : "s")
                    + ", " + given + (given == 1 ? " was" : " were") + " given");
        }
    }

    /**
     * Writes one Bind. The columns are asked for as {@code shape} has them, so whoever binds once decodes with just that: the
     * statement's own changes when types are registered. If a value cannot be encoded, nothing of the message stays behind.
     *
     * @throws IllegalArgumentException if the count of values is not what the statement takes
     * @throws ConversionException if a value cannot be sent as its parameter's type
     */
    void bind(String portal, ServerStatement statement, @Nullable RowShape shape, @Nullable Object[] parameters) {
        bind(portal, statement.name(), statement, shape, parameters);
    }

    /** Writes one Bind for another statement of the same parameters. */
    void bind(
            String portal,
            String name,
            ServerStatement statement,
            @Nullable RowShape shape,
            @Nullable Object[] parameters) {
        int count = statement.parameterCount();
        checkCount(count, parameters.length);
        int start = out.position();
        texts.clear();
        refusedParameter = -1;
        try {
            int text = write(portal, name, statement, shape, parameters);
            while (text >= 0) {
                texts.set(text);
                out.truncate(start);
                text = write(portal, name, statement, shape, parameters);
            }
        } catch (RuntimeException e) {
            out.truncate(start);
            throw e;
        }
    }

    /** Writes the message, or returns the index of a parameter that turned out to have no binary form; else -1. */
    private int write(
            String portal,
            String name,
            ServerStatement statement,
            @Nullable RowShape shape,
            @Nullable Object[] parameters) {
        out.begin('B').cstring(portal).cstring(name);
        ParameterEncoder[] encoders = statement.encoders();
        parameterFormats(encoders);
        out.int16(encoders.length);
        for (int i = 0; i < encoders.length; i++) {
            if (!value(encoders[i], i, parameters[i])) {
                return i;
            }
        }
        resultFormats(out, shape);
        out.end();
        return -1;
    }

    /** Writes a value; returns false if it has to go as text. */
    private boolean value(ParameterEncoder encoder, int index, @Nullable Object value) {
        if (value == null) {
            out.nullValue();
            return true;
        }
        int mark = out.beginValue();
        try {
            if (texts.get(index)) {
                encoder.text(value, values);
            } else {
                encoder.encode(value, values);
            }
        } catch (TextFormRequired e) {
            return false;
        } catch (RuntimeException e) {
            refusedParameter = index;
            throw refusal(index, value, e);
        }
        out.endValue(mark);
        return true;
    }

    /** Returns the index of the parameter whose value could not be encoded, or -1. */
    int refusedParameter() {
        return refusedParameter;
    }

    /** Returns what the caller is told of a value that could not be encoded; the value is not in it. */
    static ConversionException refusal(int index, Object value, RuntimeException reason) {
        String parameter = "Parameter $" + (index + 1) + ": ";
        return reason instanceof ConversionException e
                ? new ConversionException(parameter + e.getMessage(), Delivery.NOT_SENT, e.getCause())
                : new ConversionException(
                        parameter + "encoding " + value.getClass().getName() + " failed", Delivery.NOT_SENT, reason);
    }

    private void parameterFormats(ParameterEncoder[] encoders) {
        int count = encoders.length;
        int binaries = 0;
        for (int i = 0; i < count; i++) {
            if (binary(encoders, i)) {
                binaries++;
            }
        }
        if (binaries == 0) {
            out.int16(0);
        } else if (binaries == count) {
            out.int16(1).int16(BINARY);
        } else {
            out.int16(count);
            for (int i = 0; i < count; i++) {
                out.int16(binary(encoders, i) ? BINARY : TEXT);
            }
        }
    }

    private boolean binary(ParameterEncoder[] encoders, int index) {
        return encoders[index].binary() && !texts.get(index);
    }

    /** Writes the end of a Bind: in which format each column is to come. */
    static void resultFormats(WireWriter out, @Nullable RowShape shape) {
        int columns = shape == null ? 0 : shape.size();
        int binaries = 0;
        for (int i = 0; shape != null && i < columns; i++) {
            if (shape.binary(i)) {
                binaries++;
            }
        }
        if (shape == null || binaries == 0) {
            out.int16(0);
        } else if (binaries == columns) {
            out.int16(1).int16(BINARY);
        } else {
            out.int16(columns);
            for (int i = 0; i < columns; i++) {
                out.int16(shape.binary(i) ? BINARY : TEXT);
            }
        }
    }
}
