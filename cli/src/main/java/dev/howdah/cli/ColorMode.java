package dev.howdah.cli;

/** When to use colours. The names are what the user types. */
public enum ColorMode {
    /** On a terminal, unless the environment variable {@code NO_COLOR} is set to something, or the terminal is dumb. */
    auto,
    /** Always. */
    always,
    /** Never. */
    never;

    Style style(Surroundings around, boolean terminal) {
        return switch (this) {
            case always -> Style.COLOURS;
            case never -> Style.PLAIN;
            case auto -> {
                boolean refused =
                        !around.environment().getOrDefault("NO_COLOR", "").isEmpty()
                                || around.environment().getOrDefault("TERM", "").equals("dumb");
                yield terminal && !refused ? Style.COLOURS : Style.PLAIN;
            }
        };
    }
}
