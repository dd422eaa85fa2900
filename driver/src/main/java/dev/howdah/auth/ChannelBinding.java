package dev.howdah.auth;

/** Whether the proof of the password is tied to the TLS connection it travels over, as libpq's channel_binding. */
public enum ChannelBinding {
    /** Never. */
    DISABLE,
    /** Where both sides can. */
    PREFER,
    /** Always: a server that accepts us without it is refused. */
    REQUIRE
}
