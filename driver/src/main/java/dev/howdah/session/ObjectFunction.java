package dev.howdah.session;

import dev.howdah.message.IntList;

/**
 * The functions of the server that work on an open large object. They are called by their qualified names, so that no
 * search_path leads elsewhere.
 *
 * @see <a href="https://www.postgresql.org/docs/current/lo-funcs.html">Server-side functions</a>
 */
enum ObjectFunction {
    /** Reads so many bytes from where the descriptor stands. */
    READ("loread", ObjectFunction.INT4, ObjectFunction.INT4),
    /** Writes bytes where the descriptor stands. */
    WRITE("lowrite", ObjectFunction.INT4, ObjectFunction.BYTEA),
    /** Moves the descriptor, and says where it stands. */
    SEEK("lo_lseek64", ObjectFunction.INT4, ObjectFunction.INT8, ObjectFunction.INT4),
    /** Makes the object so many bytes long. */
    TRUNCATE("lo_truncate64", ObjectFunction.INT4, ObjectFunction.INT8),
    /** Closes the descriptor. */
    CLOSE("lo_close", ObjectFunction.INT4);

    static final int BYTEA = 17;
    static final int INT8 = 20;
    static final int INT4 = 23;

    private final String sql;
    private final IntList types;

    ObjectFunction(String name, int... types) {
        StringBuilder text =
                new StringBuilder("select pg_catalog.").append(name).append('(');
        for (int i = 1; i <= types.length; i++) {
            text.append(i == 1 ? "$" : ", $").append(i);
        }
        this.sql = text.append(')').toString();
        this.types = IntList.of(types);
    }

    /** Returns the statement that calls it. */
    String sql() {
        return sql;
    }

    /** Returns the OIDs of the types of its parameters. */
    IntList types() {
        return types;
    }

    /** Returns whether it yields a number of 64 bits; the others yield one of 32, but for what was read. */
    boolean isWide() {
        return this == SEEK;
    }
}
