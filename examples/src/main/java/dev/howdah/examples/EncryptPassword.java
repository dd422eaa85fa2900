package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.password.Passwords;
import dev.howdah.sql.Identifier;

/** A password in the form in which the server stores it, so that the password itself never reaches the server's log. */
public final class EncryptPassword {

    private EncryptPassword() {}

    /** Runs against the server of the connection string given, or of the environment; it may not create roles there. */
    public static void main(String[] args) {
        // Without a server.
        System.out.println(Passwords.encrypt("mypassword", "myuser", "md5"));
        System.out.println(beginning(Passwords.encrypt("mypassword", "myuser", "scram-sha-256")));

        // With the algorithm that the server uses for new passwords.
        try (PgConnection db = Howdah.connect(args.length > 0 ? args[0] : "")) {
            String verifier = db.encryptPassword("mypassword", "myuser");
            System.out.println("the server's choice: " + beginning(verifier));
            // A verifier has no quotes in it, so it can stand in the text of a statement, which takes no parameters.
            String sql = "alter role " + Identifier.of("myuser").quoted() + " password '" + verifier + "'";
            System.out.println("to be sent: " + sql.length() + " characters, the password not among them: "
                    + !sql.contains("mypassword"));
        }
    }

    private static String beginning(String verifier) {
        return verifier.substring(0, verifier.indexOf(':') + 1) + "...";
    }
}
