package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.error.Diagnostics;
import dev.howdah.error.IntegrityException;

/** All that the server says about a statement it refused. */
public final class ErrorDiagnostics {

    private ErrorDiagnostics() {}

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        try (PgConnection db = Howdah.connect(args.length > 0 ? args[0] : "")) {
            db.execute("create temp table users (id int primary key, email text unique check (email like '%@%'))");
            try {
                db.execute("insert into users (id, email) values ($1, $2)", 1, "invalid-email");
            } catch (IntegrityException e) {
                Diagnostics diagnostics = e.diagnostics();
                System.out.println("Class: " + e.getClass().getSimpleName());
                System.out.println("Error: " + diagnostics.messagePrimary());
                System.out.println("Detail: " + diagnostics.messageDetail());
                System.out.println("Hint: " + diagnostics.messageHint());
                System.out.println("SQL State: " + diagnostics.sqlState().code());
                System.out.println("Table: " + diagnostics.tableName());
                System.out.println("Constraint: " + diagnostics.constraintName());
                System.out.println("Delivery: " + e.delivery());
            }
        }
    }
}
