package dev.howdah.backup;

import dev.howdah.password.Secret;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a backup is told about its recovery, in {@code postgresql.auto.conf} and by a signal file. Immutable; its text masks the
 * values, which may hold a password.
 *
 * @see <a href="https://www.postgresql.org/docs/current/runtime-config-wal.html#RUNTIME-CONFIG-WAL-ARCHIVE-RECOVERY">Archive recovery</a>
 */
public final class RecoverySettings {

    private final boolean standby;
    private final Map<String, Secret> settings;

    private RecoverySettings(boolean standby, Map<String, Secret> settings) {
        this.standby = standby;
        this.settings = settings;
    }

    /**
     * Returns those of a standby, which follows its primary.
     *
     * @param conninfo how it connects to the primary, as libpq's text
     */
    public static RecoverySettings standby(String conninfo) {
        return new RecoverySettings(true, Map.of()).with("primary_conninfo", conninfo);
    }

    /**
     * Returns those of a server that recovers from an archive and then goes its own way.
     *
     * @param restoreCommand the shell command that gets a file: {@code %f} is its name, {@code %p} where it goes
     */
    public static RecoverySettings archive(String restoreCommand) {
        return new RecoverySettings(false, Map.of()).with("restore_command", restoreCommand);
    }

    /** Adds a setting, such as {@code recovery_target_time} or {@code primary_slot_name}. */
    public RecoverySettings with(String name, String value) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_.]*")) {
            throw new IllegalArgumentException("'" + name + "' is not the name of a setting");
        }
        Objects.requireNonNull(value, "value");
        if (value.chars().anyMatch(c -> c == '\n' || c == '\r' || c == 0)) {
            throw new IllegalArgumentException("the value of " + name + " has to be one line");
        }
        Map<String, Secret> all = new LinkedHashMap<>(settings);
        all.put(name, Secret.of(value));
        return new RecoverySettings(standby, all);
    }

    /** Returns the name of the file that tells the server what it is. */
    String signalFile() {
        return standby ? "standby.signal" : "recovery.signal";
    }

    /** Returns the lines for the file of settings. */
    String lines() {
        StringBuilder text = new StringBuilder();
        settings.forEach((name, value) -> text.append(name)
                .append(" = '")
                .append(value.reveal().replace("\\", "\\\\").replace("'", "''"))
                .append("'\n"));
        return text.toString();
    }

    /** {@return the names of the settings} */
    @Override
    public String toString() {
        List<String> names = new ArrayList<>(settings.keySet());
        return "RecoverySettings[" + (standby ? "standby" : "archive") + ", " + String.join(", ", names) + "]";
    }
}
