package dev.howdah.auth;

import dev.howdah.message.Bytes;
import java.util.ArrayList;
import java.util.List;

/** A GSSAPI context that makes tokens up: it is established after so many steps, and the last has no token. */
final class ScriptedGss implements GssContext {
    final List<String> heard = new ArrayList<>();
    boolean disposed;
    private final int steps;

    ScriptedGss(int steps) {
        this.steps = steps;
    }

    @Override
    public Bytes step(Bytes challenge) {
        heard.add(challenge.utf8());
        return isEstablished() ? Bytes.EMPTY : Bytes.utf8("gss token " + heard.size());
    }

    @Override
    public boolean isEstablished() {
        return heard.size() >= steps;
    }

    @Override
    public void dispose() {
        disposed = true;
    }
}
