package dev.howdah.testkit;

import org.jspecify.annotations.Nullable;

/**
 * A role that can log in.
 *
 * @param name the role's name
 * @param password its password, null when it logs in without one
 */
public record Role(String name, @Nullable String password) {

    /** The name only: passwords belong in no message. */
    @Override
    public String toString() {
        return name;
    }
}
