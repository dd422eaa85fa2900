package dev.howdah.cli;

import dev.howdah.Column;
import dev.howdah.Row;
import dev.howdah.type.TypeRegistry;
import java.util.List;

/** How the rows of one result are written to standard output. */
interface Answer {

    /** Begins a result with rows. */
    void begin(List<Column> columns, TypeRegistry types);

    /** The next row of it. */
    void row(Row row);

    /** The rows are all there. */
    void end();

    /** A statement that gives no rows was done. */
    void done(String commandTag);
}
